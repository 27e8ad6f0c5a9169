"""The words of a paper, in both languages: those of the pages, from the same catalogue."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xinrong.domain.clock import CHINA
from xinrong.domain.text import Text
from xinrong.files.objected import is_open
from xinrong.files.printing.plain import plain
from xinrong.files.types import Coverage, FieldValue, FileRecord, Objection, Origin

Words = dict[str, Promise]
NOTHING = "—"

ROLES: Words = {
    "loan_officer": gettext_lazy("loan officer"),
    "guarantee_officer": gettext_lazy("guarantee officer"),
    "adviser": gettext_lazy("adviser"),
    "data_officer": gettext_lazy("data officer"),
    "operator": gettext_lazy("platform operator"),
    "representative": gettext_lazy("representative of the enterprise"),
}
KINDS: Words = {
    "company": gettext_lazy("company"),
    "branch": gettext_lazy("branch"),
    "sole_trader": gettext_lazy("sole trader"),
    "cooperative": gettext_lazy("farmers' cooperative"),
    "farm_household": gettext_lazy("farm household"),
    "public_body": gettext_lazy("public body"),
    "prospective": gettext_lazy("enterprise being founded"),
}
PURPOSES: Words = {
    "credit": gettext_lazy("lending"),
    "guarantee": gettext_lazy("guaranteeing a loan"),
    "advice": gettext_lazy("advice to the enterprise"),
    "self": gettext_lazy("the enterprise's own file"),
    "supervision": gettext_lazy("supervision"),
    "operation": gettext_lazy("operation of the platform"),
    "public": gettext_lazy("open information"),
}
STAGES: Words = {
    "pre_loan": gettext_lazy("before the loan"),
    "approval": gettext_lazy("approval"),
    "post_loan": gettext_lazy("after the loan"),
}
SOURCE_STATES: Words = {
    "fresh": gettext_lazy("up to date"),
    "stale": gettext_lazy("out of date"),
    "no_feed": gettext_lazy("no source connected"),
    "withheld": gettext_lazy("withheld"),
}
#: Why a category is withheld, and what can be done.
WITHHELD: dict[str, tuple[Promise, Promise]] = {
    "no_consent": (
        gettext_lazy("The enterprise has not consented."),
        gettext_lazy("Ask the enterprise to give its consent, then open the file again."),
    ),
    "never_shared": (
        gettext_lazy("The law or the department does not allow this to be shared."),
        gettext_lazy("Nothing can open it; ask the enterprise for the document itself."),
    ),
    "role": (
        gettext_lazy("Your role does not include this."),
        gettext_lazy("Someone in your organisation whose role includes it can look."),
    ),
    "purpose": (
        gettext_lazy("It may not be used for this purpose."),
        gettext_lazy("Open the file for the purpose that your work really has."),
    ),
}


def word(words: Words, key: str) -> str:
    """The words of a key; a key that nobody has words for shows as itself."""
    return str(words.get(key, key.replace("_", " ")))


def said(text: Text, language: str) -> str:
    """A text of the catalogue."""
    return text.in_language(language)


def day(when: date | None) -> str:
    """A day as 2026-10-01; a dash where it is not known."""
    return NOTHING if when is None else when.isoformat()


def moment(when: datetime) -> str:
    """A day and a time of day in China."""
    return when.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def count(number: int | None) -> str:
    """A whole number in groups of three; a dash where it is not known."""
    return NOTHING if number is None else f"{number:,}"


def yuan(amount: Decimal) -> str:
    """An amount of money with its unit."""
    return _("%(amount)s yuan") % {"amount": f"{amount:,.2f}"}


def value(field: FieldValue, language: str) -> str:
    """A field's value as a person reads it, with its unit."""
    if field.words is not None:
        return said(field.words, language)
    content: Any = field.value
    if content is None or content == "":
        return NOTHING
    if isinstance(content, bool):
        return _("yes") if content else _("no")
    if isinstance(content, date):
        return day(content)
    told = f"{content:,f}" if isinstance(content, Decimal) else str(content)
    return f"{told} {field.unit}" if field.unit else told


def source(origin: Origin, language: str) -> str:
    """Who sent it, when, and in which row of which batch."""
    place = _("batch %(batch)s, row %(row)s") % {"batch": origin.batch, "row": origin.row_no}
    sender = said(origin.department_title, language)
    return f"{sender} · {_('received')} {day(origin.received_on)} · {place}"


def dates(record: FileRecord, *, hidden: bool) -> str:
    """The days of a record, or why none stands there."""
    if record.event_date is not None:
        begun = day(record.event_date)
    else:
        begun = _("date hidden") if hidden else _("undated")
    return begun if record.end_date is None else f"{begun} – {day(record.end_date)}"


def objection(told: Objection | None) -> str:
    """What stands beside a record that its enterprise objects or has objected to."""
    if told is None:
        return ""
    if is_open(told):
        said_so = _("Under objection since %(day)s.") % {"day": day(told.since)}
    else:
        said_so = _("The enterprise disputes this; its source stands by it.")
    if not told.statement:
        return said_so
    words = _("The enterprise says: %(statement)s") % {"statement": plain(told.statement)}
    return f"{said_so} {words}"


def sentence(coverage: Coverage) -> str:
    """The line with which every file opens, as the page writes it."""
    as_of = day(coverage.as_of)
    if coverage.covered == 0:
        alone = _("As of %(day)s no source that you may see is connected: nothing can be said.")
        return alone % {"day": as_of}
    line = _(
        "No negative record in <b>%(clean)s</b> of <b>%(covered)s</b> covered sources as of "
        "%(day)s."
    ) % {"clean": coverage.clean, "covered": coverage.covered, "day": as_of}
    line = line.replace("<b>", "").replace("</b>", "")
    unclean = coverage.covered - coverage.clean
    if not unclean:
        return line
    more = ngettext(
        "%(number)s source holds something negative.",
        "%(number)s sources hold something negative.",
        unclean,
    ) % {"number": unclean}
    return f"{line} {more}" if line.endswith(".") else line + more
