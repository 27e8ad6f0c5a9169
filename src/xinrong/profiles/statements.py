"""All indicators of a category as one SQL statement.

The statement reads two relations, `held` (records with the enterprise whose they are) and `firm`
(the enterprises asked about, and whether each is inside the population), and answers with one row
for each of `firm`. For one enterprise by itself the same text goes without both: `held` are its
records, `$inside` says where it stands, and nothing is grouped by enterprise or joined, which
costs more than all the rows of one.

What lies after the day asked for is not there: records dated later, later days within a record
unless their contract says that they are known ahead (a due date), and the status of a record that
ended later. What was negative and is past its display period is not used either.
"""

# ruff: noqa: S608 - a statement is composed of checked definitions and names of the catalogue

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sqlglot import exp

from xinrong.catalogue.contract import Absence, Contract, FieldType, RecordField
from xinrong.catalogue.law_terms import tier_slot, tiers_of
from xinrong.profiles.definitions import (
    CALENDAR,
    Indicator,
    is_number,
)
from xinrong.profiles.enums import SQL_TYPES, Unit
from xinrong.profiles.expressions import (
    AS_OF,
    DIALECT,
    columns_in,
    is_additive,
    plain_condition,
    written_out,
)
from xinrong.profiles.windows import ALL

#: What every statement reads of a record, besides the slots of its fields.
BASE = ("enterprise", "category", "event_date", "end_date", "polarity")
#: A parameter of a statement.
PARAMETER = re.compile(r"\$([a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Statement:
    """What answers for all indicators of one category."""

    category: str
    sql: str  # over all of `firm`
    single: str  # over one enterprise, whose number it does not answer with
    indicators: tuple[str, ...]
    slots: tuple[str, ...]  # the columns of a record that it reads, without `enterprise`

    @cached_property
    def params(self) -> tuple[str, ...]:
        """The names of its parameters."""
        return tuple(sorted(set(PARAMETER.findall(self.sql))))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its answer, in order."""
        return ("enterprise", *self.indicators, "_reason")


@dataclass(frozen=True)
class Compiler:
    """Writes the statement of one category."""

    contract: Contract
    indicators: tuple[Indicator, ...]
    single: bool = False  # for one enterprise by itself

    def statement(self) -> Statement:
        """The statement over `held` and `firm`, and the one over one enterprise."""
        return Statement(
            self.contract.category,
            self.text(),
            replace(self, single=True).text(),
            tuple(one.id for one in self.indicators),
            tuple(sorted(self.slots - {"enterprise"})),
        )

    def text(self) -> str:
        """The statement as SQL."""
        return f"WITH {self._groups(self._own())}\n{self._answer()}"

    def behind(self, one: Indicator) -> str:
        """The records of `held` that an indicator draws on: key, batch, day, polarity.

        Those of its window that meet its condition, newest first; a part of a figure (the year
        before) has its own conditions within these.
        """
        own = self._own(("key", "batch", "polarity"))
        return (
            f"WITH {own}\nSELECT _key, _batch, event_date, _polarity\nFROM own\n"
            f"WHERE {condition_of(one)}\nORDER BY event_date DESC NULLS LAST, _key"
        )

    def lineage_text(self) -> str:
        """The same over the category's view, without what decides between 0 and unknown.

        It is what `trust` follows to the fields: each indicator has the column of its name.
        """
        return f"WITH {self._groups(self._own_of_view())}\n{self._raw_answer()}"

    # -- records ----------------------------------------------------------------------------

    def _own(self, more: Sequence[str] = ()) -> str:
        columns = [f"{self._value(field)} AS {_q(field.name)}" for field in self._read()]
        columns += [f"{name} AS _{name}" for name in more]
        kept = [
            f"category = '{self.contract.category}'",
            f"(event_date <= {AS_OF} OR event_date IS NULL)",
            *self._shown(),
        ]
        listed = ", ".join([*self._owner, "event_date", *columns])
        return f"own AS (\n  SELECT {listed}\n  FROM held\n  WHERE {' AND '.join(kept)}\n)"

    def _own_of_view(self) -> str:
        dated = next(field.name for field in self.contract.fields if field.slot == "event_date")
        fields = ", ".join(_q(field.name) for field in self._read())
        return (
            f"own AS (\n  SELECT subject AS enterprise, {_q(dated)} AS event_date"
            f"{', ' if fields else ''}{fields}\n  FROM {_q(self.contract.category)}\n"
            f"  WHERE {_q(dated)} <= {AS_OF}\n)"
        )

    def _read(self) -> list[RecordField]:
        """The fields that the indicators read."""
        names: set[str] = set()
        for one in self.indicators:
            for text in (one.sql, one.where, *one.inner.values()):
                names |= columns_in(text) - set(one.inner) if text else set()
            names |= {one.per} - {"", *CALENDAR}
        return [field for field in self.contract.fields if field.name in names]

    @property
    def slots(self) -> set[str]:
        """The columns of a record that the statement reads."""
        grave = {tier_slot(self.contract)} - {""}
        return {*BASE, *grave, *(field.slot for field in self._read())}

    def _value(self, field: RecordField) -> str:
        """A field's slot as an indicator reads it: money in fen, nothing of a later day."""
        if field.slot == "amount":
            return "amount"
        if field.type is FieldType.MONEY:
            return f"CAST({field.slot} * 100 AS BIGINT)"
        if field.type is FieldType.INTEGER:
            return f"CAST({field.slot} AS BIGINT)"
        if field.type is FieldType.DATE and field.slot != "event_date" and not field.future:
            return f"CASE WHEN {field.slot} <= {AS_OF} THEN {field.slot} END"
        if field.slot == "status" and self._ends:
            return f"CASE WHEN end_date > {AS_OF} THEN NULL ELSE status END"
        return field.slot

    @property
    def _ends(self) -> bool:
        """Whether the end date of a record is a day on which something happened."""
        return any(field.slot == "end_date" and not field.future for field in self.contract.fields)

    def _shown(self) -> list[str]:
        """Negative records are used only as long as they may be shown.

        One without the date that is needed is left out, but for the date of the event: that one is
        counted as undated.
        """
        if not can_end(self.contract):
            return []
        slot = tier_slot(self.contract)
        tiers = tiers_of(self.contract)
        if not slot:
            return [f"(polarity >= 0 OR ({_kept('')}))"]
        assert self.contract.negative is not None
        graded = [
            f"WHEN {slot} IN ({', '.join(repr(value) for value in values)}) THEN {_kept(tier)}"
            for tier in tiers
            if (values := [v for v, named in self.contract.negative.tiers.items() if named == tier])
        ]
        return [f"(polarity >= 0 OR CASE {' '.join(graded)} ELSE {_kept('')} END)"]

    # -- groups -----------------------------------------------------------------------------

    def _groups(self, own: str) -> str:
        parts = [own]
        for per in self._pers:
            inner = [
                f"{self._aggregate(one, text)} AS {_q(_inner(one, name))}"
                for one in self.indicators
                if one.per == per
                for name, text in one.inner.items()
            ]
            key = _key(per)
            listed = ", ".join([*self._owner, f"{key} AS _key", *inner])
            parts.append(
                f"by_{per} AS (\n  SELECT {listed}\n"
                f"  FROM own\n  WHERE {key} IS NOT NULL{self._within(per)}\n"
                f"  GROUP BY {', '.join([*self._owner, key])}\n)"
            )
        return ",\n".join(parts)

    def _within(self, per: str) -> str:
        """No groups of what no window of theirs reaches: an older record has no part in any."""
        keys = sorted({one.window_key for one in self.indicators if one.per == per})
        if ALL in keys:
            return ""
        return f" AND ({' OR '.join(in_window(key) for key in keys)})"

    @property
    def _pers(self) -> list[str]:
        return sorted({one.per for one in self.indicators if one.per})

    def _aggregate(self, one: Indicator, text: str) -> str:
        tree = written_out(text, self._numbers, condition_of(one))
        return tree.sql(dialect=DIALECT, identify=True)

    def _numbers(self, column: str) -> bool:
        return is_number(self.contract, column)

    def _over_groups(self, one: Indicator) -> str:
        tree = written_out(one.sql, lambda _name: True, "")
        renamed = tree.transform(
            lambda node: (
                exp.column(_inner(one, node.name), quoted=True)
                if isinstance(node, exp.Column) and node.name in one.inner
                else node
            )
        )
        return renamed.sql(dialect=DIALECT, identify=True)

    # -- answer -----------------------------------------------------------------------------

    def _over_all(self, *, counted: bool) -> str:
        """`o` with what is aggregated over records."""
        columns = [
            f"{self._aggregate(one, one.sql)} AS {_q(one.id)}"
            for one in self.indicators
            if not one.per
        ]
        if counted:
            columns += [
                "COUNT(*) - COUNT(event_date) AS _undated",
                *(
                    f"COUNT(CASE WHEN {in_window(key)} THEN 1 END) AS _seen_{key}"
                    for key in self._windows
                ),
            ]
        return f"(SELECT {', '.join([*self._owner, *columns])} FROM own{self._each}) AS o"

    def _over_each(self) -> dict[str, str]:
        """One relation `g_…` for each grouping, with what is aggregated over its groups."""
        found = {}
        for per in self._pers:
            outer = [
                f"{self._over_groups(one)} AS {_q(one.id)}"
                for one in self.indicators
                if one.per == per
            ]
            listed = ", ".join([*self._owner, *outer])
            found[per] = f"(SELECT {listed} FROM by_{per}{self._each}) AS g_{per}"
        return found

    @property
    def _owner(self) -> list[str]:
        """What says whose a row is."""
        return [] if self.single else ["enterprise"]

    @property
    def _each(self) -> str:
        return "" if self.single else " GROUP BY enterprise"

    def _joined(self, base: str) -> str:
        """The relations of the groupings, joined to one that has every enterprise asked about."""
        return "".join(
            f"\nLEFT JOIN {relation} ON g_{per}.enterprise = {base}.enterprise"
            for per, relation in self._over_each().items()
        )

    @property
    def _windows(self) -> list[str]:
        return sorted({one.window_key for one in self.indicators if one.series})

    def _raw_answer(self) -> str:
        columns = ", ".join(f"{self._raw(one)} AS {_q(one.id)}" for one in self.indicators)
        sources = f"{self._over_all(counted=False)}{self._joined('o')}"
        return f"SELECT o.enterprise, {columns}\nFROM {sources}"

    def _answer(self) -> str:
        columns = [f"{self._final(one)} AS {_q(one.id)}" for one in self.indicators]
        columns.append(f"{self._reason()} AS _reason")
        own = self._over_all(counted=True)
        if self.single:
            return _select(columns, ", ".join([own, *self._over_each().values()]))
        firm = f"firm AS f\nLEFT JOIN {own} ON o.enterprise = f.enterprise{self._joined('f')}"
        return _select(["f.enterprise AS enterprise", *columns], f"{firm}\nORDER BY f.enterprise")

    def _raw(self, one: Indicator) -> str:
        return f"{f'g_{one.per}' if one.per else 'o'}.{_q(one.id)}"

    def _final(self, one: Indicator) -> str:
        """The value in its unit: 0 where that is known, NULL where it is not."""
        value = self._raw(one)
        if is_additive(one.sql):
            zero = "FALSE" if one.unit is Unit.BOOLEAN else "0"
            sure = [f"o._seen_{one.window_key} > 0"] if one.series else []
            if self.contract.absence is Absence.MEANS_NONE:
                clear = f"{self._inside} AND COALESCE(o._undated, 0) = 0"
                sure.append(f"($covered_{one.window_key} AND {clear})")
            nothing = f"NULLIF({value}, {zero})"
            value = (
                f"CASE WHEN {' OR '.join(sure)} THEN COALESCE({value}, {zero}) ELSE {nothing} END"
                if sure
                else nothing
            )
        if one.unit is Unit.YUAN:
            fen = f"TRY_CAST({value} AS DECIMAL(18, 0))"
            value = f"{fen} * CAST(0.01 AS DECIMAL(2, 2))"
        return f"TRY_CAST({value} AS {SQL_TYPES[one.unit]})"

    @property
    def _inside(self) -> str:
        """Whether the enterprise is inside the population."""
        return "$inside" if self.single else "f.inside"

    def _reason(self) -> str:
        nothing = "0" if self.contract.absence is Absence.MEANS_NONE else "u"
        return (
            f"CASE WHEN $state = 'n' THEN 'n' WHEN NOT {self._inside} THEN 'o'"
            " WHEN COALESCE(o._undated, 0) > 0 THEN 'w' WHEN $state = 's' THEN 's'"
            f" ELSE '{nothing}' END"
        )


def can_end(contract: Contract) -> bool:
    """Whether a negative record of the category may be past its display period."""
    return contract.negative is not None or contract.display is not None


def _kept(tier: str) -> str:
    """That a record of a tier may be shown: its dates lie after those that are over."""
    told = f"_{tier}" if tier else ""
    return (
        f"(event_date IS NULL OR event_date > $shown{told})"
        f" AND COALESCE(end_date, $unended{told}) > $ended{told}"
    )


def in_window(key: str) -> str:
    """The condition that a record lies in a window; one without a date lies in none."""
    return f"event_date <= {AS_OF}" if key == ALL else f"event_date > ${key}"


def condition_of(one: Indicator) -> str:
    """Which records an indicator is about."""
    window = in_window(one.window_key)
    return f"{window} AND ({plain_condition(one.where)})" if one.where else window


def _key(per: str) -> str:
    if per == "month":
        return "(EXTRACT(YEAR FROM event_date) * 12 + EXTRACT(MONTH FROM event_date))"
    return "EXTRACT(YEAR FROM event_date)" if per == "year" else _q(per)


def _select(columns: Sequence[str], sources: str) -> str:
    listed = ",\n  ".join(columns)
    return f"SELECT\n  {listed}\nFROM {sources}"


def _inner(one: Indicator, name: str) -> str:
    return f"{one.id}__{name}"


def _q(name: str) -> str:
    return '"' + name + '"'
