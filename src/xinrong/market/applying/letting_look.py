"""The consent to one lender that an enterprise gives in the step in which it applies.

The lender asks by having published the product; the enterprise reads what it may see and for how
long, and grants all or less (`trust.consenting`). Whoever signs with a passkey signs on the page
of the request, then submits.
"""

from __future__ import annotations

from datetime import datetime

from xinrong.accounts.services import Organisation, Person, Viewer, mfa
from xinrong.domain.clock import day_in_china
from xinrong.domain.text import Text
from xinrong.market.errors import MarketRefused
from xinrong.market.needs.refusals import refused
from xinrong.trust.services import Purpose, Stage, active_consents, consenting

TEMPLATE = "credit"
#: What a lender needs to decide: one consent serves both.
STAGES = (Stage.PRE_LOAN, Stage.APPROVAL)
_MESSAGE = "贷款申请：{}"
_LOAN = "贷后管理：{}"


def may_look(enterprise: int, office: Organisation, now: datetime) -> bool:
    """Whether consents in force let an office query for both stages."""
    grantees = [one for one in (office.pk, office.parent_id) if one is not None]
    return all(
        active_consents([enterprise], grantees, Purpose.CREDIT, stage, now) for stage in STAGES
    )


def wanted(now: datetime, stages: tuple[Stage, ...] = STAGES) -> consenting.Wanted:
    """All that the template of lending allows at these stages, for as long as it allows."""
    template = consenting.template_of(TEMPLATE)
    uses = [use for stage in stages if (use := template.stage(stage.value)) is not None]
    names = tuple(stage.value for stage in stages)
    return consenting.Wanted(
        template=TEMPLATE,
        purpose=Purpose.CREDIT.value,
        stages=names,
        levels=dict(template.levels_at(names)),
        days=min(use.longest_days for use in uses),
        keep_days=min(use.longest_keep_days for use in uses),
        one_time=False,
        data_from=consenting.years_before(day_in_china(now), min(use.data_years for use in uses)),
    )


def request_for_look(
    enterprise: int, office: Organisation, product: str, *, now: datetime
) -> consenting.ConsentRequest:
    """The open request of an office for what it needs, made where there is none yet."""
    names = [stage.value for stage in STAGES]
    rows = consenting.open_requests(enterprise, now=now).filter(
        grantee=office.pk, template=TEMPLATE, loan_reference=""
    )
    for row in rows:
        if row.stages == names:
            return row
    lender = consenting.Party("loan_officer", office.pk, name=office.name)
    return consenting.ask(
        enterprise,
        lender,
        wanted(now),
        now=now,
        message=_MESSAGE.format(product)[:500],
        wished=True,
    )


def let_look(
    who: Viewer,
    enterprise: int,
    office: Organisation,
    product: str,
    answer: consenting.Answer | None,
    *,
    now: datetime,
) -> str:
    """Grant the consent unless one stands; the number of its request, "" where one stood.

    Raises MarketRefused (consent_needed: nothing was ticked), ConsentRefused (passkey_needed and
    what `consenting.grant` raises).
    """
    if may_look(enterprise, office, now):
        return ""
    if answer is None:
        raise consent_needed()
    request = request_for_look(enterprise, office, product, now=now)
    by = consenting.Party.of(who, _name(who))
    consenting.grant(request.number, enterprise, by, answer, now=now)
    if not may_look(enterprise, office, now):
        raise consent_needed()
    return request.number


def signs(who: Viewer) -> bool:
    """Whether the viewer signs consents with a passkey, on the page of the request."""
    template = consenting.template_of(TEMPLATE)
    return template.signature == "passkey" or mfa.can_sign(who.person_id)


def consent_needed() -> MarketRefused:
    """A lender that may not look can judge nothing."""
    return refused(
        "consent_needed",
        Text(
            zh="提交之前，请授权这一家机构在贷前和审批环节查询",
            en="Before you submit, let this one lender query your file before the loan and for its "
            "approval",
        ),
        Text(
            zh="请勾选同意的信息；授权只给这一家，可随时撤销。",
            en="Tick what it may see: the consent is for this lender alone, and you can take it "
            "back.",
        ),
    )


def ask_for_loan(enterprise: int, reference: str, by: consenting.Party, *, now: datetime) -> str:
    """Ask for the consent that serves a live loan; the number of the request."""
    request = consenting.ask(
        enterprise, by, wanted(now, (Stage.POST_LOAN,)), now=now,
        message=_LOAN.format(reference)[:500], loan_reference=reference,
    )  # fmt: skip
    return request.number


def _name(who: Viewer) -> str:
    if who.person_id is None:  # only a person applies
        return ""
    found = Person.objects.filter(pk=who.person_id).values_list("name", flat=True).first()
    return found or "企业代表"
