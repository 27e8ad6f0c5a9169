"""What a query released, handed once more to whoever asked it: the same content, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from hashlib import sha256

from django.utils import timezone

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.trust import gate
from xinrong.trust.guarded import check_standing, given
from xinrong.trust.models import AuditRow, Outcome
from xinrong.trust.rules import Question
from xinrong.trust.sealing.head import head
from xinrong.trust.trail.reading import TrailError
from xinrong.trust.trail.reproducing import permits_then
from xinrong.trust.types import Product, Purpose, Release, Service, Stage, Standing


def reread(who: Viewer, number: int, make: Callable[[date], Product]) -> Release:
    """The release of an audit row, read again at its state of the store under its permits.

    For an answer that got lost on the way: nothing leaves that did not leave before, so no row is
    added; `make` gives the product of the day. Raises Denied when the viewer no longer acts so or
    a consent that it rests on has ended, TrailError for a query that somebody else asked, that
    released nothing, or that no longer reads word for word the same (erased since, for example).
    """
    row = AuditRow.objects.filter(
        pk=number,
        outcome=Outcome.RELEASED,
        organisation=who.organisation_id,
        person=who.person_id,
        api_key=who.key_id,
        role=who.role,
    ).first()
    if row is None or row.seq is None:
        raise TrailError(f"query {number} released nothing to you", code="nothing_released")
    now = timezone.now()
    check_standing(Standing(who, frozenset(row.consents), now))
    region = gate.region_now()
    question = Question(
        who,
        tuple(row.enterprises),
        row.product,
        Service(row.service),
        Purpose(row.purpose),
        Stage(row.stage) if row.stage else None,
    )
    permits = permits_then(row, region)
    product = make(day_of(row))
    content, spelled, seq = gate.read(question, product, permits, region, row.seq)
    if sha256(spelled).hexdigest() != row.digest:
        raise TrailError(
            f"query {number} no longer reads as it was released",
            remedy="Ask anew.",
            code="content_changed",
        )
    return given(
        Release(
            content=content,
            audit_id=row.pk,
            seq=seq,
            at=now,
            digest=row.digest,
            head=head(),
            withheld=permits.withheld(),
            spelled=spelled,
            who=who,
            consents=frozenset(row.consents),
        )
    )


def day_of(row: AuditRow) -> date:
    """The day for which the content was made: rows keep it, older ones the moment only."""
    kept = getattr(row, "parameters", None) or {}
    return date.fromisoformat(kept["day"]) if "day" in kept else day_in_china(row.at)
