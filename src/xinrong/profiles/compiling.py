"""All indicators of a category as one SQL statement.

The statement reads two relations, `held` (records with the enterprise whose they are) and `firm`
(the enterprises asked about, and whether each is inside the population), and answers with one row
for each of `firm`. Whether that is one enterprise or all makes no difference to the text.

What lies after the day asked for is not there: records dated later, later days within a record
unless their contract says that they are known ahead (a due date), and the status of a record that
ended later. What was negative and is past its display period is not used either.
"""

# ruff: noqa: S608 - a statement is composed of checked definitions and names of the catalogue

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from sqlglot import exp

from xinrong.catalogue.contract import Absence, Contract, FieldType, RecordField
from xinrong.catalogue.region import Region
from xinrong.profiles.definitions import CALENDAR, Indicator, is_number, load_indicators
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
_PARAMETER = re.compile(r"\$([a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Statement:
    """What answers for all indicators of one category."""

    category: str
    sql: str
    indicators: tuple[str, ...]

    @cached_property
    def params(self) -> tuple[str, ...]:
        """The names of its parameters."""
        return tuple(sorted(set(_PARAMETER.findall(self.sql))))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its answer, in order."""
        return ("enterprise", *self.indicators, "_reason")


@dataclass(frozen=True)
class Compiler:
    """Writes the statement of one category."""

    contract: Contract
    indicators: tuple[Indicator, ...]

    def statement(self) -> Statement:
        """The statement over `held` and `firm`."""
        sql = f"WITH {self._groups(self._own())}\n{self._answer()}"
        return Statement(self.contract.category, sql, tuple(one.id for one in self.indicators))

    def lineage_text(self) -> str:
        """The same over the category's view, without what decides between 0 and unknown.

        It is what `trust` follows to the fields: each indicator has the column of its name.
        """
        return f"WITH {self._groups(self._own_of_view())}\n{self._raw_answer()}"

    # -- records ----------------------------------------------------------------------------

    def _own(self) -> str:
        columns = [f"{self._value(field)} AS {_q(field.name)}" for field in self._read()]
        kept = [
            f"category = '{self.contract.category}'",
            f"(event_date <= {AS_OF} OR event_date IS NULL)",
            *self._shown(),
        ]
        listed = ", ".join(["enterprise", "event_date", *columns])
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
        return {*BASE, *(field.slot for field in self._read())}

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
        """Negative records are used only as long as they may be shown."""
        period = self.contract.display
        if period is None:
            return []
        kept = f"{period.start} > $shown"
        if period.start == "event_date":
            kept = f"event_date IS NULL OR {kept}"
        if period.until:
            kept = f"({kept}) AND (end_date IS NULL OR end_date >= {AS_OF})"
        return [f"(polarity >= 0 OR ({kept}))"]

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
            parts.append(
                f"by_{per} AS (\n  SELECT enterprise, {key} AS _key, {', '.join(inner)}\n"
                f"  FROM own\n  WHERE {key} IS NOT NULL\n  GROUP BY enterprise, {key}\n)"
            )
        return ",\n".join(parts)

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

    def _sources(self, start: str, *, counted: bool) -> str:
        """`o` with what is aggregated over records, one relation for each grouping."""
        columns = [
            f"{self._aggregate(one, one.sql)} AS {_q(one.id)}"
            for one in self.indicators
            if not one.per
        ]
        if counted:
            columns += [
                "COUNT(*) FILTER (WHERE event_date IS NULL) AS _undated",
                *(
                    f"COUNT(*) FILTER (WHERE {in_window(key)}) AS _seen_{key}"
                    for key in self._windows
                ),
            ]
        listed = "".join(f", {column}" for column in columns)
        text = f"(SELECT enterprise{listed} FROM own GROUP BY enterprise) AS o"
        text = f"{start}{text}" + (" ON o.enterprise = f.enterprise" if start else "")
        for per in self._pers:
            outer = ", ".join(
                f"{self._over_groups(one)} AS {_q(one.id)}"
                for one in self.indicators
                if one.per == per
            )
            base = "f" if start else "o"
            text += (
                f"\nLEFT JOIN (SELECT enterprise, {outer} FROM by_{per} GROUP BY enterprise)"
                f" AS g_{per} ON g_{per}.enterprise = {base}.enterprise"
            )
        return text

    @property
    def _windows(self) -> list[str]:
        return sorted({one.window_key for one in self.indicators if one.series})

    def _raw_answer(self) -> str:
        columns = ", ".join(f"{self._raw(one)} AS {_q(one.id)}" for one in self.indicators)
        return f"SELECT o.enterprise, {columns}\nFROM {self._sources('', counted=False)}"

    def _answer(self) -> str:
        columns = ",\n  ".join(f"{self._final(one)} AS {_q(one.id)}" for one in self.indicators)
        sources = self._sources("firm AS f\nLEFT JOIN ", counted=True)
        return (
            f"SELECT\n  f.enterprise AS enterprise,\n  {columns},\n  {self._reason()} AS _reason\n"
            f"FROM {sources}\nORDER BY f.enterprise"
        )

    def _raw(self, one: Indicator) -> str:
        return f"{f'g_{one.per}' if one.per else 'o'}.{_q(one.id)}"

    def _final(self, one: Indicator) -> str:
        """The value in its unit: 0 where that is known, NULL where it is not."""
        value = self._raw(one)
        if is_additive(one.sql):
            zero = "FALSE" if one.unit is Unit.BOOLEAN else "0"
            sure = [f"o._seen_{one.window_key} > 0"] if one.series else []
            if self.contract.absence is Absence.MEANS_NONE:
                clear = "f.inside AND COALESCE(o._undated, 0) = 0"
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

    def _reason(self) -> str:
        nothing = "0" if self.contract.absence is Absence.MEANS_NONE else "u"
        return (
            "CASE WHEN $state = 'n' THEN 'n' WHEN NOT f.inside THEN 'o'"
            " WHEN COALESCE(o._undated, 0) > 0 THEN 'w' WHEN $state = 's' THEN 's'"
            f" ELSE '{nothing}' END"
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


def _inner(one: Indicator, name: str) -> str:
    return f"{one.id}__{name}"


def _q(name: str) -> str:
    return '"' + name + '"'


@dataclass(frozen=True)
class Compiled:
    """All statements of a region, and what they read."""

    statements: tuple[Statement, ...]
    slots: tuple[str, ...]  # columns of a record, without `enterprise`

    registers: tuple[str, ...]  # categories that register feeds fill

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that are read, in the order of the statements."""
        return tuple(one.category for one in self.statements)

    @property
    def categories_held(self) -> tuple[str, ...]:
        """Those of which records are needed: an entry of a register says who is inside."""
        return tuple(dict.fromkeys((*self.categories, *self.registers)))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The indicators, in the order of a profile's columns."""
        return tuple(name for one in self.statements for name in one.indicators)


def compiler_of(region: str, category: str) -> Compiler:
    """What writes the statement of one category of a region."""
    known = load_indicators(region)
    return Compiler(known.region.contracts[category], known.of(category))


@cache
def compiled(region: str) -> Compiled:
    """The statements of a region, written once in a process. Raises DefinitionError."""
    known = load_indicators(region)
    compilers = [compiler_of(region, name) for name in known.categories]
    slots: set[str] = set(BASE).union(*(one.slots for one in compilers)) - {"enterprise"}
    return Compiled(
        tuple(one.statement() for one in compilers),
        tuple(sorted(slots)),
        register_categories_of(known.region),
    )


def group_fields(indicators: Sequence[Indicator]) -> dict[str, str]:
    """Indicator → the field by which its records are grouped, which its answer tells of."""
    return {one.id: one.per for one in indicators if one.per and one.per not in CALENDAR}


def register_categories_of(region: Region) -> tuple[str, ...]:
    """The categories that register feeds fill: who is in one is inside the population."""
    return tuple(sorted({one.category for one in region.feeds.values() if one.register_feed}))
