"""Verbs of applications: apply, answer, choose, lend; each with its clocks and its refusals."""

from __future__ import annotations

from xinrong.market.applying import following as _following  # noqa: F401 - registers itself
from xinrong.market.applying import handling as _handling  # the process is known from here on
from xinrong.market.applying.answering import (
    Offering,
    accept,
    ask_more,
    check_offer,
    investigate,
    make_offer,
    refuse,
)
from xinrong.market.applying.borrowers import AFTER_WORDS, Borrower, borrowers_of, running_loans
from xinrong.market.applying.choosing import appeal, choose, decline, supply, withdraw
from xinrong.market.applying.desks import open_desks
from xinrong.market.applying.finding import (
    Sums,
    annual_cost_of,
    application_of,
    applications_of,
    applications_of_bank,
    applications_of_need,
    choice_of_need,
    loan_of,
    offer_of,
    payments_of,
    refusal_of,
    seen_by,
    state_of,
    states_of,
    sums_of,
    terms_of,
)
from xinrong.market.applying.lenders import (
    bank_of,
    here,
    keeping_time,
    keeps_time,
    offered_now,
    office_of,
    offices_of,
)
from xinrong.market.applying.lending import (
    FINDINGS,
    close,
    correct,
    disburse,
    repay,
    review_loan,
    sign_contract,
)
from xinrong.market.applying.letting_look import may_look, request_for_look, signs, wanted
from xinrong.market.applying.models import (
    Application,
    Choice,
    Loan,
    LoanReview,
    Offer,
    Payment,
    PaymentKind,
    Proposal,
    Refusal,
)
from xinrong.market.applying.paying import Paid, Repaid
from xinrong.market.applying.placing import Placing, place
from xinrong.market.applying.proposing import (
    leave,
    next_for,
    proposal_for,
    proposals_of,
    propose,
    take_up,
)
from xinrong.market.applying.reasons import REASONS
from xinrong.market.applying.reviewing import overturn, uphold
from xinrong.market.applying.submitting import AT_ONCE, apply
from xinrong.market.applying.table import APPLICATION, NAME, OVERDUE

HANDLING = _handling.HANDLING

__all__ = [
    "AFTER_WORDS",
    "APPLICATION",
    "AT_ONCE",
    "FINDINGS",
    "HANDLING",
    "NAME",
    "OVERDUE",
    "REASONS",
    "Application",
    "Borrower",
    "Choice",
    "Loan",
    "LoanReview",
    "Offer",
    "Offering",
    "Paid",
    "Payment",
    "PaymentKind",
    "Placing",
    "Proposal",
    "Refusal",
    "Repaid",
    "Sums",
    "accept",
    "annual_cost_of",
    "appeal",
    "application_of",
    "applications_of",
    "applications_of_bank",
    "applications_of_need",
    "apply",
    "ask_more",
    "bank_of",
    "borrowers_of",
    "check_offer",
    "choice_of_need",
    "choose",
    "close",
    "correct",
    "decline",
    "disburse",
    "here",
    "investigate",
    "keeping_time",
    "keeps_time",
    "leave",
    "loan_of",
    "make_offer",
    "may_look",
    "next_for",
    "offer_of",
    "offered_now",
    "office_of",
    "offices_of",
    "open_desks",
    "overturn",
    "payments_of",
    "place",
    "proposal_for",
    "proposals_of",
    "propose",
    "refusal_of",
    "refuse",
    "repay",
    "request_for_look",
    "review_loan",
    "running_loans",
    "seen_by",
    "sign_contract",
    "signs",
    "state_of",
    "states_of",
    "sums_of",
    "supply",
    "take_up",
    "terms_of",
    "uphold",
    "wanted",
    "withdraw",
]
