"""What proof is told by others: it asks no register itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RegisterFacts:
    """What the register says of an enterprise at this moment.

    `legal_representative` is None where the register does not name one; it is compared, never
    kept: only a salted digest is. `invented`: this deployment serves an invented city.
    """

    code: str  # of the enterprise that answers for the code
    name: str
    registered: bool  # in the register, not only named by other sources
    cancelled: bool
    legal_representative: str | None
    invented: bool = False
