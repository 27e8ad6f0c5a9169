"""What the process of an application asks of a case, and says of it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Sum

from xinrong.accounts.services import Organisation
from xinrong.domain.process import register
from xinrong.domain.text import Text
from xinrong.market.applying import table_words as words
from xinrong.market.applying.letting_look import may_look
from xinrong.market.applying.models import (
    Application,
    Choice,
    Loan,
    LoanReview,
    Offer,
    Payment,
    PaymentKind,
    Refusal,
)
from xinrong.market.applying.table import APPLICATION
from xinrong.market.products.packs import has_products, load_products
from xinrong.trust.services import Stage, looked_since
from xinrong.work.services import Case, CaseMove, Handling, handle

_FORM = "Do it with the form of the application, which asks for what belongs to it."


def consented(case: Case, now: datetime) -> str:
    """The enterprise lets this lender look."""
    office = Organisation.objects.get(pk=case.data["office"])
    assert case.enterprise_id is not None  # every application is of an enterprise
    if may_look(case.enterprise_id, office, now):
        return ""
    return "the enterprise has not let this lender look"


def looked_before(case: Case, _now: datetime) -> str:
    """The lender was shown something at the stage before the loan, since it was asked."""
    return _looked(case, Stage.PRE_LOAN)


def looked_to_approve(case: Case, _now: datetime) -> str:
    """The lender was shown something at the stage of approval, since it was asked."""
    return _looked(case, Stage.APPROVAL)


def looked_after(case: Case, _now: datetime) -> str:
    """The lender was shown something after the loan, since the last review of it."""
    last = LoanReview.objects.filter(loan__application__number=case.number).order_by("-at")
    since = last.values_list("at", flat=True)[1:2].first()  # the newest is being written
    return _looked(case, Stage.POST_LOAN, since)


def _looked(case: Case, stage: Stage, since: datetime | None = None) -> str:
    own = Application.objects.filter(number=case.number).first()
    if own is None:
        return _FORM
    if looked_since(own.enterprise_id, own.institution_id, stage, since or own.submitted_at):
        return ""
    return (
        f"no query of this enterprise by your institution at the stage {stage.value} is logged "
        "since it applied: open its file at that stage first"
    )


def offer_written(case: Case, _now: datetime) -> str:
    """The offer is there."""
    rows = Offer.objects.filter(application__number=case.number)
    return "" if rows.exists() else _FORM


def reasoned(case: Case, now: datetime) -> str:
    """The reasons were written with this very move."""
    rows = Refusal.objects.filter(application__number=case.number)
    written = rows.filter(at=now) | rows.filter(upheld_at=now)
    return "" if written.exists() else _FORM


def asked_more_once(case: Case, _now: datetime) -> str:
    """More is asked for once: a lender says at once all that it lacks."""
    asked = CaseMove.objects.filter(case=case, event="ask_more").exists()
    return "more was asked for before" if asked else ""


def day_set(case: Case, now: datetime) -> str:
    """The end of the time to answer is ahead."""
    at = case.moments.get("answer_by")
    return "" if at and datetime.fromisoformat(at) > now else _FORM


def first_choice(case: Case, _now: datetime) -> str:
    """The choice that stands for the need is this one."""
    rows = Choice.objects.filter(application__number=case.number, released_at=None)
    return "" if rows.exists() else _FORM


def contract_written(case: Case, _now: datetime) -> str:
    """The contract is there."""
    return "" if Loan.objects.filter(application__number=case.number).exists() else _FORM


def paid_out(case: Case, now: datetime) -> str:
    """A disbursement was written with this very move."""
    return _written(case, now, PaymentKind.DISBURSEMENT)


def paid_back(case: Case, now: datetime) -> str:
    """A repayment was written with this very move."""
    return _written(case, now, PaymentKind.REPAYMENT)


def corrected_right(case: Case, now: datetime) -> str:
    """A correction was written with this very move, and says why."""
    rows = Payment.objects.filter(loan__application__number=case.number, at=now)
    return "" if rows.exclude(why="").exists() else _FORM


def _written(case: Case, now: datetime, kind: PaymentKind) -> str:
    rows = Payment.objects.filter(loan__application__number=case.number, at=now, kind=kind)
    return "" if rows.exists() else _FORM


def review_written(case: Case, now: datetime) -> str:
    """A review was written with this very move."""
    rows = LoanReview.objects.filter(loan__application__number=case.number, at=now)
    return "" if rows.exists() else _FORM


def all_repaid(case: Case, _now: datetime) -> str:
    """Nothing of the principal is owed."""
    rows = Payment.objects.filter(loan__application__number=case.number, replaced_at=None)
    lent, back = (
        rows.filter(kind=kind).aggregate(sum=Sum("principal"))["sum"] or 0
        for kind in (PaymentKind.DISBURSEMENT, PaymentKind.REPAYMENT)
    )
    return "" if lent <= back else f"{(lent - back) / 100:,.2f} yuan of the principal are owed"


def second_person(case: Case, now: datetime) -> str:
    """Whoever decides on the appeal is not who refused."""
    last = Refusal.objects.filter(application__number=case.number).order_by("-pk").first()
    if last is None or last.reviewed_by_id is None or now not in (
        last.upheld_at, last.overturned_at
    ):  # fmt: skip
        return _FORM
    if last.reviewed_by_id == last.by_id:
        return "whoever refused does not decide on the appeal: a colleague does"
    return ""


def appealed_once(case: Case, now: datetime) -> str:
    """It was not appealed before, and the product was not applied for again meanwhile."""
    last = Refusal.objects.filter(application__number=case.number).order_by("-pk").first()
    if last is None or last.appealed_at != now:
        return _FORM
    again = Refusal.objects.filter(application__number=case.number, appealed_at__lt=now)
    return "a refusal is appealed once" if again.exists() else ""


def subject(case: Case) -> Text:
    """Which product of which lender."""
    region = settings.REGION
    if not has_products(region):
        return Text(zh=case.data.get("product", ""), en=case.data.get("product", ""))
    entry = load_products(region).products.get(case.data.get("product", ""))
    if entry is None:
        return Text(zh=case.data.get("product", ""), en=case.data.get("product", ""))
    return entry.product.title


HANDLING = handle(
    Handling(
        register(APPLICATION),
        guards={
            "consented": consented,
            "looked_before": looked_before,
            "looked_to_approve": looked_to_approve,
            "looked_after": looked_after,
            "offer_written": offer_written,
            "reasoned": reasoned,
            "asked_more_once": asked_more_once,
            "day_set": day_set,
            "first_choice": first_choice,
            "contract_written": contract_written,
            "paid_out": paid_out,
            "paid_back": paid_back,
            "corrected_right": corrected_right,
            "review_written": review_written,
            "all_repaid": all_repaid,
            "second_person": second_person,
            "appealed_once": appealed_once,
        },
        asks=words.ASKS,
        previews=words.PREVIEWS,
        subject=subject,
    )
)
