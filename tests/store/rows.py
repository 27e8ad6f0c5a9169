"""Small canonical tables for tests of the store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from xinrong.store.schema import CANONICAL
from xinrong.store.services import Committed, commit_batch, open_batch, writer

NOW = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def row(subject: int, key: int, content: int, **more: Any) -> dict[str, Any]:
    """One canonical row whose content is told apart by `content`."""
    return {
        "subject": subject,
        "category": "tax",
        "key": key,
        "digest": content,
        "event_date": date(2026, 1, 1 + content % 28),
        "polarity": 0,
        "amount": content * 100,
        **more,
    }


def table(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Rows as the store wants them; `row_no` counts from 1."""
    full = [
        {**dict.fromkeys(CANONICAL.names), "row_no": number, **given}
        for number, given in enumerate(rows, start=1)
    ]
    return pa.Table.from_pylist(full, schema=CANONICAL)


def put(*rows: dict[str, Any], feed: str = "feed", category: str = "tax") -> Committed:
    """Commit one batch of these rows."""
    batch = open_batch(
        feed=feed,
        category=category,
        department="tax",
        source_name="rows.csv",
        source_digest="0" * 64,
        received_at=NOW,
    )
    with writer(batch) as out:
        out.add(table(rows))
        return commit_batch(out, NOW)
