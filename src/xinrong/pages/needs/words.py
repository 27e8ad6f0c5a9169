"""What a need says, in words: line by line, each with where it is from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from xinrong.catalogue.region import load_region
from xinrong.domain.financing import ON_CREDIT, PURPOSE_WORDS, SECURITY_WORDS, NeedPurpose, Security
from xinrong.domain.money import yuan
from xinrong.market.services import needs
from xinrong.pages.words import said
from xinrong.profiles.services import criteria


@dataclass(frozen=True)
class Line:
    """One question with its answer; `source` names the category that answered it."""

    question: needs.Question
    answer: str
    source: str
    missing: bool


def lines_of(need: needs.StatedNeed) -> list[Line]:
    """Every question of a need."""
    return [
        Line(
            one,
            answer_of(need, one.name),
            source_of(need, one.name),
            missing=one.needed and not getattr(need, one.name),
        )
        for one in needs.asked_of(need)
    ]


def answer_of(need: needs.StatedNeed, name: str) -> str:
    """One answer in words; empty where there is none yet."""
    value = getattr(need, name)
    if value in (None, "", []):
        return _nothing(need, name)
    say = SAYING.get(name, str)
    return str(say(value))


def _nothing(need: needs.StatedNeed, name: str) -> str:
    """What an answer without a value says; empty where nobody was asked."""
    if name not in need.steps:
        return ""
    return {
        "offers": said(ON_CREDIT),
        "max_rate": _("no limit"),
        "first_time": _("not known"),
        "area": _("where the enterprise is registered"),
        "note": _("none"),
    }.get(name, "")


def amount_words(value: int) -> str:
    """A sum of fen."""
    amount = yuan(value)
    shown = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return _("%(amount)s yuan") % {"amount": shown}


def months_words(value: int) -> str:
    """A term."""
    return _("%(n)s months") % {"n": value}


def purpose_words(value: str) -> str:
    """What the money is for."""
    return said(PURPOSE_WORDS[NeedPurpose(value)])


def offers_words(value: list[str]) -> str:
    """The securities."""
    return _(", ").join(said(SECURITY_WORDS[Security(one)]) for one in value)


def rate_words(value: Any) -> str:
    """A yearly rate."""
    return _("at most %(rate)s%% a year") % {"rate": f"{value.normalize():f}"}


def first_words(value: bool) -> str:  # noqa: FBT001 - the value of an answer
    """Whether it would be the first loan."""
    return _("yes, the first") if value else _("no, a bank has lent before")


def area_words(value: str) -> str:
    """A district."""
    words = criteria.areas_of(settings.REGION).get(value)
    return said(words) if words else value


#: How the answers to a question are said; the others are words already.
SAYING: dict[str, Callable[[Any], str]] = {
    "amount": amount_words,
    "months": months_words,
    "purpose": purpose_words,
    "offers": offers_words,
    "max_rate": rate_words,
    "first_time": first_words,
    "area": area_words,
}


#: What besides the sum, the purpose and the term tells needs apart.
WHOLE = ("offers", "max_rate", "first_time", "area", "planned_name")


def source_of(need: needs.StatedNeed, name: str) -> str:
    """The title of the category from which the platform answered a question first."""
    category = need.prefilled.get(name, "")
    contract = load_region(settings.REGION).contracts.get(category)
    return said(contract.title) if contract else category


def summary(need: needs.StatedNeed, *more: str) -> str:
    """A need in one line; `more` are questions whose answers are told where there is one."""
    said_ = [answer_of(need, name) for name in ("amount", "purpose", "months")]
    said_ += [answer_of(need, name) for name in more if getattr(need, name) not in (None, "", [])]
    return _(", ").join(one for one in said_ if one) or _("nothing answered yet")
