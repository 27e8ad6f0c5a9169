"""Whom the market tells of what happens to an application, beside what every case tells."""

from __future__ import annotations

from datetime import datetime

from xinrong.accounts.services import Organisation
from xinrong.market.applying.models import Application, Payment, Proposal
from xinrong.notices.services import Recipient, notify, people_in


def path_of(number: str) -> str:
    """The page of an application."""
    return f"/applications/{number}"


def tell_differences(application: Application, payment: Payment, *, now: datetime) -> None:
    """A loan was not made as promised: the enterprise, the lender and the operator are told."""
    if not payment.differences:
        return
    people = [
        *representatives(application),
        *people_in(("loan_officer",), [application.organisation_id]),
        *people_in(("operator",), None),
    ]
    notify(
        "disbursement_differs", people, path=path_of(application.number),
        key=f"payment:{payment.pk}", at=now, reference=application.number,
    )  # fmt: skip


def tell_proposal(proposal: Proposal, *, now: datetime) -> None:
    """Another lender is proposed; where there is none, the operator looks for a way."""
    application = proposal.application
    kind = "lender_proposed" if proposal.product else "lender_wanted"
    people = representatives(application)
    if not proposal.product:
        people += people_in(("operator",), None)
    notify(
        kind, people, path=path_of(application.number), key=f"proposal:{proposal.pk}", at=now,
        reference=application.number,
    )  # fmt: skip


def representatives(application: Application) -> list[Recipient]:
    """The people of the enterprise."""
    codes = Organisation.objects.filter(
        kind="enterprise", reference=application.enterprise.code, closed_at=None
    )
    return people_in(("representative",), list(codes.values_list("pk", flat=True)))
