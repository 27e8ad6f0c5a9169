"""Why a criterion says yes, no or cannot tell: condition by condition, and what would change it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from xinrong.domain.criteria.answering import Row
from xinrong.domain.criteria.columns import Column, MissingReason
from xinrong.domain.criteria.conditions import Gap, PreparedCondition, Reasons
from xinrong.domain.criteria.possible import Follower, TooBranched
from xinrong.domain.criteria.tree import AllOf, AnyOf, Expression, Known, Plan, Wanted, plan
from xinrong.domain.text import Text

#: Ways to yes that are followed for each part of a criterion.
MAX_WAYS = 16
_NO_REASONS: Reasons = MappingProxyType({})


class Outcome(StrEnum):
    """The answer to a criterion or to one condition."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


OUTCOME_WORDS = MappingProxyType(
    {
        Outcome.YES: Text(zh="符合", en="yes"),
        Outcome.NO: Text(zh="不符合", en="no"),
        Outcome.UNKNOWN: Text(zh="无法判断", en="cannot tell"),
    }
)
_OUTCOMES = {True: Outcome.YES, False: Outcome.NO, None: Outcome.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Missing:
    """A column without a value, and why it has none."""

    column: Column
    reason: MissingReason


@dataclass(frozen=True, slots=True)
class ConditionOutcome:
    """One condition: its answer, the sentence, whether it is among those that decide.

    A condition under NOT is put as what is needed: NOT staff >= 10 needs fewer than 10. `at` is
    its character in the text of the criterion.
    """

    at: int
    outcome: Outcome
    sentence: Text
    decides: bool
    missing: tuple[Missing, ...]
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class Change:
    """One condition that is not met, and what would have to change for it to be."""

    at: int
    sentence: Text
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class _Group:
    """Parts joined by AND or OR. `settles`: the answer of one part that settles the whole.

    `numbers` are the parts where all of them are conditions, which most groups are made of.
    """

    parts: tuple[_Node, ...]
    settles: bool  # one yes settles an OR, one no settles an AND
    numbers: tuple[int, ...]


#: A condition by its number, or what connects several.
_Node = int | _Group


class _Unasked:
    """Stands for the answer of a condition that was not needed yet."""


_UNASKED = _Unasked()


class Explainer:
    """A criterion ready to be explained. Make it once for each criterion, use it for every row."""

    def __init__(self, expression: Expression) -> None:
        self.expression = expression
        self.conditions: list[PreparedCondition] = []
        self._numbers: dict[Wanted, int] = {}
        self.root = self._numbered(plan(expression.condition))
        self.answers = tuple(one.answer for one in self.conditions)
        #: Conditions that ask whether a column is known, by number.
        self.asks_known = tuple(
            (number, one.leaf.column.name)
            for number, one in enumerate(self.conditions)
            if isinstance(one.leaf, Known)
        )

    def _numbered(self, part: Plan) -> _Node:
        """The plan with numbers for conditions; one that is repeated has one number."""
        if isinstance(part, AllOf | AnyOf):
            parts = tuple(self._numbered(one) for one in part.parts)
            numbers = tuple(dict.fromkeys(one for one in parts if isinstance(one, int)))
            flat = all(isinstance(one, int) for one in parts)
            return _Group(parts, isinstance(part, AnyOf), numbers if flat else ())
        if part not in self._numbers:
            self._numbers[part] = len(self.conditions)
            self.conditions.append(PreparedCondition(part))
        return self._numbers[part]

    def explain(self, row: Row, as_of: date, reasons: Reasons = _NO_REASONS) -> Explanation:
        """The explanation for one row on a day; `reasons` says of a column why it is missing.

        Whether a column is known that is withheld from whoever reads this cannot be told.
        """
        return Explanation(self, row, as_of, reasons)


class Explanation:
    """The answer for one enterprise, with its reasons; words are made when they are asked for."""

    def __init__(self, explainer: Explainer, row: Row, as_of: date, reasons: Reasons) -> None:
        self._explainer = explainer
        self._row = row
        self._as_of = as_of
        self._reasons = reasons
        #: The answer of each condition, asked when it is needed: one no of an AND is enough.
        self._asked: list[bool | _Unasked | None] = [_UNASKED] * len(explainer.answers)
        for number, name in explainer.asks_known:
            if row.get(name) is None and reasons.get(name) == MissingReason.WITHHELD:
                self._asked[number] = None
        said, self._deciding = self._decided(explainer.root)
        self.outcome = _OUTCOMES[said]

    @cached_property
    def _results(self) -> list[bool | None]:
        """The answers of all conditions."""
        return [self._result(number) for number in range(len(self._asked))]

    def _result(self, number: int) -> bool | None:
        said = self._asked[number]
        if isinstance(said, _Unasked):
            said = self._explainer.answers[number](self._row, self._as_of)
            self._asked[number] = said
        return said

    def _decided(self, node: _Node) -> tuple[bool | None, Collection[int]]:
        """The answer of a part, and the fewest conditions from which it follows.

        For "cannot tell": those that are open and would matter.
        """
        if isinstance(node, int):
            return self._result(node), (node,)
        if node.numbers:
            return self._decided_flat(node)
        settles = node.settles
        smallest: Collection[int] | None = None
        all_, open_ = [], []
        for part in node.parts:
            said, why = self._decided(part)
            if said is settles:
                smallest = why if smallest is None or len(why) < len(smallest) else smallest
                if len(why) == 1:
                    break
            elif said is None:
                open_.append(why)
            else:
                all_.append(why)
        if smallest is not None:
            return settles, smallest
        if open_:
            return None, frozenset().union(*open_)
        return not settles, frozenset().union(*all_)

    def _decided_flat(self, node: _Group) -> tuple[bool | None, Collection[int]]:
        """The same for conditions side by side: the first that settles it is enough."""
        open_: list[int] = []
        settles, asked = node.settles, self._asked
        for number in node.numbers:
            said = asked[number]
            if said is _UNASKED:
                said = asked[number] = self._explainer.answers[number](self._row, self._as_of)
            if said is settles:
                return settles, (number,)
            if said is None:
                open_.append(number)
        return (None, open_) if open_ else (not settles, node.numbers)

    @cached_property
    def conditions(self) -> tuple[ConditionOutcome, ...]:
        """Every condition in the order of the text."""
        return tuple(self._condition(number) for number in range(len(self._results)))

    @property
    def deciding(self) -> tuple[ConditionOutcome, ...]:
        """The fewest conditions from which the answer follows; the open ones for "cannot tell"."""
        return tuple(self._condition(number) for number in sorted(self._deciding))

    def sentences(self, language: str) -> list[str]:
        """The sentences of the conditions that decide, for a language tag."""
        tag = "en" if language.lower().startswith("en") else "zh"
        given, row, day, why = self._explainer.conditions, self._row, self._as_of, self._reasons
        return [given[number].sentence(row, day, why, tag) for number in sorted(self._deciding)]

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What "cannot tell" lacks: each column once, with the reason; empty for yes and no."""
        if self.outcome != Outcome.UNKNOWN:
            return ()
        found = [one for number in sorted(self._deciding) for one in self._missing(number)]
        return tuple(dict.fromkeys(found))

    def _missing(self, number: int) -> tuple[Missing, ...]:
        columns = self._explainer.conditions[number].missing(self._row)
        default = MissingReason.NOT_KNOWN
        return tuple(Missing(one, self._reasons.get(one.name, default)) for one in columns)

    def _condition(self, number: int) -> ConditionOutcome:
        condition = self._explainer.conditions[number]
        said = self._results[number]
        return ConditionOutcome(
            condition.at,
            _OUTCOMES[said],
            self._text(condition.sentence),
            number in self._deciding,
            self._missing(number),
            None if said else condition.gap(self._row, self._as_of),
        )

    def _text(self, words: _Words) -> Text:
        zh, en = (words(self._row, self._as_of, self._reasons, tag) for tag in ("zh", "en"))
        return Text(zh=zh, en=en)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The fewest conditions whose change would make it yes.

        Nothing when it is yes already, or when no way was found: the criterion contradicts itself,
        or branches more than is followed. A way that no values could meet is passed over.
        """
        if self.outcome == Outcome.YES:
            return ()
        conditions = self._explainer.conditions
        for way in self._ways(self._explainer.root):
            try:
                met = Follower(2_000).can_be(AllOf(tuple(conditions[n].wanted for n in way)))
            except TooBranched:
                met = True
            if met:
                return tuple(self._change(number) for number in sorted(self._unmet(way)))
        return ()

    def _change(self, number: int) -> Change:
        condition = self._explainer.conditions[number]
        gap = condition.gap(self._row, self._as_of)
        return Change(condition.at, self._text(condition.change), gap)

    def _unmet(self, way: frozenset[int]) -> list[int]:
        return [number for number in way if self._results[number] is not True]

    def _ways(self, node: _Node) -> list[frozenset[int]]:
        """Sets of conditions that make a part yes, those with the fewest changes first."""
        if isinstance(node, int):
            return [frozenset({node})]
        if node.settles:
            return self._best(way for part in node.parts for way in self._ways(part))
        found = [frozenset[int]()]
        for part in node.parts:
            more = self._ways(part)
            found = self._best(way | other for way in found for other in more)
        return found

    def _best(self, ways: Iterable[frozenset[int]]) -> list[frozenset[int]]:
        return sorted(dict.fromkeys(ways), key=self._cost)[:MAX_WAYS]

    def _cost(self, way: frozenset[int]) -> tuple[int, float, list[int]]:
        """How many changes, how large they are together, and the order of the text."""
        unmet = self._unmet(way)
        return len(unmet), sum(self._sizes[number] for number in unmet), sorted(way)

    @cached_property
    def _sizes(self) -> list[float]:
        """How large each change is relative to its bound; 1 where that is no number."""
        gaps = [one.gap(self._row, self._as_of) for one in self._explainer.conditions]
        return [1.0 if gap is None or gap.relative is None else gap.relative for gap in gaps]


_Words = Callable[[Row, date, Reasons, str], str]
