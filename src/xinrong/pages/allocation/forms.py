"""What the form of the decision aid says: files, sums, shares, limits; what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from xinrong.domain.allocation import (
    Applicant,
    BadProblem,
    Counts,
    Economics,
    Limit,
    Problem,
    RateTable,
)
from xinrong.domain.errors import XinrongError
from xinrong.domain.loans import rate_from_text
from xinrong.domain.money import read_money, yuan
from xinrong.domain.money import words as money_words
from xinrong.market.services import deciding
from xinrong.pages.words import said

#: Limits that the form has rows for, and bytes of a file.
LIMITS, MOST_BYTES = 4, 2 << 20
#: What the form says at first.
DEFAULTS = {
    "budget": "", "budget_on": "drawn", "lgd": "45%", "funds": "2.2%", "least": "100000",
    "most": "1000000", "never": "",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is wrong, in the reader's language, and where."""

    file: str
    row: int | None
    field: str
    words: str


@dataclass
class Form:
    """What was sent, and the problem where it is one."""

    given: dict[str, str]
    limits: list[dict[str, str]]
    faults: list[Fault] = field(default_factory=list)
    problem: Problem | None = None


def empty() -> Form:
    """The form before anybody wrote into it."""
    return Form(dict(DEFAULTS), [_row({}, number) for number in range(LIMITS)])


def read(request: HttpRequest) -> Form:
    """What was sent. Everything that is wrong is found at once, as far as it can be."""
    post = request.POST
    form = Form(
        {name: post.get(name, "").strip()[:200] for name in DEFAULTS},
        [_row(post, number) for number in range(LIMITS)],
    )
    budget = _money(form, "budget", _("Budget of the year"))
    least = _whole(form, "least", _("Smallest loan"))
    most = _whole(form, "most", _("Largest loan"))
    lgd = _share(form, "lgd", _("Loss given default"))
    funds = _share(form, "funds", _("Cost of funds"))
    table = _rates(request, form)
    asked = _applicants(request, form, int(least or 1), int(most or 1))
    if form.given["budget_on"] not in ("drawn", "offered"):
        form.faults.append(Fault("", None, _("What it has to cover"), _("Choose one of the two.")))
    limits = list(_limits(form, budget or Decimal(0)))
    never = frozenset(form.given["never"].replace("，", " ").replace(",", " ").split())
    if form.faults or budget is None or table is None or lgd is None or funds is None:
        return form
    _check_grades(form, request, asked, table, never)
    if form.faults:
        return form
    try:
        form.problem = Problem(
            tuple(one for _row_no, one in asked),
            table,
            Economics(float(lgd), float(funds)),
            Limit(Counts(form.given["budget_on"]), budget),
            tuple(limits),
            never,
        )
    except BadProblem as error:
        form.faults.append(fault_of(error))
    return form


def fault_of(error: BadProblem) -> Fault:
    """An error of the decision aid for the page."""
    return Fault(error.place.file, error.place.row, error.place.field, said(error.words))


def _row(post: Any, number: int) -> dict[str, str]:
    names = ("counts", "side", "whom", "which", "value")
    return {name: str(post.get(f"limit-{number}-{name}", "")).strip()[:60] for name in names}


def _money(form: Form, name: str, label: str) -> Decimal | None:
    reading = read_money(form.given[name])
    if reading.fen is not None and reading.fen > 0:
        return yuan(reading.fen)
    wrong = said(money_words(reading.problem)) if reading.problem else _("It must be above 0.")
    form.faults.append(Fault("", None, label, wrong))
    return None


def _whole(form: Form, name: str, label: str) -> Decimal | None:
    amount = _money(form, name, label)
    if amount is not None and amount % 1:
        form.faults.append(Fault("", None, label, _("Write whole yuan.")))
        return None
    return amount


def _share(form: Form, name: str, label: str) -> Decimal | None:
    try:
        found = rate_from_text(form.given[name], name)
    except XinrongError:
        found = None
    if found is None or not 0 <= found <= 1:
        form.faults.append(Fault("", None, label, _("Write a percentage such as 45%.")))
        return None
    return found


def _file(request: HttpRequest, form: Form, name: str, label: str) -> tuple[str, bytes] | None:
    sent = request.FILES.get(name)
    if not isinstance(sent, UploadedFile) or not sent.name:
        form.faults.append(Fault("", None, label, _("Choose a file.")))
        return None
    if (sent.size or 0) > MOST_BYTES:
        form.faults.append(Fault(sent.name, None, label, _("Send at most 2 MB.")))
        return None
    return sent.name[-100:], sent.read()


def _rates(request: HttpRequest, form: Form) -> RateTable | None:
    sent = _file(request, form, "rates", _("Table of rates"))
    if sent is None:
        return None
    try:
        return deciding.read_rates(*sent)
    except BadProblem as error:
        form.faults.append(fault_of(error))
        return None


def _applicants(
    request: HttpRequest, form: Form, least: int, most: int
) -> list[tuple[int, Applicant]]:
    sent = _file(request, form, "applicants", _("Applicants"))
    if sent is None:
        return []
    try:
        found, faults = deciding.judge_applicants(*sent, least=least, most=most)
    except BadProblem as error:
        form.faults.append(fault_of(error))
        return []
    form.faults += [fault_of(one) for one in faults]
    return found


def _check_grades(
    form: Form,
    request: HttpRequest,
    asked: list[tuple[int, Applicant]],
    table: RateTable,
    never: frozenset[str],
) -> None:
    """Name the row of each applicant whose grade nobody knows."""
    name = str(request.FILES["applicants"])[-100:]
    known = ", ".join(table.lost)
    form.faults += [
        Fault(
            name,
            row,
            "grade",
            _("The table of rates has no grade %(grade)s; it has %(known)s.")
            % {"grade": one.grade or "—", "known": known},
        )
        for row, one in asked
        if one.grade not in table.lost and one.grade not in never
    ]


def _limits(form: Form, budget: Decimal) -> Iterator[Limit]:
    for number, row in enumerate(form.limits, 1):
        if not row["value"]:
            continue
        text = row["value"].replace("，", ",").replace(",", "")
        whom = f" {row['whom']} {row['which']}" if row["whom"] and row["which"] else ""
        side = " at least" if row["side"] == "least" else ""
        try:
            yield deciding.limit_from_text(f"{row['counts']}{side}{whom} {text}", budget)
        except BadProblem:
            words = _("Choose what it counts and write a number, or a percentage of the budget.")
            form.faults.append(Fault("", number, _("Limits"), words))
