"""Shapes that several resources share."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema
from pydantic import ConfigDict, Field

from xinrong.trust.services import Release


class Strict(Schema):
    """An answer has these keys and no others."""

    model_config = ConfigDict(extra="forbid")


class TextOut(Strict):
    """Words in both languages."""

    zh: str
    en: str


class Withheld(Strict):
    """A category that the caller may not see, and why."""

    category: str
    reason: str = Field(description="no_consent, never_shared, role or purpose")


class Proof(Strict):
    """What proves a release: it is in the audit log, and the enterprise can see that it is."""

    audit_id: int
    seq: int = Field(description="State of the store that was read.")
    at: datetime
    digest: str = Field(description="SHA-256 of the canonical JSON of `content`.")
    head: str = Field(description="Last sealed head of the audit chain; empty until it is sealed.")
    withheld: list[Withheld]


def proof_of(release: Release) -> dict[str, object]:
    """The proof of a release, ready to stand beside its content."""
    return {
        "audit_id": release.audit_id,
        "seq": release.seq,
        "at": release.at,
        "digest": release.digest,
        "head": release.head,
        "withheld": [
            {"category": permit.category, "reason": permit.reason} for permit in release.withheld
        ],
    }


#: No name, code or filter has control characters.
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
