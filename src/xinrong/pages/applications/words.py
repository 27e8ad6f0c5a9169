"""Applications in words: one in a list, the looks that were logged, what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from xinrong.domain.errors import XinrongError
from xinrong.domain.loans import cost_sheet
from xinrong.domain.money import yuan
from xinrong.domain.text import Text
from xinrong.market.services import Entry, applying, load_products
from xinrong.pages.cases.words import refused as case_refused
from xinrong.pages.consent_words import WRONG
from xinrong.pages.context import region
from xinrong.pages.inbox.words import Left, left
from xinrong.pages.words import said
from xinrong.trust.services import ConsentRefused, Stage, looked_since
from xinrong.work import services as work


@dataclass(frozen=True)
class Line:
    """One application in a list: where it stands, by when, and what happens if nobody acts."""

    application: Any
    product: str
    lender: str
    state: str
    key: str
    left: Left | None
    otherwise: str
    overdue: bool
    ended: bool
    amount: Decimal
    version: int


def entry_of(product: str) -> Entry | None:
    """A product as it is published, if it still is."""
    return load_products(region().info.region).products.get(product)


def product_name(product: str) -> str:
    """The name of a product; its id where it is published no longer."""
    found = entry_of(product)
    return said(found.product.title) if found else product


def lender_name(application: Any) -> str:
    """The institution, as its products name it."""
    found = entry_of(application.product)
    return said(found.lender.title) if found else str(application.institution)


def lines_of(applications: list[Any], now: datetime) -> list[Line]:
    """Applications as rows, in the order given."""
    cases = applying.states_of([one.number for one in applications])
    return [_line(one, cases[one.number], now) for one in applications if one.number in cases]


def _line(application: Any, case: work.Case, now: datetime) -> Line:
    table = applying.APPLICATION
    clocks = [one for one in table.deadlines if one.state == case.state]
    return Line(
        application,
        product_name(application.product),
        lender_name(application),
        said(table.state_words[case.state]),
        case.state,
        left(case.due_at, now),
        said(clocks[0].otherwise) if clocks else "",
        case.state in applying.OVERDUE,
        case.ended_at is not None,
        yuan(application.amount),
        case.version,
    )


@dataclass(frozen=True)
class Looked:
    """Whether the lender queried the file at a stage since it was asked."""

    stage: str
    words: str
    done: bool


def looks_of(application: Any, *, lent: bool) -> list[Looked]:
    """The stages of a lender's looks, in their order; after the loan only where there is one."""
    named = {
        Stage.PRE_LOAN: _("before the loan, to begin due diligence"),
        Stage.APPROVAL: _("for the approval, to make an offer"),
        Stage.POST_LOAN: _("after the loan, to review it"),
    }
    return [
        Looked(
            stage.value,
            words,
            looked_since(
                application.enterprise_id, application.institution_id, stage,
                application.submitted_at,
            ),
        )
        for stage, words in named.items()
        if lent or stage is not Stage.POST_LOAN
    ]  # fmt: skip


def sheet_lines(terms: Any) -> list[tuple[Text, Text]]:
    """The lines of a cost sheet."""
    return [(line.name, line.value) for line in cost_sheet(terms).lines]


def refused(error: XinrongError) -> str:
    """What to tell somebody whose step was refused."""
    if error.code == "move_guard":
        return _guard_words(error)
    if isinstance(error, ConsentRefused) and error.code in WRONG:
        return str(WRONG[error.code])
    return case_refused(error)


def _guard_words(error: XinrongError) -> str:
    """Which condition does not hold, as the table says it."""
    for stage, guard in (
        ("pre_loan", "looked_before"), ("approval", "looked_to_approve"),
        ("post_loan", "looked_after"),
    ):  # fmt: skip
        if f"at the stage {stage} " in str(error):
            words = (applying.APPLICATION.guards or {})[guard]
            return _("It needs first: %(condition)s.") % {"condition": said(words)}
    if "whoever refused" in str(error):
        words = (applying.APPLICATION.guards or {})["second_person"]
        return _("It needs first: %(condition)s.") % {"condition": said(words)}
    return case_refused(error)
