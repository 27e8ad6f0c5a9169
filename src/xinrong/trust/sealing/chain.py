"""How blocks hang together: the head of a block, and the chain's beginning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xinrong.domain.canonical import digest_of
from xinrong.trust.audit.spelling import moment

#: What the first block names as the head before it.
BEGINNING = "0" * 64


def block_body(
    number: int,
    previous: str,
    at: datetime,
    form: int,
    total: int,
    rows: Sequence[tuple[int, str]],
) -> dict[str, object]:
    """A block as it is digested: `rows` are (row id, row digest) in their order."""
    return {
        "number": number,
        "previous": previous,
        "at": moment(at),
        "format": form,
        "total": total,
        "rows": [list(row) for row in rows],
    }


def head_of(body: dict[str, object]) -> str:
    """SHA-256 of the block's canonical JSON, in hexadecimal: the next block names it."""
    return digest_of(body)
