"""Who may see which value: a plain model that imports nothing of the platform.

Written from the words of docs/decisions/0003, never from the code. The driver tells it what was
done and shows it each answer; it says what stands there that must not, and what is missing.
Every value of every record is a marker, a text that occurs nowhere else.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

OWN_PURPOSE = {"loan_officer": "credit", "data_officer": "supervision",
               "operator": "operation", "representative": "self"}  # fmt: skip
OPEN_LEVEL = {"public": 1, "operation": 1, "credit": 2, "supervision": 2}
SELF_LEVEL, OWN_FEED_LEVEL = 5, 4
#: A text, a number with two places, a large whole number, a day of 2022 or 2023.
MARKER = re.compile(
    r"MK\d{6}|(?<![\d.])\d{4,}\.\d\d(?!\d)|(?<![\d.])77\d{5}(?![\d.])|202[23]-\d\d-\d\d"
)


@dataclass(frozen=True)
class Actor:
    """Somebody who asks: `bank` is the institution of an outlet, `firm` whom one represents."""

    name: str
    role: str = "public"
    organisation: str = ""
    bank: str = ""
    department: str = ""
    firm: int = -1


@dataclass
class Kept:
    """One record: whose it was sent as, its values by field, its sum in fen if it has one."""

    firm: int
    category: str
    values: dict[str, str]
    sign: int
    year: int
    fen: int = 0
    suppressed: bool = False


@dataclass
class Given:
    """A consent."""

    firm: int
    to: str
    stages: tuple[str, ...]
    categories: tuple[str, ...]
    level: int
    begins: datetime
    ends: datetime
    revoked: bool = False


@dataclass
class Oracle:
    """`share`, `levels` and the field that is summed by category, `feeds` by department."""

    share: dict[str, str]
    levels: dict[str, dict[str, int]]
    sums: dict[str, str]
    feeds: dict[str, set[str]]
    records: dict[int, Kept] = field(default_factory=dict)
    consents: dict[int, Given] = field(default_factory=dict)
    dismissed: set[str] = field(default_factory=set)
    merged: dict[int, int] = field(default_factory=dict)  # absorbed -> survivor
    follows: dict[int, list[int]] = field(default_factory=dict)

    def is_now(self, firm: int) -> int:
        """The enterprise as which one answers."""
        return self.merged.get(firm, firm)

    def reach(self, who: Actor, firm: int, purpose: str, stage: str | None,
              now: datetime) -> dict[str, int] | None:  # fmt: skip
        """Category -> the deepest level shown; None: the query is refused."""
        if who.name in self.dismissed or purpose not in ("public", OWN_PURPOSE.get(who.role)):
            return None
        anothers = purpose == "self" and self.is_now(who.firm) != firm
        if anothers or (purpose == "credit") != (stage is not None):
            return None
        open_to = OPEN_LEVEL.get(purpose, SELF_LEVEL)
        shares = ("open", "consent") if purpose == "self" else ("open",)
        reach = {name: open_to for name, share in self.share.items() if share in shares}
        if purpose == "supervision":
            reach |= dict.fromkeys(self.feeds.get(who.department, ()), OWN_FEED_LEVEL)
        for one in self.consents.values() if purpose == "credit" else ():
            usable = one.firm == firm and one.to in (who.organisation, who.bank)
            in_force = not one.revoked and one.begins <= now < one.ends
            if usable and in_force and stage in one.stages:
                for name in one.categories:
                    reach[name] = max(reach.get(name, 0), one.level)
        return {name: level for name, level in reach.items() if self.share[name] != "never"}

    def shown(self, firm: int, reach: dict[str, int]) -> dict[int, set[str]]:
        """Record -> the values of it that are shown in the file of an enterprise."""
        return {
            number: {text for name, text in one.values.items()
                     if self.levels[one.category][name] <= reach[one.category]}
            for number, one in self.records.items()
            if self.is_now(one.firm) == firm and not one.suppressed and one.category in reach
        }  # fmt: skip

    def sums_of(self, shown: dict[int, set[str]], reach: dict[str, int]) -> set[str]:
        """The sums that a cube may show: of records of a category, year and sign."""
        cells: dict[tuple[str, int, int], int] = defaultdict(int)
        for one in (self.records[number] for number in shown):
            deep = self.levels[one.category].get(self.sums.get(one.category, ""), 9)
            if one.fen and deep <= reach[one.category]:
                cells[one.category, one.year, one.sign] += one.fen
        return {f"{fen // 100}.{fen % 100:02}" for fen in cells.values()}

    def judge(
        self, service: str, firms: list[int], reaches: list[dict[str, int]], text: str,
        counted: dict[str, int] | None = None,
    ) -> list[str]:  # fmt: skip
        """What is wrong with an answer about these enterprises, each with its own reach."""
        may, must = set[str](), set[str]()
        for firm, reach in zip(firms, reaches, strict=True):
            shown = self.shown(firm, reach)
            may |= set().union(*shown.values(), sums := self.sums_of(shown, reach))
            if service == "comprehensive":
                must |= set().union(*shown.values())
            elif service == "signs":
                must |= set().union(*(v for n, v in shown.items() if self.records[n].sign))
            elif service == "cube":
                must |= sums
        seen = set(MARKER.findall(text))
        wrong = [f"{service} shows {one}" for one in sorted(seen - may)]
        wrong += [f"{service} lacks {one}" for one in sorted(must - seen)]
        held = Counter(self.records[one].category for one in self.shown(firms[0], reaches[0]))
        for category, number in (counted or {}).items():
            if category not in reaches[0] or number != held[category]:
                wrong.append(f"{service} counts {number} of {category} instead of {held[category]}")
        return wrong

    def judge_figure(self, category: str, figure: int | None) -> list[str]:
        """What is wrong with the figure of how many firms have a record of a category."""
        firms = len({self.is_now(one.firm) for one in self.records.values()
                     if one.category == category and not one.suppressed})  # fmt: skip
        right = figure is None or (firms >= 10 and figure % 10 == 0 and figure >= 10)
        return [] if right else [f"the count shows {figure} of {firms} in {category}"]
