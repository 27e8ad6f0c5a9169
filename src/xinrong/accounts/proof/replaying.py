"""What a restore replays: a refused claim stays refused, rivals stay frozen.

What two operators decided since the backup is not replayed, since it may have been a grant: they
decide again.
"""

from __future__ import annotations

from datetime import datetime

from xinrong.accounts.proof.enums import OPEN, State
from xinrong.accounts.proof.models import Claim, Dispute
from xinrong.store import services as store

RIVALS_FROZEN = "representation_disputed"
CLAIM_REFUSED = "representation_claim_refused"


def refuse(claim: Claim, now: datetime) -> None:
    """Write down that a claim is refused, before it is; by its number and its enterprise's code."""
    store.record(CLAIM_REFUSED, {"claim": claim.pk, "enterprise": claim.code}, now)


@store.replayer(CLAIM_REFUSED)
def refuse_again(entry: store.Entry) -> store.Outcome:
    """A claim refused since the backup is refused in the restored store, at its own moment."""
    found = Claim.objects.filter(pk=entry.payload["claim"], code=entry.payload["enterprise"])
    still = found.filter(state__in=[*OPEN, State.PROVEN])
    if still.update(state=State.REFUSED, moved_at=entry.at, code_digest=""):
        return store.Outcome.APPLIED
    return store.Outcome.PRESENT if found.exists() else store.Outcome.ABSENT


def freeze(code: str, now: datetime) -> None:
    """Write down that there are rivals for an enterprise, before they are frozen."""
    store.record(RIVALS_FROZEN, {"enterprise": code}, now)


@store.replayer(RIVALS_FROZEN)
def freeze_again(entry: store.Entry) -> store.Outcome:
    """Rivals since the backup are frozen in the restored store until operators decide."""
    code = entry.payload["enterprise"]
    if Dispute.objects.filter(code=code, opened_at__gte=entry.at).exists():
        return store.Outcome.PRESENT
    Dispute.objects.get_or_create(code=code, decided_at=None, defaults={"opened_at": entry.at})
    claims = Claim.objects.filter(code=code, state__in=[*OPEN, State.PROVEN])
    claims.update(state=State.FROZEN, code_digest="", code_until=None)
    return store.Outcome.APPLIED
