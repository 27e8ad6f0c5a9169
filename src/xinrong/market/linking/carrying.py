"""What a bank says becomes of an application: each message by the verb that a person would use.

The bank's system acts in the name of the officer whom the bank named for its link. What the process
does not allow is refused with its code; a state that the application has left is `link_backwards`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from xinrong.accounts.services import Viewer, viewer_of
from xinrong.domain.loans import Deposit, Fee, LoanTerms
from xinrong.market.applying import services as applying
from xinrong.market.linking.errors import LinkRefused
from xinrong.market.linking.hearing import ask_file
from xinrong.market.linking.models import Conversation

#: How far each state is; two that are one behind the other for the bank have one number.
RANKS: Mapping[str, int] = {
    "submitted": 0, "silent": 0, "accepted": 1, "late": 1, "due_diligence": 2, "more_wanted": 2,
    "offered": 3, "chosen": 4, "unsigned": 4, "contracted": 5, "unpaid": 5, "disbursed": 6,
    "repaying": 7, "closed": 8,
}  # fmt: skip
#: What a message brings an application to.
BRINGS = {"more_wanted": 2, "offer": 3, "refusal": 3, "contract": 5, "disbursement": 6,
          "repayment": 7}  # fmt: skip
STATE_BRINGS = {"accepted": 1, "due_diligence": 2, "closed": 8}


@dataclass(frozen=True)
class Said:
    """One message, and in whose name it counts."""

    who: Viewer
    talk: Conversation
    data: Any
    now: datetime
    number: str  # the bank's name of the message

    @property
    def application(self) -> str:
        """The number of the application."""
        return self.talk.application


def carry(talk: Conversation, message: Any, *, now: datetime) -> dict[str, Any]:
    """Do what a message says; what the bank is told besides. Raises XinrongError."""
    rows = applying.Application.objects.filter(number=talk.application)
    who = viewer_of(talk.link.officer, rows.values_list("organisation_id", flat=True).get())
    if who.role != "loan_officer":
        raise LinkRefused(
            "the officer in whose name this link acts has no such role now",
            remedy="The bank names another officer to the operator.",
            code="link_officer",
        )
    check_forward(talk.application, message)
    VERBS[message.type](Said(who, talk, message.data, now, message.id))
    return {"state": applying.state_of(talk.application)}


def check_forward(number: str, message: Any) -> None:
    """Whether an application has not left behind what a message says. Raises LinkRefused."""
    target = BRINGS.get(message.type)
    if message.type == "state":
        target = STATE_BRINGS[message.data.state]
    state = applying.state_of(number)
    rank = RANKS.get(state)
    if target is None or (rank is not None and rank <= max(target, _open_to(message.type))):
        return
    raise LinkRefused(
        f"the application is {state} already",
        remedy="Nothing goes backwards: look at its state, and correct a payment by `correction`.",
        code="link_backwards",
    )


def _open_to(kind: str) -> int:
    """Up to which state something may be said again: payments go on while a loan runs."""
    return 7 if kind in ("disbursement", "repayment") else 0


def _state(said: Said) -> None:
    if said.data.state == "accepted":
        applying.accept(said.who, said.application, now=said.now)
    elif said.data.state == "due_diligence":
        applying.investigate(said.who, said.application, now=said.now)
    else:
        applying.close(said.who, said.application, _closed_on(said), now=said.now)


def _closed_on(said: Said) -> Any:
    if said.data.on is None:
        raise LinkRefused(
            "a loan is closed on a day", remedy="Name it in `data.on`.", code="link_field"
        )
    return said.data.on


def _file_asked(said: Said) -> None:
    ask_file(said.talk, said.data.stage, said.now, source=f"asked:{said.number}")


def _more_wanted(said: Said) -> None:
    applying.ask_more(said.who, said.application, said.data.words, now=said.now)


def _offer(said: Said) -> None:
    offering = applying.Offering(
        terms=terms_of(said.data.terms), valid_until=said.data.valid_until, note=said.data.offer
    )
    applying.make_offer(said.who, said.application, offering, now=said.now)


def _refusal(said: Said) -> None:
    applying.refuse(said.who, said.application, said.data.reasons, said.data.words, now=said.now)


def _contract(said: Said) -> None:
    applying.sign_contract(
        said.who, said.application, said.data.contract, said.data.signed_on, now=said.now
    )


def _disbursement(said: Said) -> None:
    data = said.data
    paid = applying.Paid(
        data.reference,
        data.on,
        Decimal(data.amount),
        received=None if data.received is None else Decimal(data.received),
        last=data.last,
    )
    applying.disburse(said.who, said.application, paid, now=said.now)


def _repayment(said: Said) -> None:
    data = said.data
    repaid = applying.Repaid(
        data.reference,
        data.on,
        Decimal(data.principal),
        interest=Decimal(data.interest),
        fees=Decimal(data.fees),
    )
    applying.repay(said.who, said.application, repaid, now=said.now)


def _correction(said: Said) -> None:
    data = said.data
    right: applying.Paid | applying.Repaid
    if data.kind == "disbursement":
        right = applying.Paid(data.reference, data.on, Decimal(data.amount))
    else:
        right = applying.Repaid(
            data.reference,
            data.on,
            Decimal(data.amount),
            interest=Decimal(data.interest),
            fees=Decimal(data.fees),
        )
    applying.correct(said.who, said.application, right, data.words, now=said.now)


def _dispute(said: Said) -> None:
    """It is kept with the message, where the operator sees it; nothing moves."""


VERBS: Mapping[str, Callable[[Said], None]] = {
    "state": _state,
    "file_asked": _file_asked,
    "more_wanted": _more_wanted,
    "offer": _offer,
    "refusal": _refusal,
    "contract": _contract,
    "disbursement": _disbursement,
    "repayment": _repayment,
    "correction": _correction,
    "dispute": _dispute,
}


def terms_of(data: Any) -> LoanTerms:
    """The terms of an offer. Raises BadTerms."""
    deposit = None
    if data.deposit is not None:
        deposit = Deposit(
            share=_decimal(data.deposit.share),
            yuan=_decimal(data.deposit.yuan),
            rate=Decimal(data.deposit.rate),
        )
    return LoanTerms(
        amount=Decimal(data.amount),
        rate=Decimal(data.rate),
        repayment=data.repayment,
        months=data.months,
        months_per_period=data.months_per_period,
        fees=tuple(
            Fee(one.name, one.when, share=_decimal(one.share), yuan=_decimal(one.yuan), of=one.of)
            for one in data.fees
        ),
        deposit=deposit,
        interest_free=data.interest_free,
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
