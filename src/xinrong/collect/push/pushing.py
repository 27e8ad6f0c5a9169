"""Taking records in as they are sent: one batch a push, once however often it is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from django.db import Error as DatabaseError

from xinrong.catalogue.region import Region
from xinrong.collect.errors import PushRefused
from xinrong.collect.feeds import find_feed, region_of
from xinrong.collect.models import Receipt
from xinrong.collect.push.claims import claim, let_go, settle
from xinrong.collect.push.held import Held, HeldIntake, NotACell, Scalar, columns_of, hold
from xinrong.domain.clock import Clock
from xinrong.domain.errors import Place

#: The most records of one push, and the most headings that all of them may have together.
MOST_RECORDS = 10_000
MOST_HEADINGS = 500
LONGEST_KEY = 128

Record = Mapping[str, Scalar]


def push(
    feed: str,
    records: Sequence[Record],
    *,
    key: str,
    by: str,
    clock: Clock,
    region: Region | str | None = None,
) -> Receipt:
    """Take 1 to 10,000 records of a feed in as one batch and return its receipt.

    A record maps the feed's own column headings to values. `key` names this push among those of
    its department and feed: the same key and records again give the first receipt (its `repeated`
    is true) and write nothing. `by` says who sent it. Raises UnknownFeed, PushRefused, KeyReused,
    PushRunning, and FileError when a column is missing.
    """
    pack = region_of(region)
    found = find_feed(pack, feed)
    _check_key(key)
    held = held_records(records)
    now = clock.now()
    digest = digest_of(records)
    mine = claim(found.department, found.feed, key, digest, by, now)
    if mine.batch is not None:
        return _first(mine.batch)
    intake = HeldIntake(
        f"push {key}",
        held,
        found,
        pack.contract_of(found),
        region=pack.info.region,
        received_at=now,
        also=lambda receipt: settle(mine, receipt),
    )
    try:
        return intake.take(digest, None)
    except BaseException:
        with suppress(DatabaseError):  # then the claim ends with its time
            let_go(mine)
        raise


def _first(batch: int) -> Receipt:
    receipt = Receipt.objects.get(batch=batch)
    receipt.repeated = True
    return receipt


def digest_of(records: Sequence[Record]) -> str:
    """SHA-256 of the records as JSON: their own order counts, that of their keys does not."""
    encoded = json.dumps(records, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(encoded.encode()).hexdigest()


def held_records(records: Sequence[Record]) -> Held:
    """Records as rows, numbered from 1 as they were sent. Raises PushRefused."""
    if not 1 <= len(records) <= MOST_RECORDS:
        raise PushRefused(
            f"{len(records):,} records were sent",
            remedy=f"Send 1 to {MOST_RECORDS:,} in one push; split more into several.",
            code="records_too_many" if records else "records_none",
        )
    for number, record in enumerate(records, 1):
        if not isinstance(record, Mapping):
            raise PushRefused(
                "this is not a record",
                place=Place(row=number),
                remedy="A record is an object of column headings and values.",
            )
    columns = columns_of(records)
    _check_headings(columns)
    try:
        return hold(tuple(columns), list(columns.values()))
    except NotACell as error:
        raise PushRefused(
            "a value is neither text, number, true, false nor null",
            place=Place(row=error.row, field=error.heading),
            remedy="Send each value by itself under its own heading.",
        ) from error


def _check_headings(columns: Collection[object]) -> None:
    if len(columns) > MOST_HEADINGS:
        raise PushRefused(
            f"the records have {len(columns)} headings",
            remedy="Send the columns that the feed names; a value is no heading.",
        )
    for heading in columns:
        if not isinstance(heading, str) or not heading.strip() or not heading.isprintable():
            raise PushRefused(
                "a heading is empty or has signs that cannot be printed",
                remedy="Use the feed's own column headings as keys.",
            )


def _check_key(key: str) -> None:
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise PushRefused(
            "the idempotency key cannot be used",
            place=Place(field="Idempotency-Key"),
            remedy=f"Send 1 to {LONGEST_KEY} printable ASCII characters, a new UUID for example.",
            code="idempotency_key_unusable",
        )
