"""A grade in sentences, Chinese and English: what counts, what is unknown, what would lift it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Any

from xinrong.domain.criteria import REASON_WORDS, Column, MissingReason
from xinrong.domain.criteria.shown import amount, needed, shower
from xinrong.domain.criteria.tree import Kind
from xinrong.domain.scorecards import Card, Characteristic, Lift, Part, Place, lifts
from xinrong.domain.text import Text
from xinrong.profiles.services import criteria
from xinrong.rating.cards import CardBook
from xinrong.rating.grading import Graded
from xinrong.rating.kept.history import Changed

#: So many reasons for and against are told.
MOST_REASONS = 5
#: Stands under every grade. 个人信息保护法第二十四条 for those who are persons.
NEVER_ALONE = Text(
    zh="评分只供参考，不单独决定任何事项：每一项决定都须由人作出，"
    "企业可以要求说明理由、提出异议并由人复核。",
    en="A score never decides alone: a person makes every decision, and the enterprise may ask for"
    " the reasons, object, and have a person look again.",
)


@dataclass(frozen=True)
class Sentence:
    """One sentence about one column. `gain` is what it gives beyond a typical enterprise."""

    column: str
    gain: int
    text: Text


@dataclass(frozen=True)
class Told:
    """A grade in sentences. `lift` is empty where no change within reach would do.

    `changed` is what gives other points than last time, for whom that may be told.
    """

    counts_for: tuple[Sentence, ...]
    counts_against: tuple[Sentence, ...]
    unknown: tuple[Sentence, ...]
    range: Text
    undecided: tuple[Text, ...]
    lift_to: Text | None
    lift: tuple[Sentence, ...]
    changed: tuple[Sentence, ...] = ()


def tell(book: CardBook, graded: Graded) -> Told:
    """Everything that is said about a grade, the weightiest first."""
    teller = _Teller(book, graded)
    parts = graded.scored.parts
    told = [teller.reason(part) for part in parts]
    better = sorted((one for one in told if one.gain > 0), key=lambda one: (-one.gain, one.column))
    worse = sorted((one for one in told if one.gain < 0), key=lambda one: (one.gain, one.column))
    open_ = [part for part in parts if part.low != part.high]
    open_.sort(key=lambda part: (part.low - part.high, part.column))
    lift_to, lift = teller.lift()
    return Told(
        counts_for=tuple(better[:MOST_REASONS]),
        counts_against=tuple(worse[:MOST_REASONS]),
        unknown=tuple(teller.unknown(part) for part in open_),
        range=teller.range(),
        undecided=tuple(teller.undecided(name) for name in graded.undecided),
        lift_to=lift_to,
        lift=lift,
    )


def tell_changes(
    book: CardBook, graded: Graded, changed: tuple[Changed, ...]
) -> tuple[Sentence, ...]:
    """What gives other points than last time, in sentences."""
    teller = _Teller(book, graded)
    parts = {part.column: part for part in graded.scored.parts}
    return tuple(teller.changed(parts[one.column], one) for one in changed)


@dataclass(frozen=True)
class Laid:
    """What a card lays down for one column: each band or value in words with its points."""

    column: str
    title: Text
    rows: tuple[tuple[Text, int], ...]
    unknown: tuple[tuple[Text, int], ...]
    neutral: int
    can_change: bool


def laid_down(region: str, card: Card) -> tuple[Laid, ...]:
    """Everything that a card lays down, column by column, in words."""
    columns = criteria.profile_schema(region)
    return tuple(_laid(one, columns[one.column]) for one in card.characteristics)


def _laid(one: Characteristic, column: Column) -> Laid:
    edges: list[Decimal | None] = [None, *one.cuts, None]
    rows = [
        (_between(column, edges[place], edges[place + 1]), points)
        for place, points in enumerate(one.points)
    ]
    rows += [(_words(column, value), points) for value, points in one.values.items()]
    rows += [
        (_each(lambda language, value=value: shower(column)(value, language)), points)  # type: ignore[misc]
        for value, points in one.special.items()
    ]
    unknown = [(REASON_WORDS[MissingReason(why)], points) for why, points in one.missing.items()]
    unknown.append((_OTHERWISE, one.otherwise))
    return Laid(one.column, one.title, tuple(rows), tuple(unknown), one.neutral, one.can_change)


_OTHERWISE = Text(zh="其他未知情形", en="not known for another reason")


class _Teller:
    """Puts the parts of one grade into words."""

    def __init__(self, book: CardBook, graded: Graded) -> None:
        self.book, self.graded = book, graded
        self.columns = criteria.profile_schema(book.region)

    def reason(self, part: Part) -> Sentence:
        """What a column gave, against what a typical enterprise has."""
        one = self.graded.card.characteristic(part.column)
        value = self._value(part)
        band = self._band(one, part.band) if part.place is Place.BAND else None
        if band is not None and band.en == f"exactly {value.en}":
            band = None  # the value says it
        within = Text(zh=f"（{band.zh}）", en=f" ({band.en})") if band else Text(zh="", en="")
        text = Text(
            zh=f"{one.title.zh}：{value.zh}{within.zh}，计 {_signed(part.points)} 分，"
            f"一般企业 {_signed(one.neutral)} 分。",
            en=f"{one.title.en}: {value.en}{within.en}: {_signed(part.points)} points, where a"
            f" typical enterprise has {_signed(one.neutral)}.",
        )
        return Sentence(part.column, part.points - one.neutral, text)

    def unknown(self, part: Part) -> Sentence:
        """What is not known of a column, and between which points it leaves it."""
        one = self.graded.card.characteristic(part.column)
        value = self._value(part)
        text = Text(
            zh=f"{one.title.zh}：{value.zh}。现计 {_signed(part.points)} 分，"
            f"查明后在 {_signed(part.low)} 至 {_signed(part.high)} 分之间。",
            en=f"{one.title.en}: {value.en}. It counts {_signed(part.points)} now and would be"
            f" between {_signed(part.low)} and {_signed(part.high)} if it were known.",
        )
        return Sentence(part.column, part.points - one.neutral, text)

    def changed(self, part: Part, one: Changed) -> Sentence:
        """What a column gave last time, and gives now."""
        title = self.graded.card.characteristic(part.column).title
        value = self._value(part)
        then, now = _signed(one.then), _signed(one.now)
        text = Text(
            zh=f"{title.zh}：上次计 {then} 分，现计 {now} 分（{value.zh}）。",
            en=f"{title.en}: {then} points last time, {now} now ({value.en}).",
        )
        return Sentence(part.column, one.gain, text)

    def range(self) -> Text:
        """Between which grades it lies, with what is unknown."""
        scored = self.graded.scored
        known, whole = scored.known, len(scored.parts)
        if not scored.is_thin:
            return Text(
                zh=f"{whole} 项指标中 {known} 项已知；未知各项不会改变等级。",
                en=f"{known} of {whole} indicators are known; the others would not change the"
                " grade.",
            )
        return Text(
            zh=f"{whole} 项指标中 {known} 项已知；随未知各项查明，等级在 {scored.lowest.name} 至 "
            f"{scored.highest.name} 之间。",
            en=f"{known} of {whole} indicators are known; with the others the grade lies between"
            f" {scored.lowest.name} and {scored.highest.name}.",
        )

    def undecided(self, name: str) -> Text:
        """A card that may have been meant."""
        title = self.book.card(name).title
        return Text(
            zh=f"无法判断是否应使用“{title.zh}”。",
            en=f"It cannot be told whether the card “{title.en}” is meant.",
        )

    def lift(self) -> tuple[Text | None, tuple[Sentence, ...]]:
        """The next better grade with what it lacks, and the fewest changes that reach it."""
        scored = self.graded.scored
        better, found = lifts(self.graded.card, self.book.scale, scored)
        if better is None:
            return None, ()
        lacking = better.since - scored.points
        if not found:
            return Text(
                zh=f"距 {better.name} 级差 {lacking} 分，目前没有可由企业改变的指标能够达到，"
                "需要时间或新的记录。",
                en=f"{better.name} lacks {lacking} points; nothing that the enterprise can change"
                " reaches it: time and other records decide.",
            ), ()
        return Text(
            zh=f"距 {better.name} 级差 {lacking} 分，下列改变即可达到：",
            en=f"{better.name} lacks {lacking} points; this would reach it:",
        ), tuple(self._change(one) for one in found)

    def _change(self, one: Lift) -> Sentence:
        own = self.graded.card.characteristic(one.column)
        column = self.columns[one.column]
        then = _words(column, one.value) if one.value else None
        aim = then or _between(column, one.since, one.before)
        text = Text(
            zh=f"{own.title.zh}：若{aim.zh}，多得 {one.gain} 分。",
            en=f"{own.title.en}: {aim.en} gives {one.gain} points more.",
        )
        return Sentence(one.column, one.gain, text)

    def _band(self, one: Characteristic, number: int) -> Text:
        edges: list[Decimal | None] = [None, *one.cuts, None]
        return _between(self.columns[one.column], edges[number], edges[number + 1])

    def _value(self, part: Part) -> Text:
        """A value in words, or why there is none."""
        if part.place is Place.MISSING:
            return REASON_WORDS[MissingReason(part.reason)]
        column = self.columns[part.column]
        if isinstance(part.value, float) and not isfinite(part.value):
            return Text(zh="无法计算", en="not to be reckoned")
        words = _each(lambda language: shower(column)(part.value, language))
        if part.place is Place.UNSEEN:
            return Text(zh=f"{words.zh}（评分卡未列）", en=f"{words.en} (not on the card)")
        return words


def _unit(column: Column) -> Decimal | None:
    """The smallest difference of two values: a fen, one of a count; None for doubles."""
    return None if column.inexact else Decimal(1).scaleb(-column.scale)


def _signed(points: int) -> str:
    return f"{points:+d}" if points else "0"


def _each(say: Callable[[str], str]) -> Text:
    return Text(zh=say("zh"), en=say("en"))


def _amount(number: Decimal | int, kind: Kind) -> Text:
    return _each(lambda language: amount(number, kind, language))


def _words(column: Column, value: str) -> Text:
    """A value of a card as its column says it: codes by their words, flags as yes and no."""
    stored: Any = {"true": True, "false": False}.get(value, value)
    return _each(lambda language: shower(column)(stored, language))


def _between(column: Column, since: Decimal | None, before: Decimal | None) -> Text:
    """A band in words: from its beginning up to, not including, its end."""
    kind = Kind(column.type, column.unit)
    if column.whole and before is not None:
        first = since if since is not None else column.least
        if first is not None and before - first == 1:
            return needed("=", kind, _amount(int(first), kind))
    if before is not None and since is None and before == _unit(column):
        return needed("<=", kind, _amount(0, kind))
    if since is None and before is None:
        return Text(zh="任何数值", en="any value")
    parts = []
    if since is not None:
        parts.append(needed(">=", kind, _amount(since, kind)))
    if before is not None:
        parts.append(needed("<", kind, _amount(before, kind)))
    return Text(zh="、".join(one.zh for one in parts), en=" and ".join(one.en for one in parts))
