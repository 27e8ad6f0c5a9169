"""A loan as the platform's own feed sends it: headings of `platform_loans` and their text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from xinrong.domain.financing import Security
from xinrong.domain.loans import schedule_of
from xinrong.domain.money import yuan
from xinrong.market.applying.finding import annual_cost_of, terms_of
from xinrong.market.applying.models import Loan, Payment, PaymentKind
from xinrong.market.products.packs import Catalogue

CODE, NAME = "统一社会信用代码", "企业名称"
#: What secures a loan, by the kinds of lending that statistics of banks tell apart.
_KINDS: Mapping[Security, str] = {
    Security.GUARANTOR: "保证",
    Security.FUND: "保证",
    Security.PROPERTY: "抵押",
    Security.MOVABLES: "质押",
    Security.RECEIVABLES: "质押",
    Security.RIGHTS: "质押",
    Security.EQUITY: "质押",
}
ON_CREDIT, SEVERAL = "信用", "组合"


def row_of(loan: Loan, payments: Sequence[Payment], products: Catalogue) -> dict[str, str]:
    """What stands of a loan, without the enterprise; `payments` are those that stand.

    Empty before money was paid out: there is no loan yet.
    """
    lent = [one for one in payments if one.kind == PaymentKind.DISBURSEMENT]
    if not lent:
        return {}
    application, terms = loan.application, terms_of(loan)
    offer = application.offer
    first = min(one.paid_on for one in lent)
    out = sum(one.principal for one in lent)
    back = sum(one.principal for one in payments if one.kind == PaymentKind.REPAYMENT)
    entry = products.products.get(application.product)
    return {
        "贷款编号": application.number,
        "贷款机构": application.institution.name,
        "产品名称": entry.product.title.zh if entry else application.product,
        "担保方式": kind_of(offer.security),
        "首贷": "是" if application.first_time else "否",
        "合同金额": _money(terms.amount_fen),
        "放款金额": _money(out),
        "贷款余额": _money(out - back),
        "年利率(%)": _percent(terms.rate),
        "综合年化成本(%)": _percent(annual_cost_of(offer, lent)),
        "签约日期": loan.signed_on.isoformat(),
        "首次放款日期": first.isoformat(),
        "到期日期": due_on(loan, first).isoformat(),
        "结清日期": loan.closed_on.isoformat() if loan.closed_on else "",
        "状态": "已结清" if loan.closed_on else "未结清",
    }


def kind_of(security: Sequence[str]) -> str:
    """One word for what secures a loan."""
    kinds = {_KINDS[Security(one)] for one in security}
    if len(kinds) > 1:
        return SEVERAL
    return kinds.pop() if kinds else ON_CREDIT


def due_on(loan: Loan, first: date) -> date:
    """The day of the last instalment, the time of the loan running from its first payout."""
    last = schedule_of(replace(terms_of(loan), since=first)).instalments[-1].on
    assert last is not None  # a loan that starts on a day ends on one
    return last


def _money(fen: int) -> str:
    return f"{yuan(fen):f}"


def _percent(share: Decimal) -> str:
    return f"{(share * 100).quantize(Decimal('0.0001')).normalize():f}"
