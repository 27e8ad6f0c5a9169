"""An organisation asks; it may take the question back; nobody waits for an answer for ever."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from xinrong.domain.clock import day_in_china
from xinrong.domain.process import NEW
from xinrong.trust.consenting.fair_use import Wanted, check_fair_use
from xinrong.trust.consenting.receipts import new_number, write_receipt
from xinrong.trust.consenting.states import ASKED, CLOCKWORK, LAPSED, Party, move
from xinrong.trust.errors import ConsentRefused
from xinrong.trust.models import ConsentRequest

#: Open requests of one organisation to one enterprise; more are no questions but pressure.
OPEN_AT_ONCE = 3


def ask(
    grantor: int,
    by: Party,
    wanted: Wanted,
    *,
    now: datetime,
    message: str = "",
    data_to: date | None = None,
    loan_reference: str = "",
    wished: bool = False,
) -> ConsentRequest:
    """Ask an enterprise (its id) for the organisation of `by`.

    `loan_reference` names a live loan: then the consent serves that loan after it was paid out,
    and nothing else. `wished`: the enterprise itself wants to be asked, in the step in which it
    answers, so that it is no pressure however many others wait. Raises ConsentRefused
    (over_asked with its clause), MoveRefused for a role that does not ask.
    """
    if by.organisation is None:
        raise ConsentRefused("an organisation asks, nobody else does", code="request_unknown")
    template = check_fair_use(wanted, today=day_in_china(now))
    loan_reference = " ".join(loan_reference.split())[:64]
    if loan_reference and (wanted.stages != ("post_loan",) or wanted.one_time):
        raise ConsentRefused(
            "a consent for a live loan is for the time after the loan, and periodic",
            remedy="Ask for the stage post_loan only.",
            code="loan_stage",
        )
    if data_to is not None and not wanted.data_from <= data_to:
        raise ConsentRefused("the period of data ends before it begins", code="data_period")
    with transaction.atomic():
        mine = ConsentRequest.objects.filter(grantor=grantor, grantee=by.organisation, state=ASKED)
        if not wished and mine.count() >= OPEN_AT_ONCE:
            raise ConsentRefused(
                f"{OPEN_AT_ONCE} requests to this enterprise wait for its answer already",
                remedy="Withdraw one of them, or wait.",
                code="requests_open",
            )
        request = ConsentRequest(
            number=new_number(),
            grantor_id=grantor,
            grantee_id=by.organisation,
            asked_by_id=by.person,
            purpose=wanted.purpose,
            stages=list(wanted.stages),
            template=template.template,
            template_version=template.version,
            levels=dict(wanted.levels),
            data_from=wanted.data_from,
            data_to=data_to,
            days=wanted.days,
            one_time=wanted.one_time,
            keep_days=wanted.keep_days,
            message=" ".join(message.split())[:500],
            loan_reference=loan_reference,
            state=NEW,
            asked_at=now,
            answer_by=now + timedelta(days=template.answer_days),
        )
        move(request, "ask", by, at=now, guards={"fair_use": lambda: ""})  # checked above
        write_receipt(request, "request", at=now, asked=asked_of(request))
    return request


def asked_of(request: ConsentRequest) -> dict[str, object]:
    """What a request asks for, as it stands in its receipt."""
    return {
        "purpose": request.purpose,
        "stages": request.stages,
        "categories": request.levels,
        "data_from": request.data_from.isoformat(),
        "data_to": request.data_to.isoformat() if request.data_to else None,
        "days": request.days,
        "one_time": request.one_time,
        "keep_days": request.keep_days,
        "template": {"id": request.template, "version": request.template_version},
        "loan_reference": request.loan_reference or None,
        "message": request.message,
    }


def withdraw(number: str, by: Party, *, now: datetime) -> ConsentRequest:
    """Whoever asked takes the question back."""
    with transaction.atomic():
        request = lock_request(number, grantee=by.organisation)
        move(request, "withdraw", by, at=now)
        write_receipt(request, "withdrawal", at=now)
    return request


def lapse(request: ConsentRequest, *, now: datetime) -> None:
    """Nobody answered in time; the caller's transaction holds the request's row."""
    waits = "" if request.answer_by <= now else "the enterprise has time to answer still"
    move(request, "lapse", CLOCKWORK, at=now, guards={"unanswered": lambda: waits})
    write_receipt(request, LAPSED, at=now)


def lock_request(
    number: str, *, grantor: int | None = None, grantee: int | None = None
) -> ConsentRequest:
    """A side's own request, held until the transaction ends.

    Raises ConsentRefused for somebody else's, with the same words as for none.
    """
    rows = ConsentRequest.objects.select_for_update(of=("self",))
    rows = rows.select_related("grantor", "grantee").filter(number=number)
    side = {"grantee": grantee} if grantor is None else {"grantor": grantor}
    found = rows.filter(**side).first()
    if found is None:
        raise ConsentRefused("there is no such request for you", code="request_unknown")
    return found
