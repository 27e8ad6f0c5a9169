"""Who may see which value: a plain model that imports nothing of the platform.

Written from the words of docs/decisions/0003. The driver tells it what was done and shows it each
answer; it says what stands there that must not, and what is missing. Every value is a marker.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

OWN_PURPOSE = {"loan_officer": "credit", "data_officer": "supervision",
               "operator": "operation", "representative": "self"}  # fmt: skip
OPEN_LEVEL = {"public": 1, "operation": 1, "credit": 2, "supervision": 2}
SELF_LEVEL, OWN_FEED_LEVEL = 5, 4
#: A text, a counterparty, a number with two places, a large whole number, an early day of 2026.
MARKER = re.compile(r"(?=[M戊\d])(?:MK\d{6}|戊\d{3}|(?<![\d.])\d{4,}\.\d\d(?!\d)|"
                    r"(?<![\d.])77\d{5}(?![\d.])|2026-0[1-6]-\d\d)")  # fmt: skip


class Actor(NamedTuple):
    """Somebody who asks: `bank` is the institution of an outlet, `firm` whom one represents."""

    name: str
    role: str = "public"
    organisation: str = ""
    bank: str = ""
    department: str = ""
    firm: int = -1


class Given(NamedTuple):
    """A consent that was not taken back."""

    firm: int
    to: str
    stages: tuple[str, ...]
    categories: tuple[str, ...]
    level: int
    ends: datetime


@dataclass
class Kept:
    """One record: whose it was sent as, its values by field, its sum in fen if it has one."""

    firm: int
    category: str
    values: dict[str, str]
    sign: int
    year: int
    fen: int = 0
    party: str = ""  # its counterparty, by name, if the register does not know that one
    hidden: set[str] = field(default_factory=set)  # the bases on which it is suppressed


@dataclass
class Oracle:
    """`share`, `levels` and that of the sum by category, `feeds` by department."""

    share: dict[str, str]
    levels: dict[str, dict[str, int]]
    sums: dict[str, int]
    feeds: dict[str, set[str]]
    records: dict[int, Kept] = field(default_factory=dict)
    consents: dict[int, Given] = field(default_factory=dict)
    dismissed: set[str] = field(default_factory=set)
    merged: dict[int, int] = field(default_factory=dict)  # absorbed -> survivor
    follows: dict[int, list[int]] = field(default_factory=dict)
    parties: dict[str, int] = field(default_factory=dict)  # a counterparty's name -> its firm
    then: dict[int, tuple[set[int], dict[int, int]]] = field(default_factory=dict)  # by seq

    def consented(self, who: Actor, firm: int, stage: str | None, now: datetime) -> Counter[str]:
        """Category -> the level up to which an enterprise's own consents open it."""
        levels = Counter[str]()
        for one in self.consents.values():
            usable = one.firm == firm and one.to in (who.organisation, who.bank)
            if usable and stage in one.stages and now < one.ends:
                for name in one.categories:
                    levels[name] = max(levels[name], one.level)
        return levels

    def reach(self, who: Actor, firm: int, purpose: str, stage: str | None,
              now: datetime) -> dict[str, int] | None:  # fmt: skip
        """Category, or name of a counterparty -> the deepest level shown; None: refused."""
        if who.name in self.dismissed or purpose not in ("public", OWN_PURPOSE.get(who.role)):
            return None
        own = purpose == "self"
        anothers = own and self.merged.get(who.firm, who.firm) != firm
        if anothers or (purpose == "credit") != (stage is not None):
            return None
        open_to = OPEN_LEVEL.get(purpose, SELF_LEVEL)
        reach = {name: open_to for name, share in self.share.items() if own or share == "open"}
        if purpose == "supervision":
            reach |= dict.fromkeys(self.feeds.get(who.department, ()), OWN_FEED_LEVEL)
        for name, level in self.consented(who, firm, stage, now).items():
            reach[name] = max(reach.get(name, 0), level)
        for name, one in self.parties.items():
            reach[name] = SELF_LEVEL if own else self.consented(who, one, stage, now)["guarantee"]
        return {name: level for name, level in reach.items() if self.share.get(name) != "never"}

    def shown(self, firm: int, reach: dict[str, int], at: int = 0) -> dict[int, set[str]]:
        """Record -> the values of it that are shown in an enterprise's file, now or as of a seq."""
        hidden, merged = self.then.get(at, (set(), self.merged))
        found: dict[int, set[str]] = {}
        for number, one in self.records.items():
            mine = merged.get(one.firm, one.firm) == firm and one.category in reach
            if mine and not one.hidden and number not in hidden:  # hidden now shows at no seq
                deep, levels = reach[one.category], self.levels[one.category]
                found[number] = {text for name, text in one.values.items() if levels[name] <= deep}
                if one.party and min(deep, reach[one.party]) >= levels["guaranteed"]:
                    found[number].add(one.party)
        return found

    def judge(
        self, service: str, firms: list[int], reaches: list[dict[str, int]], text: str,
        counted: dict[str, int] | None = None, at: int = 0,
    ) -> list[str]:  # fmt: skip
        """What is wrong with an answer about these enterprises, each with its own reach."""
        may, must, held = set[str](), set[str](), Counter[str]()
        for firm, reach in zip(firms, reaches, strict=True):
            cells = Counter[tuple[str, int, int]]()
            for number, texts in self.shown(firm, reach, at).items():
                one = self.records[number]
                held[one.category] += 1
                may |= texts
                if service == "comprehensive" or (service == "signs" and one.sign):
                    must |= texts
                if one.fen and self.sums[one.category] <= reach[one.category]:
                    cells[one.category, one.year, one.sign] += one.fen
            may |= (sums := {f"{fen // 100}.{fen % 100:02}" for fen in cells.values()})
            must |= sums if service == "cube" else set()
        seen = set(MARKER.findall(text))
        wrong = [f"{service} shows {one}" for one in sorted(seen - may)]
        wrong += [f"{service} lacks {one}" for one in sorted(must - seen)]
        for category, number in (counted or {}).items():
            if category not in reaches[0] or number != held[category]:
                wrong.append(f"{service} counts {number} of {category} instead of {held[category]}")
        return wrong

    def judge_figure(self, category: str, figure: int | None) -> list[str]:
        """What is wrong with the figure of how many firms have a record of a category."""
        firms = len({self.merged.get(one.firm, one.firm) for one in self.records.values()
                     if one.category == category and not one.hidden})  # fmt: skip
        right = figure is None or (firms >= 10 and figure % 10 == 0 and figure >= 10)
        return [] if right else [f"the count shows {figure} of {firms} in {category}"]
