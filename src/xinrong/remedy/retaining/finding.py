"""What the law of a day no longer lets be shown, or kept: found in the store, range by range.

Records whose display period is over are looked for among all that are still shown. Records whose
retention is over are looked for among the suppressed ones too: they are kept all the same.
Negative information about a person is erased by the law's rules; of anybody, what its contract
says is kept no longer. What is undated is neither: nobody can tell that its period is over.
"""

# ruff: noqa: S608 - composed of the catalogue's names and days of ours

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from xinrong.catalogue.contract import Contract
from xinrong.catalogue.law_terms import RecordLaw, over_sql, tier_of, tier_slot, tiers_of
from xinrong.catalogue.region import Region
from xinrong.domain.law import Cut, Limit, Terms, Topic
from xinrong.store.services import RecordId, Snapshot, bucket_count, range_scan, rows_held
from xinrong.subjects.services import identity_map, persons

#: Records of a range, roughly: what is looked at in one statement.
RANGE_ROWS = 4_000_000
#: Category and tier -> the cut that holds for it.
Choice = Callable[[str, str], Cut]


@dataclass(frozen=True)
class Over:
    """One record whose period is over: since which day, by which limit, and whose it is.

    `enterprise` is 0 where the record is linked to nobody.
    """

    record: RecordId
    enterprise: int
    until: date
    limit: Limit


@dataclass(frozen=True)
class Owners:
    """Whose each subject is, and whether the law of persons binds: a relation for the engine."""

    table: pa.Table

    @classmethod
    def of(cls, snapshot: Snapshot) -> Owners:
        """Those of a snapshot."""
        subjects, enterprises = identity_map(snapshot.seq, snapshot.using)
        personal = np.isin(enterprises, persons(snapshot.using))
        return cls(pa.table({"subject": subjects, "enterprise": enterprises, "person": personal}))


@dataclass(frozen=True)
class Sweep:
    """The law of one day over one region."""

    region: Region
    law: RecordLaw
    today: date

    def step(self, snapshot: Snapshot) -> int:
        """How many buckets are looked at in one statement."""
        ranges = max(1, -(-rows_held(snapshot) // RANGE_ROWS))
        return max(1, -(-bucket_count() // ranges))

    # -- display ----------------------------------------------------------------------------

    def display(self, snapshot: Snapshot, owners: Owners, low: int, high: int) -> list[Over]:
        """The records of some buckets that are still shown although their period is over."""
        names = [name for name, one in self.region.contracts.items() if _can_end(one)]
        rows = self._rows(snapshot, owners, (low, high), names, self._display_sql, "r.polarity < 0")
        return [found for row in rows if (found := self._display_over(row)) is not None]

    def _display_sql(self, category: str) -> str:
        enterprise = self._by_tier(category, lambda name, tier: self._cut(name, tier, 0))
        person = self._by_tier(category, lambda name, tier: self._cut(name, tier, 1))
        if person == enterprise:
            return enterprise
        return f"CASE WHEN person THEN {person} ELSE {enterprise} END"

    def _cut(self, category: str, tier: str, person: int) -> Cut:
        return self.law.cuts(Topic.DISPLAY, category, tier, self.today)[person]

    def _display_over(self, row: dict[str, Any]) -> Over | None:
        tier = tier_of(self.region.contracts[row["category"]], row)
        pair = self.law.terms(Topic.DISPLAY, row["category"], tier, self.today)
        return self._over(row, pair[row["person"]])

    # -- retention --------------------------------------------------------------------------

    def retention(self, snapshot: Snapshot, owners: Owners, low: int, high: int) -> list[Over]:
        """The records of some buckets that may be kept no longer.

        The snapshot is one that shows suppressed records.
        """
        names = [
            name
            for name, one in self.region.contracts.items()
            if one.retention is not None or one.negative is not None
        ]
        rows = self._rows(snapshot, owners, (low, high), names, self._retention_sql, "TRUE")
        return [found for row in rows if (found := self._retention_over(row)) is not None]

    def _retention_sql(self, category: str) -> str:
        own = over_sql(self.kept(category).cut(self.today), "r.")
        person = self._by_tier(
            category,
            lambda name, tier: self.law.cuts(Topic.RETENTION, name, tier, self.today)[1],
        )
        return f"CASE WHEN person AND r.polarity < 0 THEN {person} ELSE {own} END"

    def kept(self, category: str) -> Terms:
        """How long the contract itself lets a category's records be kept, of whatever sign."""
        terms, _ = self.law.terms(Topic.RETENTION, category, "", self.today)
        return Terms(tuple(one for one in terms.limits if one.rule is None), terms.calendar)

    def _retention_over(self, row: dict[str, Any]) -> Over | None:
        category = row["category"]
        if not (row["person"] and row["polarity"] < 0):
            return self._over(row, self.kept(category))
        tier = tier_of(self.region.contracts[category], row)
        return self._over(row, self.law.terms(Topic.RETENTION, category, tier, self.today)[1])

    # -- both -------------------------------------------------------------------------------

    def _by_tier(self, category: str, cut: Choice) -> str:
        """SQL that says whether a record is past the cut of its tier."""
        contract = self.region.contracts[category]
        slot, plain = tier_slot(contract), over_sql(cut(category, ""), "r.")
        if not slot or contract.negative is None:
            return plain
        graded = [
            f"WHEN r.{slot} IN ({', '.join(_text(value) for value in values)})"
            f" THEN {over_sql(cut(category, tier), 'r.')}"
            for tier in tiers_of(contract)
            if (values := [one for one, named in contract.negative.tiers.items() if named == tier])
        ]
        return f"CASE {' '.join(graded)} ELSE {plain} END" if graded else plain

    def _rows(
        self,
        snapshot: Snapshot,
        owners: Owners,
        bounds: tuple[int, int],
        categories: list[str],
        condition: Callable[[str], str],
        about: str,
    ) -> Iterator[dict[str, Any]]:
        told = {name: condition(name) for name in categories}
        asked = {name: sql for name, sql in told.items() if sql != "FALSE"}
        if not asked:
            return
        cases = " ".join(f"WHEN {_text(name)} THEN {sql}" for name, sql in asked.items())
        slots = {tier_slot(self.region.contracts[name]) for name in asked} - {""}
        columns = ["category", "key", "subject", "event_date", "end_date", "polarity"]
        listed = ", ".join(f"r.{name}" for name in [*columns, *sorted(slots)])
        sql = (
            f"SELECT {listed}, o.enterprise, o.person FROM record AS r "
            "LEFT JOIN (SELECT subject, enterprise, person FROM owner) AS o "
            "ON o.subject = r.subject "
            f"WHERE {about} AND r.category IN ({', '.join(_text(name) for name in asked)}) "
            f"AND CASE r.category {cases} ELSE FALSE END ORDER BY r.category, r.key, r.subject"
        )
        with range_scan(snapshot) as scan:
            scan.cursor.register("owner", owners.table)
            scan.bind(*bounds)
            found = scan.cursor.sql(sql).to_arrow_table()
        for row in found.to_pylist():
            yield {**row, "person": bool(row["person"]), "enterprise": row["enterprise"] or 0}

    def _over(self, row: dict[str, Any], terms: Terms) -> Over | None:
        """The record with the limit by which it is over; None where its dates do not say so."""
        until = terms.first_over(row["event_date"], row["end_date"], self.today)
        if until is None or until.day is None or until.limit is None:
            return None
        record = RecordId(row["category"], row["key"], row["subject"])
        return Over(record, row["enterprise"], until.day, until.limit)


def _can_end(contract: Contract) -> bool:
    """Whether a negative record of the category may be past its display period."""
    return contract.negative is not None or contract.display is not None


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
