"""What an author wrote of one column, made a characteristic, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from xinrong.catalogue.document import Document, Loc
from xinrong.catalogue.errors import Problem, Severity
from xinrong.catalogue.explain import did_you_mean
from xinrong.domain.criteria import Column, MissingReason, Type
from xinrong.domain.scorecards import CardFault, Characteristic, Kind
from xinrong.domain.text import Text
from xinrong.profiles.enums import Direction
from xinrong.rating.written import WrittenCharacteristic

_KINDS = {Type.BOOLEAN: Kind.FLAG, Type.CODE: Kind.CODE, Type.TEXT: Kind.CODE}
_FLAG = ("true", "false")


def kind_of(column: Column) -> Kind | None:
    """How the values of a column are compared; None for a date, which gives no points."""
    if column.type == Type.DATE:
        return None
    if column.numeric:
        return Kind.RATIO if column.inexact else Kind.NUMBER
    return _KINDS[column.type]


class Checker:
    """Checks the characteristics of one file against the columns of a profile."""

    def __init__(
        self,
        document: Document,
        columns: Mapping[str, Column],
        directions: Mapping[str, Direction],
    ) -> None:
        self.document, self.columns, self.directions = document, columns, directions
        self.problems: list[Problem] = []

    def characteristic(self, written: WrittenCharacteristic, loc: Loc) -> Characteristic | None:
        """The characteristic; None where something is wrong, which `problems` then says."""
        column = self.columns.get(written.column)
        if column is None:
            wrong = Text(
                zh=f"没有名为“{written.column}”的指标。",
                en=f"There is no indicator `{written.column}`.",
            )
            lawful = did_you_mean(written.column, self.columns)
            self._say("card_column_unknown", (*loc, "column"), wrong, lawful)
            return None
        kind = kind_of(column)
        found = [*self._kind(written, column, kind, loc), *self._words(written, column, loc)]
        self.problems += found
        if found or kind is None:
            return None
        try:
            made = _made(written, column, kind)
        except CardFault as fault:
            wrong = Text(zh=f"写法有误：{fault.wrong}。", en=f"{fault.wrong}.")
            remedy = Text(zh=f"请改正：{fault.remedy}", en=fault.remedy)
            key = "bands" if kind in (Kind.NUMBER, Kind.RATIO) else "values"
            self._say(fault.code, (*loc, key), wrong, remedy)
            return None
        self._direction(made, loc)
        return made

    def _say(
        self, code: str, loc: Loc, wrong: Text, remedy: Text, severity: Severity = Severity.ERROR
    ) -> None:
        self.problems.append(self.document.problem(code, loc, wrong, remedy, severity))

    def _kind(
        self, written: WrittenCharacteristic, column: Column, kind: Kind | None, loc: Loc
    ) -> Iterator[Problem]:
        """Bands are for numbers, values for codes and flags; dates and secrets give no points."""
        name, say = column.name, self.document.problem
        if column.share == "never":
            yield say(
                "card_column_secret",
                (*loc, "column"),
                Text(zh=f"“{name}”不与任何人共享。", en=f"`{name}` is shared with nobody."),
                Text(zh="请换一项指标。", en="Use another indicator."),
            )
        elif kind is None:
            yield say(
                "card_kind",
                (*loc, "column"),
                Text(zh=f"“{name}”是日期，不能计分。", en=f"`{name}` is a date and no measure."),
                Text(zh="请用距今天数的指标。", en="Use the indicator that counts days since."),
            )
        elif kind in (Kind.NUMBER, Kind.RATIO):
            if written.values or not written.bands:
                yield say(
                    "card_kind",
                    (*loc, "values" if written.values else "column"),
                    Text(zh=f"“{name}”是数值，应写分段。", en=f"`{name}` is a number."),
                    Text(zh="请改写 bands。", en="Write `bands`, the first one without `since`."),
                )
            else:
                yield from self._bands(written, loc)
        elif written.bands or written.special or not written.values:
            key = "bands" if written.bands else "special" if written.special else "column"
            yield say(
                "card_kind",
                (*loc, key),
                Text(
                    zh=f"“{name}”不是数值，应逐值计分。",
                    en=f"`{name}` is no number.",
                ),
                Text(zh="请改写 values。", en="Write `values`: the points of each value."),
            )

    def _bands(self, written: WrittenCharacteristic, loc: Loc) -> Iterator[Problem]:
        """The first band begins nowhere, every other one somewhere, each above the last."""
        for number, band in enumerate(written.bands):
            if (band.since is None) is not (number == 0):
                yield self.document.problem(
                    "card_bands",
                    (*loc, "bands", number),
                    Text(
                        zh="只有第一段不写 since，其余各段都要写。",
                        en="The first band has no `since`, and every other one has.",
                    ),
                    Text(zh="请改正 since。", en="Put `since` right."),
                )

    def _words(self, written: WrittenCharacteristic, column: Column, loc: Loc) -> Iterator[Problem]:
        """Only values that the contract knows, and reasons that there are."""
        lawful = _FLAG if column.type == Type.BOOLEAN else tuple(column.values)
        for key, names, code in (
            ("values", lawful, "card_value_unknown"),
            ("missing", tuple(MissingReason), "card_reason_unknown"),
        ):
            given: Mapping[str, int] = getattr(written, key)
            for name in given:
                if names and name not in names:
                    yield self.document.problem(
                        code,
                        (*loc, key, name),
                        Text(zh=f"不会有“{name}”。", en=f"`{name}` never occurs here."),
                        did_you_mean(name, names),
                    )

    def _direction(self, one: Characteristic, loc: Loc) -> None:
        """Points that fall where the indicator says that more is better are odd."""
        direction = self.directions.get(one.column, Direction.NEITHER)
        rising = direction is Direction.HIGHER
        if direction is Direction.NEITHER or not one.points:
            return
        if any((then < now) if not rising else (then > now) for then, now in pairwise(one.points)):
            words = ("越高越好", "higher") if rising else ("越低越好", "lower")
            self._say(
                "card_direction",
                (*loc, "bands"),
                Text(
                    zh=f"“{one.column}”{words[0]}，分数却相反。",
                    en=f"Of `{one.column}` {words[1]} is better, and the points go the other way.",
                ),
                Text(zh="请确认是否有意如此。", en="Make sure that this is meant."),
                Severity.WARNING,
            )


def _made(written: WrittenCharacteristic, column: Column, kind: Kind) -> Characteristic:
    """The characteristic of the domain. Raises CardFault."""
    special: dict[Decimal, int] = {one.value: one.points for one in written.special}
    return Characteristic(
        column=column.name,
        kind=kind,
        title=column.title,
        otherwise=written.otherwise,
        unseen=written.otherwise if written.unseen is None else written.unseen,
        neutral=written.neutral,
        cuts=tuple(one.since for one in written.bands if one.since is not None),
        points=tuple(one.points for one in written.bands),
        values=dict(written.values),
        special=special,
        missing={str(name): points for name, points in written.missing.items()},
        can_change=written.can_change,
    )
