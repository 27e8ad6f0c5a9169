"""Filters and tags of the pages: words, money, dates, icons."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinrong.domain.text import Text
from xinrong.files.types import FileRecord
from xinrong.pages import words
from xinrong.pages.context import region

register = template.Library()
NOTHING = "—"

register.filter("said", words.said)


@register.filter
def said_in(text: Text, language: str) -> str:
    """A Text in a given language."""
    return text.in_language(language)


@register.filter
def count(number: int | None) -> str:
    """A whole number in groups of three; a dash where it is not known."""
    return NOTHING if number is None else f"{number:,}"


@register.filter
def yuan(amount: Decimal | None) -> str:
    """An amount of money with its unit; a dash where there is none."""
    return NOTHING if amount is None else _("%(amount)s yuan") % {"amount": f"{amount:,.2f}"}


@register.filter
def grouped(amount: Decimal | None) -> str:
    """An amount without its unit, where the heading has named it."""
    return NOTHING if amount is None else f"{amount:,.2f}"


@register.filter
def day(when: date | datetime | None) -> str:
    """A day as 2026-10-01; a dash where it is not known."""
    if when is None:
        return NOTHING
    if isinstance(when, datetime):
        when = timezone.localtime(when)
    return when.strftime("%Y-%m-%d")


@register.filter
def moment(when: datetime | None) -> str:
    """A day and a time of day in the platform's time zone."""
    return NOTHING if when is None else timezone.localtime(when).strftime("%Y-%m-%d %H:%M")


@register.filter
def value(content: Any) -> str:
    """A field's value as a person reads it."""
    if content is None or content == "":
        return NOTHING
    if isinstance(content, bool):
        return _("yes") if content else _("no")
    if isinstance(content, date):
        return day(content)
    if isinstance(content, Decimal):
        return f"{content:,f}"
    return str(content)


@register.filter
def word(key: str, table: str) -> Promise | str:
    """The words of a key: `{{ hit.kind|word:"KINDS" }}`."""
    return words.of(getattr(words, table), str(key))


@register.filter
def date_hidden(record: FileRecord) -> bool:
    """Whether a record that shows no date has one that the viewer may not see."""
    contract = region().contracts[record.category]
    dates = {field.name for field in contract.fields if field.slot == "event_date"}
    return any(field.masked and field.name in dates for field in record.fields)


@register.filter
def bilingual(pair: dict[str, Any], stem: str = "") -> str:
    """The words of a stored pair such as `{zh, en}` or `{reason_zh, reason_en}`."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return str(pair[f"{stem}_{language}" if stem else language])


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or nothing."""
    return mapping.get(key)


@register.filter
def row_number(rows: Any, place: int) -> int:
    """The row number of the row at a place of a preview."""
    number: int = rows[place].row_no
    return number


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon from the sprite: decoration, so it is hidden from readers; words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("pages/img/icons.svg"),
        name,
    )


@register.inclusion_tag("pages/parts/sign.html")
def sign(key: str) -> dict[str, Any]:
    """The tag of a sign: icon and words."""
    return {
        "key": str(key),
        "icon": words.SIGN_ICONS.get(str(key), "dot"),
        "words": words.of(words.SIGNS, str(key)),
    }


@register.inclusion_tag("pages/parts/empty.html")
def nothing(icon: str, title: str, text: str = "") -> dict[str, str]:
    """An empty state: what is not there, and what that means."""
    return {"icon": icon, "title": title, "text": text}
