"""Who beside the store keeps words of an enterprise that are its person's, and forgets them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from xinrong.work import services as work

#: Tables in which erased values may have stood: PostgreSQL writes them anew.
TABLES = (
    "store_hotrow",
    "store_deadrow",
    "collect_quarantinedrow",
    "collect_upload",
    "subjects_subject",
    "subjects_enterprise",
    "subjects_enterprisename",
    "subjects_registerchange",
    "subjects_retractedname",
    "subjects_namedsubject",
    "subjects_judgement",
    "subjects_decision",
    "subjects_succession",
    "accounts_organisation",
    "accounts_claim",
    "accounts_claimmove",
    "accounts_claimpaper",
    "accounts_dispute",
    "work_casemove",
    "work_casepaper",
)


@dataclass(frozen=True)
class Holder:
    """A part of the platform that keeps what people wrote about an enterprise, in `tables`.

    `count`: how many rows of an enterprise hold such words. `forget` puts other words in their
    place where they stood by a moment, in the caller's transaction; how many rows that changed: a
    second time none, so that a restore can repeat it.
    """

    name: str
    tables: tuple[str, ...]
    count: Callable[[int], int]
    forget: Callable[[int, str, datetime], int]


_HOLDERS: dict[str, Holder] = {}


def hold(holder: Holder) -> Holder:
    """Make it known; a capability that lies above does it as it is loaded."""
    _HOLDERS[holder.name] = holder
    return holder


hold(Holder("work", (), work.words_held, work.forget_words))


def words_held(enterprise: int) -> int:
    """How many rows hold words about an enterprise."""
    return sum(one.count(enterprise) for one in _HOLDERS.values())


def forget_words(enterprise: int, words: str, at: datetime) -> int:
    """Put `words` where they stood; how many rows that changed."""
    return sum(one.forget(enterprise, words, at) for one in _HOLDERS.values())


def tables() -> tuple[str, ...]:
    """Every table in which erased values may have stood."""
    more = (table for one in _HOLDERS.values() for table in one.tables)
    return tuple(dict.fromkeys((*TABLES, *more)))
