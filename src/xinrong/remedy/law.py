"""The clocks of remedies, as the law packs have them: which rule runs in a place, and how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xinrong.catalogue.law_packs import law_for
from xinrong.catalogue.region import read_yaml, regions_root
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.domain.law import Evidence, LawRule, Matter, Topic
from xinrong.domain.process import Length, Source, days, working_days

#: Whose law holds where a region names no jurisdictions, or those it names have no rule.
NATION = ("CN",)


@dataclass(frozen=True)
class Rule:
    """How long the rule of a topic gives, in calendar or in working days, and what it rests on."""

    law: LawRule

    @property
    def jurisdiction(self) -> str:
        """Where it holds."""
        return self.law.jurisdiction

    @property
    def length(self) -> Length:
        """How long. Raises ValueError for a rule of years or months, and for one of no time."""
        period = self.law.period
        if period.years or period.months:
            raise ValueError(f"{self.law.id} does not count days")
        if period.working_days:
            return working_days(period.working_days)
        return days(period.days)

    @property
    def source(self) -> Source:
        """What it rests on."""
        agreed = self.law.evidence is Evidence.AGREED
        return Source(self.law.document.title.zh, self.law.article, agreed=agreed)

    @property
    def rank(self) -> float:
        """Its length in calendar days, five working days being a week: for comparing only."""
        period = self.law.period
        return period.years * 365 + period.months * 30 + period.days + period.working_days * 7 / 5


def shortest(topic: Topic, jurisdictions: Sequence[str], on: date | None = None) -> Rule:
    """The rule of a duty that runs in a place: the shortest, the nearest among equals.

    `on` is the day whose law is asked for, today when None. A process has one table for all who
    come, so what binds about persons or about enterprises alone runs for both: nobody waits longer
    than the law allows. Raises KeyError for a topic without a rule for the nation.
    """
    day = on or day_in_china(SystemClock().now())
    places = list(jurisdictions)
    binding = _binding(topic, places, day) or _binding(topic, NATION, day)
    if not binding:
        raise KeyError(topic)
    return min(binding, key=lambda one: (one.rank, -_place(places, one.jurisdiction)))


def _binding(topic: Topic, places: Sequence[str], on: date) -> list[Rule]:
    law = law_for(places)
    matters = [Matter(topic, on, personal=personal) for personal in (False, True)]
    found = {rule.id: rule for matter in matters for rule in law.applying(matter)}
    return [Rule(rule) for rule in found.values()]


def _place(places: list[str], jurisdiction: str) -> int:
    return places.index(jurisdiction) if jurisdiction in places else -1


def jurisdictions_of(region: str) -> tuple[str, ...]:
    """The jurisdictions of a region, from the nation down; those of the nation for none."""
    path = regions_root() / region / "region.yaml"
    if not path.is_file():
        return NATION
    return tuple(read_yaml(path).get("jurisdictions") or NATION)
