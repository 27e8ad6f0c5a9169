"""Words of quality on the pages: what an alarm says, what a shape is, shares and changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinrong.catalogue.region import Region
from xinrong.pages.words import said

NOTHING = "—"
ALARM_TITLES: dict[str, Promise] = {
    "silent": gettext_lazy("has fallen silent"),
    "columns": gettext_lazy("other columns than before"),
    "volume": gettext_lazy("number of rows far from usual"),
    "empty": gettext_lazy("share of empty cells far from usual"),
    "refused": gettext_lazy("share of refused values far from usual"),
    "content": gettext_lazy("values do not look as they did"),
}
SHAPES: dict[str, Promise] = {
    "length": gettext_lazy("texts of one length"),
    "kinds": gettext_lazy("texts of one mixture of characters"),
    "first": gettext_lazy("texts with one first character"),
    "last": gettext_lazy("texts with one last character"),
    "rare": gettext_lazy("texts with rare or foreign characters"),
    "form": gettext_lazy("cells written in one form"),
    "magnitude": gettext_lazy("numbers of one magnitude"),
    "zeros": gettext_lazy("numbers with so many zeros at the end"),
    "first_digit": gettext_lazy("numbers with one first digit"),
    "last_digit": gettext_lazy("numbers with one last digit"),
    "grain": gettext_lazy("numbers of one magnitude and roundness"),
    "distance": gettext_lazy("dates so far from the middle of the file"),
    "day": gettext_lazy("dates on one day of the month"),
    "weekday": gettext_lazy("dates on one day of the week"),
    "value": gettext_lazy("one particular value"),
    "empty": gettext_lazy("empty cells"),
    "refused": gettext_lazy("refused values"),
}
SUBJECT_FIELDS: dict[str, Promise] = {
    "subject": gettext_lazy("the enterprise"),
    "subject.code": gettext_lazy("code of the enterprise"),
    "subject.name": gettext_lazy("name of the enterprise"),
    "": gettext_lazy("the row as a whole"),
}


def percent(part: float | None) -> str:
    """A share with one decimal; one that is not quite all never reads 100 %."""
    if part is None:
        return NOTHING
    shown = f"{100 * part:.1f}"
    return f"{'99.9' if shown == '100.0' and part < 1 else shown}\u00a0%"


def change(now: float | None, before: float | None) -> str:
    """A change of shares in percentage points, with its sign; nothing where it cannot be told."""
    if now is None or before is None:
        return ""
    points = 100 * (now - before)
    return "±0.0" if abs(points) < 0.05 else f"{points:+.1f}".replace("-", "\u2212")


def days(number: float | None) -> str:
    """A number of days with one decimal."""
    return NOTHING if number is None else f"{number:,.1f}"


def feed_title(pack: Region, feed: str) -> str:
    """What a feed is called."""
    return said(pack.feeds[feed].title) if feed in pack.feeds else feed


def department_title(pack: Region, department: str) -> str:
    """What a department is called."""
    found = pack.departments.get(department)
    return said(found.title) if found else department


def category_title(pack: Region, category: str) -> str:
    """What a category is called."""
    found = pack.contracts.get(category)
    return said(found.title) if found else category


def field_title(pack: Region, category: str, field: str) -> str:
    """What a field is called."""
    if field in SUBJECT_FIELDS:
        return str(SUBJECT_FIELDS[field])
    contract = pack.contracts.get(category)
    titles = {one.name: one.title for one in contract.fields} if contract else {}
    return said(titles[field]) if field in titles else field


@dataclass(frozen=True)
class AlarmWords:
    """An alarm as the pages show it."""

    alarm: Any
    title: str
    feed: str
    department: str
    field: str
    sentence: str
    rows: tuple[int, ...]
    may_acknowledge: bool = False


def alarm_words(alarm: Any, pack: Region, *, may_acknowledge: bool = False) -> AlarmWords:
    """An alarm in the language of the page."""
    return AlarmWords(
        alarm,
        str(ALARM_TITLES[alarm.kind]),
        feed_title(pack, alarm.feed),
        department_title(pack, alarm.department),
        field_title(pack, alarm.category, alarm.field) if alarm.field else "",
        _sentence(alarm.kind, alarm.figures, pack, alarm.category),
        tuple(alarm.figures.get("rows", ())) if alarm.kind == "content" else (),
        may_acknowledge,
    )


def _sentence(kind: str, figures: Mapping[str, Any], pack: Region, category: str) -> str:
    """What was found, with its figures."""
    if kind == "silent":
        last = date.fromisoformat(figures["last"])
        return _("Nothing came since %(last)s: %(days)d days, where %(allowed)d are allowed.") % {
            "last": last.isoformat(),
            "days": figures["days"],
            "allowed": figures["allowed"],
        }
    if kind == "columns":
        parts = []
        if figures["new"]:
            parts.append(_("New: %(names)s.") % {"names": _listed(figures["new"])})
        if figures["missing"]:
            parts.append(_("Missing: %(names)s.") % {"names": _listed(figures["missing"])})
        return " ".join(parts)
    if kind == "volume":
        return _("%(rows)s rows came; usual are about %(usual)s.") % {
            "rows": f"{figures['rows']:,}",
            "usual": f"{figures['usual']:,}",
        }
    return _("%(shape)s: %(found)s of this batch, usually %(usual)s.") % {
        "shape": shape_words(figures["shape"], pack, category),
        "found": _fine(figures["found"]),
        "usual": _fine(figures["usual"]),
    }


def shape_words(shape: str, pack: Region, category: str) -> str:
    """What kind of values departed."""
    if shape.startswith("by "):
        other = field_title(pack, category, shape.removeprefix("by "))
        words = _("values in one proportion to, or distance from, %(other)s") % {"other": other}
    else:
        words = str(SHAPES[shape])
    return words[:1].upper() + words[1:]


def _fine(part: float) -> str:
    return f"{100 * part:.2f}\u00a0%"


def _listed(names: list[str]) -> str:
    return "、".join(names[:10]) + ("…" if len(names) > 10 else "")
