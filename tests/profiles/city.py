"""A small invented city in the store: subjects, enterprises, all categories' records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import transaction

from xinrong.catalogue.region import load_region
from xinrong.domain.uscc import check_digit
from xinrong.store import services as store
from xinrong.store.services import identity_seq
from xinrong.subjects.models import Enterprise, IdentityLink, Subject
from xinrong.synth import canonical

UNTIL = date(2026, 10, 31)
NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 1)


def code(number: int) -> str:
    """A lawful code, another one for each number."""
    first = f"91331002XR{number:07d}"
    return first + check_digit(first)


def make_enterprises(numbers: Iterable[int]) -> None:
    """Subject n is enterprise n."""
    numbers = list(numbers)
    with transaction.atomic():
        seq = identity_seq(NOW, "test")
        Subject.objects.bulk_create(
            Subject(pk=n, key=f"code:{code(n)}", code=code(n), name=f"企业{n}") for n in numbers
        )
        Enterprise.objects.bulk_create(
            Enterprise(pk=n, code=code(n), name=f"企业{n}", folded_name=f"企业{n}") for n in numbers
        )
        IdentityLink.objects.bulk_create(
            IdentityLink(subject_id=n, enterprise_id=n, from_seq=seq, reason="code")
            for n in numbers
        )


def put(table: pa.Table, at: datetime = NOW) -> store.Committed:
    """Commit rows of one category as a batch of its first feed."""
    category = table["category"][0].as_py()
    feeds = load_region(settings.REGION).feeds.values()
    feed = next(feed for feed in feeds if feed.category == category)
    batch = store.open_batch(
        feed=feed.feed,
        category=category,
        department=feed.department,
        source_name="",
        source_digest="",
        received_at=at,
    )
    with store.writer(batch) as out:
        out.add(table)
        return store.commit_batch(out, at)


@cache
def _whole() -> tuple[pa.Table, ...]:
    """A city of a thousand enterprises, made once in a process."""
    return tuple(table for table in canonical(7, 1_000) if len(table))


@cache
def city_rows(enterprises: int = 40, after: int = 0) -> dict[str, pa.Table]:
    """Category → the records of so many enterprises, numbered from 1.

    `after`: of those that come after so many others, other records of the same enterprises.
    """
    found: dict[str, list[pa.Table]] = {}
    for whole in _whole():
        number = pc.subtract(whole["subject"], after)
        chosen = pc.and_(pc.greater(number, 0), pc.less_equal(number, enterprises))
        table = whole.set_column(0, whole.schema.field(0), number).filter(chosen)
        if len(table):
            found.setdefault(table["category"][0].as_py(), []).append(table)
    return {name: pa.concat_tables(tables) for name, tables in found.items()}


def fill(rows: dict[str, pa.Table]) -> None:
    """Commit every category; feeds that share a category send nothing, but once."""
    for table in rows.values():
        put(table)


def rows_of(category: str, *rows: dict[str, Any]) -> pa.Table:
    """A few records of one category, complete."""
    from xinrong.store.schema import CANONICAL

    full = [
        {
            **dict.fromkeys(CANONICAL.names),
            "category": category,
            "polarity": 0,
            "key": number,
            "digest": number,
            "row_no": number,
            **given,
        }
        for number, given in enumerate(rows, start=1)
    ]
    return pa.Table.from_pylist(full, schema=CANONICAL)
