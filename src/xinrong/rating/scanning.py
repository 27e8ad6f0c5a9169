"""The grades of all enterprises in one scan of the profile, by the SQL of the cards themselves."""

# ruff: noqa: S608 - composed of checked trees, numbers and names of ours

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
from django.conf import settings

from xinrong.domain.criteria import parameters, to_sql
from xinrong.domain.scorecards import Card, Characteristic, MasterScale, parts_sql, score_sql
from xinrong.domain.scorecards.scoring import SETTLED
from xinrong.profiles.services import (
    batch_now,
    columns,
    load_indicators,
    query_profiles,
)
from xinrong.rating.cards import CardBook, segment
from xinrong.rating.grading import MISSING
from xinrong.rating.versions.standing import in_force
from xinrong.store.engine import Engine

#: What stands beside a column to say why it has no value.
BESIDE = "{column}__reason"


def grades_of_all(*, on: Engine | None = None) -> pa.Table:
    """Of every enterprise: `card`, `points` and their range `low` to `high`, the three grades.

    Columns: enterprise, card, points, low, high, grade, lowest, highest; by enterprise. One scan
    of the batch with what was computed since in its place. Nothing here is released to anybody.
    Raises NoProfile before the first batch, CardsNotInForce, CardsTampered, NoCards.
    """
    batch = batch_now()
    sql, params = grades_sql(in_force(batch.as_of).book, batch.as_of)
    return query_profiles(sql, params, on=on)


def grades_sql(
    book: CardBook, on: date, *, relation: str = "profile", parts: bool = False
) -> tuple[str, dict[str, Any]]:
    """The statement over the relation `profile`, and its parameters.

    `parts`: with the points of each characteristic as a list, in the order of the card.
    """
    chosen, params = _chosen(book, on)
    told = ", ".join(f'{_reason(name)} AS "{_beside(name)}"' for name in book.columns)
    sums = ", ".join(
        f"{_by_card(book.cards, change)} AS {name}"
        for name, change in (("points", _same), ("low", lowest_of), ("high", highest_of))
    )
    grades = ", ".join(
        f"{_grade(book.scale, of)} AS {name}"
        for name, of in (("grade", "points"), ("lowest", "low"), ("highest", "high"))
    )
    more = f", {_parts(book.cards)} AS parts" if parts else ""
    return (
        f"SELECT enterprise, card, points, low, high, {grades}{', parts' if parts else ''} FROM"
        f" (SELECT enterprise, card, {sums}{more} FROM"
        f" (SELECT *, {chosen} AS card, {told} FROM {relation})) ORDER BY enterprise"
    ), params


def lowest_of(card: Card) -> Card:
    """The card whose points are the low ends of this one's ranges."""
    return _opened(card, lambda one, points: min(one.worst, points))


def highest_of(card: Card) -> Card:
    """The card whose points are the high ends of this one's ranges."""
    return _opened(card, lambda one, points: max(one.best, points))


def _same(card: Card) -> Card:
    return card


def _opened(card: Card, end: Callable[[Characteristic, int], int]) -> Card:
    """The card with one end of its range wherever something may be open, as `score` lays it down.

    What is known to be nothing, or not to concern the enterprise, keeps its points.
    """
    made = []
    for one in card.characteristics:
        missing = {
            reason: points if reason in SETTLED else end(one, points)
            for reason, points in one.missing.items()
        }
        for reason in sorted(SETTLED - set(one.missing)):
            missing[reason] = one.otherwise
        made.append(
            replace(
                one,
                missing=missing,
                otherwise=end(one, one.otherwise),
                unseen=end(one, one.unseen),
            )
        )
    return replace(card, characteristics=tuple(made))


def _chosen(book: CardBook, on: date) -> tuple[str, dict[str, Any]]:
    """The name of the card that is meant: the first whose segment says yes."""
    trees = [(one.name, segment(book.region, one.segment)[0]) for one in book.cards if one.segment]
    whens = " ".join(f"WHEN ({to_sql(tree)}) THEN '{name}'" for name, tree in trees)
    last = f"'{book.cards[-1].name}'"
    params = parameters([tree for _, tree in trees], on)
    return (f"CASE {whens} ELSE {last} END" if whens else last), params


def _beside(column: str) -> str:
    return BESIDE.replace("{column}", column)


def _reason(column: str) -> str:
    """Why a column has no value, in the words of the cards, from the letters of its category."""
    read = load_indicators(settings.REGION).categories
    place = read.index(columns()[column].category) + 1
    whens = " ".join(f"WHEN '{letter}' THEN '{word}'" for letter, word in MISSING.items())
    return f"CASE substr(reasons, {place}, 1) {whens} END"


def _by_card(cards: Iterable[Card], change: Callable[[Card], Card]) -> str:
    whens = " ".join(
        f"WHEN '{one.name}' THEN {score_sql(change(one), reason=BESIDE)}" for one in cards
    )
    return f"CASE card {whens} END"


def _parts(cards: Iterable[Card]) -> str:
    whens = " ".join(
        f"WHEN '{one.name}' THEN [{', '.join(parts_sql(one, reason=BESIDE))}]" for one in cards
    )
    return f"CASE card {whens} END"


def _grade(scale: MasterScale, points: str) -> str:
    whens = " ".join(
        f"WHEN {points} >= {one.since} THEN '{_quoted(one.name)}'" for one in scale.grades[:-1]
    )
    return f"CASE {whens} ELSE '{_quoted(scale.grades[-1].name)}' END"


def _quoted(name: str) -> str:
    return name.replace("'", "''")
