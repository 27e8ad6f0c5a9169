"""The law of a region over the records of its catalogue: until when they show, and are kept.

Made once for each category, kind of owner, tier and day. The contract's own period is one more
limit beside the laws': the shortest wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from xinrong.catalogue.contract import Contract, Negative
from xinrong.catalogue.contract import Period as WrittenPeriod
from xinrong.catalogue.law_packs import law_for
from xinrong.catalogue.region import Region
from xinrong.domain.law import (
    NEVER,
    SLOTS,
    Cut,
    Law,
    LawRule,
    Limit,
    Matter,
    Period,
    Slot,
    Start,
    Terms,
    Tier,
    Topic,
)

#: (terms of an enterprise, terms of a person); one object where they do not differ.
Pair = tuple[Terms, Terms]
Cuts = tuple[Cut, Cut]
#: Past so many, days that nobody asks about any more are forgotten.
_MOST = 20_000


class RecordLaw:
    """What the law of a place says of each category's records."""

    def __init__(self, region: Region, law: Law | None = None) -> None:
        self.region = region
        self.law = law or law_for(region.info.jurisdictions)
        self._terms: dict[tuple[Topic, str, str, date], Pair] = {}
        self._cuts: dict[tuple[Topic, str, str, date], Cuts] = {}

    def terms(self, topic: Topic, category: str, tier: str, on: date) -> Pair:
        """The limits of a category's negative records of a tier ("": none) by the law of a day.

        Of an enterprise's records, and of a person's.
        """
        key = topic, category, tier, on
        known = self._terms.get(key)
        if known is None:
            if len(self._terms) >= _MOST:
                self._terms.clear()
                self._cuts.clear()
            enterprise, person = (self._made(*key, personal=who) for who in (False, True))
            known = enterprise, enterprise if person == enterprise else person
            self._terms[key] = known
        return known

    def cuts(self, topic: Topic, category: str, tier: str, today: date) -> Cuts:
        """What they come to on a day, by that day's law; one object where they do not differ."""
        key = topic, category, tier, today
        known = self._cuts.get(key)
        if known is None:
            enterprise, person = (one.cut(today) for one in self.terms(*key))
            known = enterprise, enterprise if person == enterprise else person
            self._cuts[key] = known
        return known

    def strictest(self, topic: Topic, category: str, tier: str, today: date) -> Cut:
        """What keeps to the law whoever owns the record: for figures over records of everybody."""
        enterprise, person = self.cuts(topic, category, tier, today)
        return enterprise.strictest(person)

    def rules(self, topic: Topic, negative: Negative) -> Iterator[LawRule]:
        """The rules that ever speak of such records, of whatever day and owner."""
        for rule in self.law.rules:
            if rule.topic == topic and (not rule.kinds or negative.kind in rule.kinds):
                yield rule

    def _made(self, topic: Topic, category: str, tier: str, on: date, *, personal: bool) -> Terms:
        contract = self.region.contracts[category]
        limits = list(_own(topic, contract))
        if contract.negative is not None:
            grave = Tier(tier) if tier else None
            kind = str(contract.negative.kind)
            asked = Matter(topic, on, personal=personal, kind=kind, tier=grave)
            limits += [_by_law(contract.negative, rule) for rule in self.law.applying(asked)]
        return Terms(tuple(limits), self.law.calendar)


def _own(topic: Topic, contract: Contract) -> Iterator[Limit]:
    """The limits that a contract sets itself."""
    period = contract.display if topic == Topic.DISPLAY else contract.retention
    if period is None:
        return
    yield Limit(period.start, length_of(period), source=period.source)
    if period.until:
        yield Limit(period.until, Period(), source=period.source, lasting=True)


def length_of(period: WrittenPeriod) -> Period:
    """The length of a contract's period."""
    return Period(period.years, period.months, period.days)


def _by_law(negative: Negative, rule: LawRule) -> Limit:
    """The limit of a rule. A date that no field of the category gives leaves its records undated.

    So a rule that counts from such a date is counted from the end, which then has to be there.
    """
    slot = _slot(negative, rule.start)
    lasting = negative.lasting and rule.start is Start.ENDED
    return Limit(slot or "end_date", rule.period, rule, lasting=lasting)


def _slot(negative: Negative, start: Start) -> Slot | None:
    """The date of a record from which a rule counts."""
    starts: Mapping[Start, str] = {
        Start.DETERMINED: negative.determined,
        Start.ENDED: negative.ended,
        Start.SERVED: negative.served,
    }
    name = starts.get(start, "")
    return next((slot for slot in SLOTS if slot == name), None)


def tier_of(contract: Contract, row: Mapping[str, Any]) -> str:
    """The tier of a record, from the row of the store that holds it; "" without one."""
    slot = tier_slot(contract)
    if not slot or contract.negative is None:
        return ""
    return str(contract.negative.tiers.get(str(row.get(slot)), ""))


def tier_slot(contract: Contract) -> str:
    """The column in which the tier of a category's records lies; "" where none does."""
    if contract.negative is None or not contract.negative.tier_by:
        return ""
    return contract.field(contract.negative.tier_by).slot


def tiers_of(contract: Contract) -> tuple[str, ...]:
    """Every tier that a record of the category can have, "" (none) among them."""
    if not tier_slot(contract) or contract.negative is None:
        return ("",)
    return ("", *sorted({str(tier) for tier in contract.negative.tiers.values()}))


_kept: dict[int, RecordLaw] = {}
#: Past so many the catalogue was loaded anew.
_MOST_REGIONS = 20


def record_law(region: Region) -> RecordLaw:
    """The law over the records of a region, made once for as long as it is served."""
    known = _kept.get(id(region))
    if known is None or known.region is not region:
        if len(_kept) >= _MOST_REGIONS:
            _kept.clear()
        known = _kept[id(region)] = RecordLaw(region)
    return known


def shown_sql(cut: Cut, prefix: str = "") -> str:
    """SQL that says whether a negative record keeps to a cut: TRUE or FALSE, never NULL."""
    kept = [
        f"coalesce({prefix}{slot} > DATE '{getattr(cut, slot)}', "
        f"{'FALSE' if slot in cut.needed else 'TRUE'})"
        for slot in SLOTS
        if slot in cut.needed or getattr(cut, slot) != NEVER
    ]
    return " AND ".join(kept) or "TRUE"


def over_sql(cut: Cut, prefix: str = "") -> str:
    """SQL that says whether a record is past a cut: TRUE or FALSE, never NULL."""
    past = [
        f"coalesce({prefix}{slot} <= DATE '{getattr(cut, slot)}', FALSE)"
        for slot in SLOTS
        if getattr(cut, slot) != NEVER
    ]
    return f"({' OR '.join(past)})" if past else "FALSE"


def used_sql(region: Region, category: str, today: date) -> str:
    """SQL over a record: whether it may be used in figures over everybody on a day.

    They keep to both laws, that of persons and that of enterprises.
    """
    contract, law = region.contracts[category], record_law(region)

    def kept(tier: str) -> str:
        return shown_sql(law.strictest(Topic.DISPLAY, category, tier, today))

    slot = tier_slot(contract)
    graded = [
        f"WHEN {slot} IN ({', '.join(_text(one) for one in values)}) THEN {kept(tier)}"
        for tier in tiers_of(contract)
        if (values := _values_of(contract, tier))
    ]
    plain = kept("")
    said = f"CASE {' '.join(graded)} ELSE {plain} END" if graded else plain
    return f"(polarity >= 0 OR ({said}))"


def _values_of(contract: Contract, tier: str) -> list[str]:
    """The values of the field that says so which are of a tier."""
    if contract.negative is None or not tier:
        return []
    return [value for value, named in contract.negative.tiers.items() if named == tier]


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
