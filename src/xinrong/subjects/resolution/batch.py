"""Many names at once: equal names are joined, the rest is compared by Splink on DuckDB.

Verdict and choice are those of the single look-up: the verdict is a function of the levels, the
choice one of the verdicts.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import batched
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from xinrong.domain.collecting import uncollected
from xinrong.domain.names import looks_like_enterprise
from xinrong.subjects.resolution import pairing, tables
from xinrong.subjects.resolution.asking import settle
from xinrong.subjects.resolution.choosing import Option, choose
from xinrong.subjects.resolution.comparing import SAME, SAME_UNSURE, judge
from xinrong.subjects.resolution.directory import Directory, Known, Plain
from xinrong.subjects.resolution.features import seat_of, significant
from xinrong.subjects.resolution.levels import Levels
from xinrong.subjects.resolution.pieces import Hands
from xinrong.subjects.resolution.verdicts import NOBODY, Candidate, Named, Resolved
from xinrong.subjects.resolution.weights import weights

#: Outcomes that are made before they are handed on.
AT_ONCE = 10_000
#: A name of the register: (enterprise, name).
type Row = tuple[int, str]


@dataclass
class _Found:
    """What was found for every question, by its number and turn."""

    #: Names of the register that are equal.
    equal: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    #: Others that are worth a link or a look.
    near: dict[tuple[int, int], list[tuple[int, Levels]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    #: Turns beyond the first, with their reasons.
    turns: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))


def resolve_many(
    named: Sequence[Named],
    register: Sequence[Row],
    *,
    directory: Directory | None = None,
    on: date | None = None,
    workers: int | None = None,
) -> Iterator[Resolved]:
    """The outcome for each name, in order: the verdicts that `look_up` gives.

    `register` has every name, present or former, with the enterprise with which it came. `on`:
    the day on which the names were used, today when None. `workers`: processes that take names
    apart, as many as there are processors when None.
    """
    directory = directory or Plain()
    with TemporaryDirectory(prefix="xinrong-resolve-") as folder, uncollected():
        connection = duckdb.connect(str(Path(folder) / "batch.duckdb"))
        try:
            pairing.prepare(connection)
            codes = directory.codes({enterprise for enterprise, _ in register})
            known = ((name, seat_of(codes.get(enterprise, ""))) for enterprise, name in register)
            with Hands(workers) as hands:
                rows = tables.registered(known, hands)
                pairing.fill(connection, "known", rows, tables.REGISTERED)
                plain = _plainly_equal(connection, named, register)
                questions = _questions(named, plain)
                rows = tables.sent(questions, hands)
                pairing.fill(connection, "asked", rows, tables.SENT)
            found = _candidates(connection)
        finally:
            connection.close()
    yield from _outcomes(named, register, plain, questions, found, directory, on)


def _plainly_equal(
    connection: duckdb.DuckDBPyConnection, named: Sequence[Named], register: Sequence[Row]
) -> dict[str, int]:
    """Names that are to the letter one of the register, if no other name there folds to the same.

    They need not be taken apart.
    """
    alone = connection.execute(
        "SELECT any_value(number) AS number FROM known WHERE folded <> '' "
        "GROUP BY folded HAVING count(*) = 1"
    ).fetchnumpy()["number"]
    by_name = {register[number][1]: number for number in alone.tolist()}
    met = by_name.keys() & {one.name for one in named}
    return {name: by_name[name] for name in met if looks_like_enterprise(name)}


def _questions(named: Sequence[Named], plain: dict[str, int]) -> dict[tuple[str, str], int]:
    """(name, region) of all that is to be compared, each once, with its number."""
    questions: dict[tuple[str, str], int] = {}
    for one in named:
        if one.name not in plain:
            questions.setdefault((one.name, one.region), len(questions))
    return questions


def _candidates(connection: duckdb.DuckDBPyConnection) -> _Found:
    found = _Found()
    equal = connection.execute(
        "SELECT a.number, a.turn, k.number FROM asked AS a JOIN known AS k USING (folded) "
        "ORDER BY ALL"
    ).fetchall()
    for question, turn, known in equal:
        found.equal[question, turn].append(known)
    turns = connection.execute(
        "SELECT number, turn, reason FROM asked WHERE turn > 0 ORDER BY number, turn"
    ).fetchall()
    for question, turn, reason in turns:
        found.turns[question].append((turn, reason))
    for question, turn, known, levels in pairing.compared(connection):
        found.near[question, turn].append((known, levels))
    return found


def _outcomes(
    named: Sequence[Named],
    register: Sequence[Row],
    plain: dict[str, int],
    questions: dict[tuple[str, str], int],
    found: _Found,
    directory: Directory,
    on: date | None,
) -> Iterator[Resolved]:
    met = {k for places in found.equal.values() for k in places} | set(plain.values())
    met |= {k for pairs in found.near.values() for k, _ in pairs}
    several = {k for places in found.equal.values() if len(places) > 1 for k in places}
    numbers = {register[place][0] for place in met}
    known = Known(
        directory.codes(numbers),
        directory.held({register[place][0] for place in several}, on),
        directory.answering(numbers),
    )

    def outcome(one: Named) -> Resolved:
        place = plain.get(one.name)
        if place is None:
            return _outcome(one, questions[one.name, one.region], register, found, known)
        enterprise, name = register[place]
        now = known.answering.get(enterprise, enterprise)
        return Resolved(one, SAME, Candidate(now, name, SAME))

    for some in batched(named, AT_ONCE):
        with uncollected():
            outcomes = list(map(outcome, some))
        yield from outcomes


def _outcome(
    one: Named, question: int, register: Sequence[Row], found: _Found, known: Known
) -> Resolved:
    turns = [(0, ""), *found.turns.get(question, ())]
    answers = []
    for turn, _ in turns:
        options = _options(one, register, found, (question, turn), known)
        home = significant(one.region)
        answers.append(choose(one, options, home=home) if options else Resolved(one, NOBODY))
    return settle(one, [reason for _, reason in turns], answers)


def _options(
    one: Named, register: Sequence[Row], found: _Found, key: tuple[int, int], known: Known
) -> list[Option]:
    if places := found.equal.get(key):
        verdict = SAME if looks_like_enterprise(one.name) else SAME_UNSURE
        return [known.option(*register[place], verdict, math.inf) for place in places]
    learned = weights()
    return [
        known.option(*register[place], judge(levels), learned.bits(levels))
        for place, levels in found.near.get(key, ())
    ]
