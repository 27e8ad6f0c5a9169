"""How an audit row is spelled before it is digested: canonical JSON of all its columns.

The order of keys, the spelling of moments and of JSON columns are fixed here for good: a digest
that was sealed years ago has to come out the same. When the row gets a column, a new FORMAT is
added, with the columns of the one before in front; blocks remember which one they were sealed in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

#: Format -> the columns of an audit row that it covers, by their names in the database.
FORMATS: dict[int, tuple[str, ...]] = {
    1: (
        "id",
        "at",
        "person_id",
        "organisation_id",
        "api_key",
        "role",
        "service",
        "purpose",
        "stage",
        "product",
        "enterprises",
        "released",
        "withheld",
        "consents",
        "seq",
        "digest",
        "outcome",
        "reason",
        "support_id",
        "bundle",
    ),
}
FORMATS[2] = (*FORMATS[1], "parameters")
#: What new blocks are sealed in: a test holds it to cover every column.
NEWEST = max(FORMATS)


def spell(values: Sequence[Any], form: int = NEWEST) -> bytes:
    """The canonical JSON of a row, given its values in the order of the format's columns."""
    row = dict(zip(FORMATS[form], values, strict=True))
    row["at"] = moment(row["at"])
    return _encode(row).encode()


def spell_sealed(values: Sequence[Any], form: int) -> bytes:
    """A row as it was sealed in a format, given the values of the columns of the NEWEST.

    Columns that came later are empty in it. When somebody has written into them the row is spelled
    with them, so that it no longer fits the digest it was sealed with.
    """
    own = len(FORMATS[form])
    if any(value is not None for value in values[own:]):
        return spell(values)
    return spell(values[:own], form)


def moment(at: datetime) -> str:
    """A moment in UTC to the microsecond, as both databases keep it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def row_digest(spelled: bytes) -> str:
    """SHA-256 of a spelled row, in hexadecimal."""
    return sha256(spelled).hexdigest()


_encode = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
).encode
