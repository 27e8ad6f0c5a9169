"""One condition of a criterion, ready to be asked and put into words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from xinrong.domain.criteria.answering import Answer, Row, answering, worth_of
from xinrong.domain.criteria.columns import NUMERIC, REASON_WORDS, Column, MissingReason, Type
from xinrong.domain.criteria.kinds import DAYS
from xinrong.domain.criteria.shown import (
    YES_NO,
    listed,
    literal,
    needed,
    reckoned,
    shower,
    spaced,
    title,
)
from xinrong.domain.criteria.tree import (
    Arith,
    AsOf,
    Between,
    Compare,
    Const,
    In,
    Kind,
    Known,
    Leaf,
    Not,
    Ref,
    Value,
    Wanted,
    columns_of,
)
from xinrong.domain.text import Text

Reasons = Mapping[str, MissingReason]
_POINTS = Kind(Type.NUMBER)


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a value is from what is needed: `by` in people's units, days for dates.

    Positive: it has to rise. `strict`: by more than that. `relative` to the bound, None for a
    bound of zero.
    """

    by: Fraction
    kind: Kind
    strict: bool
    relative: float | None
    dates: bool = False

    @property
    def shown(self) -> Text:
        """The gap without its sign: 300,000 元, 2.5 个百分点."""
        size = abs(self.by)
        if self.kind.type == Type.RATIO or self.kind.unit == "%":
            points = reckoned(_POINTS, size * 100 if self.kind.type == Type.RATIO else size, "zh")
            return Text(zh=f"{points} 个百分点", en=f"{points} percentage points")
        return Text(zh=reckoned(self.kind, size, "zh"), en=reckoned(self.kind, size, "en"))


class PreparedCondition:
    """A condition, and whether it has to hold or to fail: both known when the criterion is read."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.leaf: Leaf = wanted.leaf
        self.at = self.leaf.at
        self.columns = columns_of(self.leaf)
        self._names = tuple(one.name for one in self.columns)
        self._asks_value = not isinstance(self.leaf, Known)
        self.answer: Answer = answering(self.leaf if wanted.holds else Not(self.leaf))
        self._subject = _both(title(_value(self.leaf)))
        self._named = not isinstance(_value(self.leaf), Arith)
        self._need = _both(_need(wanted))
        self._moving = _moving(self.leaf)
        self._seen = _seen(self.leaf)
        self._worth = _worths(self.leaf)

    @property
    def requirement(self) -> Text:
        """What it asks for, of nobody in particular: 参保人数低于 300 人."""
        subject, need = self._subject, self._need
        zh = f"{subject['zh']}{need['zh']}" if self._named else f"{subject['zh']}：{need['zh']}"
        return Text(zh=zh, en=f"{subject['en']}: {need['en']}")

    def missing(self, row: Row) -> tuple[Column, ...]:
        """The columns that it reads and the row does not know."""
        for name in self._names:
            if row.get(name) is None:
                break
        else:
            return ()
        return tuple(one for one in self.columns if row.get(one.name) is None)

    def sentence(self, row: Row, as_of: date, reasons: Reasons, language: str) -> str:
        """What was seen and what is needed. `language` is zh or en."""
        need = self.need(row, as_of, language)
        lacking = self.missing(row) if self._asks_value else ()
        if lacking:
            return self._lacking(lacking, reasons, need, language)
        subject = self._subject[language]
        value = self._seen(row, as_of, language, reasons)
        if value is None:
            value = "the divisor is zero" if language == "en" else "除数为零，无法计算"
        if language == "en":
            return f"{subject}: {value} (needed: {need})"
        # A figure stands beside its name; a word, or what was reckoned, after a colon.
        beside = spaced(value) if self._named else value
        return f"{subject}{beside if beside != value else f'：{value}'}，需{need}"

    def _lacking(
        self, columns: tuple[Column, ...], reasons: Reasons, need: str, language: str
    ) -> str:
        """What is missing and why; what was to be reckoned of it."""
        parts = []
        for one in columns:
            why = REASON_WORDS[reasons.get(one.name, MissingReason.NOT_KNOWN)].in_language(language)
            name = one.title.in_language(language)
            parts.append(f"{name} ({why})" if language == "en" else f"{name}（{why}）")
        reckoned_of = "" if self._named else self._subject[language]
        if language == "en":
            subject = f"{reckoned_of} " * bool(reckoned_of)
            return f"missing: {', '.join(parts)} (needed: {subject}{need})"
        told = f"，无法计算{reckoned_of}" * bool(reckoned_of)
        return f"缺少{'、'.join(parts)}{told}，需{need}"

    def need(self, row: Row, as_of: date, language: str) -> str:
        """What is needed; where that depends on another column, with its value."""
        need = self._need[language]
        if not self._moving:
            return need
        values = [one(row, as_of, language) for one in self._moving]
        return (
            f"{need} ({', '.join(values)})"
            if language == "en"
            else f"{need}（{'、'.join(values)}）"
        )

    def change(self, row: Row, as_of: date, reasons: Reasons, language: str) -> str:
        """What would have to change for it to be met."""
        english = language == "en"
        need = self.need(row, as_of, language)
        lacking = self.missing(row) if self._asks_value else ()
        if lacking:
            return self._lacking(lacking, reasons, need, language)
        subject, gap = self._subject[language], self.gap(row, as_of)
        if gap is None or not gap.by:
            return f"{subject} has to be {need}" if english else f"{subject}需{need}"
        size = gap.shown.in_language(language)
        later, more = gap.by > 0, gap.strict
        if english and gap.dates:
            way = "later" if later else "earlier"
            return f"{subject} has to be {'more than ' * more}{size} {way}, {need}"
        if english:
            way = "rise" if later else "fall"
            return f"{subject} has to {way} by {'more than ' * more}{size}, to be {need}"
        way = ("推迟" if later else "提前") if gap.dates else ("增加" if later else "减少")
        return f"{subject}需{way}{'超过' * more} {size}，即{need}"

    def gap(self, row: Row, as_of: date) -> Gap | None:
        """How far it is from being met; None where that is no number."""
        if self._worth is None:
            return None
        worths = [one(row, as_of) for one in self._worth]
        if not self.wanted.holds or None in worths:
            return None
        value, *bounds = [one for one in worths if one is not None]
        leaf = self.leaf
        if isinstance(leaf, Between):
            return _gap(
                value, bounds[0] if value < bounds[0] else bounds[1], leaf.value.kind, strict=False
            )
        assert isinstance(leaf, Compare)
        if leaf.op == "<>":
            return None
        kind = leaf.right.kind if leaf.left.kind.bare else leaf.left.kind
        return _gap(value, bounds[0], kind, strict=leaf.op in ("<", ">"))


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _gap(value: Fraction, bound: Fraction, kind: Kind, *, strict: bool) -> Gap:
    days = kind.type == Type.DATE  # a day number has no size of its own
    shown = DAYS if days else kind
    relative = None if days or not bound else _size(abs((bound - value) / bound))
    return Gap(bound - value, shown, strict, relative, days)


def _size(relative: Fraction) -> float:
    try:
        return float(relative)
    except OverflowError:
        return math.inf


def _worths(leaf: Leaf) -> tuple[Callable[[Row, date], Fraction | None], ...] | None:
    """The value and its bounds as numbers; None where they are none."""
    values: tuple[Value, ...] = ()
    if isinstance(leaf, Compare):
        values = (leaf.left, leaf.right)
    elif isinstance(leaf, Between):
        values = (leaf.value, leaf.low, leaf.high)
    numbers = {*NUMERIC, Type.DATE}
    if not values or any(one.kind.type not in numbers for one in values):
        return None
    return tuple(worth_of(one) for one in values)


def _value(leaf: Leaf) -> Value:
    """What the condition is about."""
    if isinstance(leaf, Compare):
        return leaf.left
    return leaf.value if isinstance(leaf, Between) else Ref(leaf.column)


def _need(wanted: Wanted) -> Text:
    """What is needed, as far as it is the same for every enterprise."""
    leaf, holds = wanted.leaf, wanted.holds
    if isinstance(leaf, Compare):
        kind = leaf.right.kind if leaf.left.kind.bare else leaf.left.kind
        return needed(leaf.op, kind, _bound(leaf.right, kind, leaf.left))
    if isinstance(leaf, Between):
        kind = leaf.value.kind
        low, high = (_bound(one, kind, leaf.value) for one in (leaf.low, leaf.high))
        return Text(
            zh=f"{'' if holds else '不'}在{spaced(low.zh)}至{spaced(high.zh)}之间",
            en=f"{'' if holds else 'not '}between {low.en} and {high.en}",
        )
    if isinstance(leaf, In):
        names = listed(leaf.items, leaf.column)
        several, one_of = len(leaf.items) > 1, "之一" if holds else "中的任一项"
        return Text(
            zh=f"{'为' if holds else '不是'}{spaced(names.zh)}{one_of * several}",
            en=f"{'' if holds else 'not '}{'one of ' * several}{names.en}",
        )
    if isinstance(leaf, Known):
        return Text(zh="已掌握", en="known") if holds else Text(zh="未掌握", en="not known")
    return Text(zh=f"为{YES_NO[holds].zh}", en=YES_NO[holds].en)


def _bound(bound: Value, kind: Kind, value: Value) -> Text:
    if isinstance(bound, Const):
        return literal(bound, kind, value.column if isinstance(value, Ref) else None)
    return title(bound)


def _moving(leaf: Leaf) -> tuple[Callable[[Row, date, str], str], ...]:
    """The bounds that differ from enterprise to enterprise or from day to day, in words."""
    bounds: tuple[Value, ...] = ()
    if isinstance(leaf, Compare):
        bounds = (leaf.right,)
    elif isinstance(leaf, Between):
        bounds = (leaf.low, leaf.high)
    return tuple(_told(one) for one in bounds if not isinstance(one, Const))


def _told(value: Value) -> Callable[[Row, date, str], str]:
    look, columns = _look(value), columns_of(value)

    def told(row: Row, as_of: date, language: str) -> str:
        found = look(row, as_of, language)
        if found is not None:
            return found
        if any(row.get(one.name) is None for one in columns):
            return "unknown" if language == "en" else "未知"
        return "the divisor is zero" if language == "en" else "除数为零"

    return told


def _look(value: Value) -> Callable[[Row, date, str], str | None]:
    """The function that puts the worth of a value into words; None where there is none."""
    if isinstance(value, AsOf):
        return lambda _row, as_of, _language: as_of.isoformat()
    if isinstance(value, Ref):
        name, show = value.column.name, shower(value.column)

        def of_column(row: Row, _: date, language: str) -> str | None:
            found = row.get(name)
            return None if found is None else show(found, language)

        return of_column
    kind, worth = value.kind, worth_of(value)

    def of_worth(row: Row, as_of: date, language: str) -> str | None:
        found = worth(row, as_of)
        return None if found is None else reckoned(kind, found, language)

    return of_worth


def _seen(leaf: Leaf) -> Callable[[Row, date, str, Reasons], str | None]:
    """The function that puts what was seen into words."""
    if isinstance(leaf, Known):
        column = leaf.column

        def known(row: Row, _: date, language: str, reasons: Reasons) -> str:
            if row.get(column.name) is not None:
                return "known" if language == "en" else "已掌握"
            why = REASON_WORDS[reasons.get(column.name, MissingReason.NOT_KNOWN)]
            return f"not known, {why.en}" if language == "en" else f"未掌握（{why.zh}）"

        return known
    look = _look(_value(leaf))
    return lambda row, as_of, language, _reasons: look(row, as_of, language)
