"""What is typed into the forms of an application: money, days, shares, terms, marks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.http import QueryDict

from xinrong.domain.errors import XinrongError
from xinrong.domain.financing import SECURITY_WORDS, Security
from xinrong.domain.loans import (
    BadTerms,
    Deposit,
    Fee,
    FeeBase,
    FeeTime,
    LoanTerms,
    Repayment,
    rate_from_text,
)
from xinrong.domain.money import read_money, yuan
from xinrong.domain.text import Text
from xinrong.market.services import applying

#: Lines for fees that the form of an offer has.
FEES = 3


class FormWrong(XinrongError):
    """Something typed cannot be read; `words` say it in the reader's language."""

    code = "form_wrong"

    def __init__(self, words: Text) -> None:
        self.words = words
        super().__init__(words.en)


def amount(form: Mapping[str, str], name: str, words: Text) -> Decimal:
    """Yuan as a person types them: 500000, 50万. Raises FormWrong."""
    read = read_money(form.get(name, "")[:40])
    if read.fen is None:
        raise FormWrong(
            Text(
                zh=f"{words.zh}：请填写金额，如 500000 或 50万。",
                en=f"{words.en}: write a sum, such as 500000.",
            )
        )
    return yuan(read.fen)


def maybe(form: Mapping[str, str], name: str, words: Text) -> Decimal | None:
    """The same, None where nothing is typed."""
    return amount(form, name, words) if form.get(name, "").strip() else None


def day(form: Mapping[str, str], name: str, words: Text) -> date:
    """A day as the browser's field sends it. Raises FormWrong."""
    try:
        return date.fromisoformat(form.get(name, "")[:10])
    except ValueError:
        raise FormWrong(
            Text(
                zh=f"{words.zh}：请选择日期，如 2026-11-30。",
                en=f"{words.en}: choose a day, such as 2026-11-30.",
            )
        ) from None


def whole(form: Mapping[str, str], name: str, words: Text) -> int:
    """A whole number. Raises FormWrong."""
    text = form.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise FormWrong(
            Text(
                zh=f"{words.zh}：请填写整数。",
                en=f"{words.en}: write a whole number.",
            )
        )
    return int(text)


def offering_of(form: QueryDict) -> applying.Offering:
    """What the form of an offer says. Raises FormWrong, BadTerms."""
    free = form.get("free") == "1"
    rate = Decimal(0) if free else rate_from_text(form.get("rate", "")[:12])
    try:
        repayment = Repayment(form.get("repayment", ""))
    except ValueError:
        raise FormWrong(Text(zh="请选择还款方式。", en="Choose how it is repaid.")) from None
    deposit = form.get("deposit", "").strip()[:12]
    terms = LoanTerms(
        amount(form, "amount", Text(zh="金额", en="Amount")),
        rate,
        repayment,
        months=whole(form, "months", Text(zh="期限", en="Term")),
        months_per_period=whole(form, "each", Text(zh="付款间隔", en="Months between payments")),
        fees=tuple(_fees(form)),
        deposit=Deposit(share=_percent(deposit, "deposit")) if deposit else None,
        interest_free=free,
    )
    return applying.Offering(
        terms,
        day(form, "until", Text(zh="有效期至", en="Valid until")),
        tuple(Security(one) for one in form.getlist("security") if one in SECURITY_WORDS),
        form.get("note", "")[:2000],
    )


def _fees(form: QueryDict) -> list[Fee]:
    """The lines of fees that say something: a percentage with its sign, or yuan."""
    found = []
    for place in range(FEES):
        size = form.get(f"fee_size_{place}", "").strip()[:20]
        if not size:
            continue
        name = form.get(f"fee_name_{place}", "").strip()[:40]
        try:
            when = FeeTime(form.get(f"fee_when_{place}", ""))
        except ValueError:
            when = FeeTime.AT_DISBURSEMENT
        if size.endswith(("%", "％")):
            found.append(Fee(name, when, share=_percent(size, f"fee {name}"), of=FeeBase.AMOUNT))
        else:
            found.append(Fee(name, when, yuan=amount(form, f"fee_size_{place}", _FEE)))
    return found


_FEE = Text(zh="费用", en="Fee")


def _percent(text: str, field: str) -> Decimal:
    plain = text.rstrip("%％").strip()
    try:
        return Decimal(plain) / 100
    except ArithmeticError:
        raise BadTerms(field, f"{text!r} is no percentage", "Write it as 1.5%.") from None
