"""What a version changes: card by card, and how many enterprises would move to which grade."""

# ruff: noqa: S608 - composed of checked trees, numbers and names of ours

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from xinrong.domain.scorecards import Card, Characteristic
from xinrong.domain.text import Text
from xinrong.profiles.services import batch_now, query_profiles
from xinrong.rating.cards import CardBook
from xinrong.rating.scanning import grades_sql
from xinrong.trust.services import counting

#: Of more enterprises than so many a sample is graded by both versions.
WHOLE = 100_000


@dataclass(frozen=True)
class Difference:
    """One thing that two versions lay down otherwise; `then` or `now` is empty where it is new."""

    card: Text
    what: Text
    then: str
    now: str


@dataclass(frozen=True)
class Moves:
    """How many enterprises would move, as counts may be shown; None: too few.

    `cells` has a row for each grade of the version before, a column for each of the new one.
    `share` is 1 of so many enterprises that were asked about.
    """

    as_of: date
    share: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    better: int | None
    worse: int | None
    same: int | None

    @property
    def lines(self) -> list[tuple[str, tuple[int | None, ...]]]:
        """The rows with the grades before."""
        return list(zip(self.before, self.cells, strict=True))


def differences(then: CardBook | None, now: CardBook) -> list[Difference]:
    """Everything that decides a grade and is not as it was; all of it where nothing was."""
    return [*_scale(then, now), *_order(then, now), *_cards(then, now)]


def points_of(one: Characteristic) -> str:
    """The points of a characteristic in a line: where each band begins, what each value gives."""
    since = ["", *(f"≥{cut:f} " for cut in one.cuts)]
    bands = [f"{edge}{points:+d}" for edge, points in zip(since, one.points, strict=False)]
    values = [f"{value} {points:+d}" for value, points in one.values.items()]
    special = [f"={value:f} {points:+d}" for value, points in one.special.items()]
    return ", ".join([*special, *bands, *values])


def missing_of(one: Characteristic) -> str:
    """The points of what is not known: for each reason that has its own, and for all others."""
    own = [f"{reason} {points:+d}" for reason, points in sorted(one.missing.items())]
    return ", ".join([*own, f"* {one.otherwise:+d}", f"? {one.unseen:+d}"])


def _scale(then: CardBook | None, now: CardBook) -> Iterator[Difference]:
    def line(book: CardBook | None) -> str:
        grades = book.scale.grades if book else ()
        return ", ".join(f"{one.name} ≥{one.since}" for one in grades)

    if line(then) != line(now):
        scale = Text(zh="等级表", en="Master scale")
        yield Difference(now.title, scale, line(then), line(now))


def _order(then: CardBook | None, now: CardBook) -> Iterator[Difference]:
    def line(book: CardBook | None) -> str:
        return ", ".join(one.name for one in book.cards) if book else ""

    if line(then) != line(now):
        order = Text(zh="评分卡及其顺序", en="Cards in their order")
        yield Difference(now.title, order, line(then), line(now))


def _cards(then: CardBook | None, now: CardBook) -> Iterator[Difference]:
    before = {one.name: one for one in then.cards} if then else {}
    for card in now.cards:
        yield from _card(before.get(card.name), card)


def _card(then: Card | None, now: Card) -> Iterator[Difference]:
    facts: tuple[tuple[Text, Callable[[Card], str]], ...] = (
        (Text(zh="适用对象", en="For whom"), lambda one: one.segment or "*"),
        (Text(zh="基础分", en="Base"), lambda one: str(one.base)),
        (Text(zh="依据", en="Basis"), lambda one: one.basis.zh),
    )
    for what, of in facts:
        was = of(then) if then else ""
        if was != of(now):
            yield Difference(now.title, what, was, of(now))
    before = {one.column: one for one in then.characteristics} if then else {}
    after = {one.column: one for one in now.characteristics}
    for column, one in after.items():
        yield from _characteristic(now.title, before.get(column), one)
    for column, one in before.items():
        if column not in after:
            yield Difference(now.title, one.title, points_of(one), "")


def _characteristic(
    card: Text, then: Characteristic | None, now: Characteristic
) -> Iterator[Difference]:
    facts = (
        (Text(zh="", en=""), points_of),
        (Text(zh="（未知时）", en=" (unknown)"), missing_of),
        (Text(zh="（一般企业）", en=" (typical)"), lambda one: f"{one.neutral:+d}"),
    )
    for suffix, of in facts:
        was = of(then) if then else ""
        if was != of(now):
            what = Text(zh=now.title.zh + suffix.zh, en=now.title.en + suffix.en)
            yield Difference(card, what, was, of(now))


def moves(then: CardBook, now: CardBook) -> Moves:
    """How many enterprises would move, by the newest profile of all, or of a sample of them.

    Every figure keeps the rules of counts: none under ten, in tens, an amount of its own in it.
    Raises NoProfile before the first batch.
    """
    batch = batch_now()
    share = max(1, -(-batch.rows // WHOLE))
    relation = f"(SELECT * FROM profile WHERE enterprise % {share} = 0)"
    old, params = grades_sql(then, batch.as_of, relation=relation)
    new, more = grades_sql(now, batch.as_of, relation=relation)
    found = query_profiles(
        f"SELECT a.grade AS before, b.grade AS after, count(*) AS number FROM ({old}) AS a"
        f" JOIN ({new}) AS b ON b.enterprise = a.enterprise GROUP BY ALL ORDER BY ALL",
        params | more,
    )
    counted = {(row["before"], row["after"]): row["number"] * share for row in found.to_pylist()}
    before = tuple(one.name for one in then.scale.grades)
    after = tuple(one.name for one in now.scale.grades)
    key = f"{then.digest} {now.digest} {batch.pk}"

    def told(number: int, what: str) -> int | None:
        return counting.figure_of(number, f"cards {key} {what}".encode(), counting.secret())

    def summed(sign: int) -> int:
        return sum(
            number
            for (one, other), number in counted.items()
            if _compare(_place(now, before, one), after.index(other)) == sign
        )

    return Moves(
        as_of=batch.as_of,
        share=share,
        before=before,
        after=after,
        cells=tuple(
            tuple(told(counted.get((one, other), 0), f"{one} {other}") for other in after)
            for one in before
        ),
        better=told(summed(1), "better"),
        worse=told(summed(-1), "worse"),
        same=told(summed(0), "same"),
    )


def _place(now: CardBook, before: tuple[str, ...], grade: str) -> int:
    """The place of a grade on the new scale; of one that it does not have, its old place."""
    names = [one.name for one in now.scale.grades]
    return names.index(grade) if grade in names else before.index(grade)


def _compare(then: int, now: int) -> int:
    """1 for a better place, -1 for a worse one."""
    return (then > now) - (then < now)
