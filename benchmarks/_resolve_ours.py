"""Xinrong's resolution as the benchmark calls it: without a database, over plain rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xinrong.subjects.nameindex import build
from xinrong.subjects.resolution import batch
from xinrong.subjects.resolution.directory import Plain
from xinrong.subjects.resolution.single import look_up
from xinrong.subjects.resolution.verdicts import Named, Resolved

#: (name, code) of an enterprise; its place in the list is its number.
type Rows = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome for one name: `enterprise` is a place among the rows, None unless linked.

    `outcome`: link, review or none. `candidates`: places, the best first.
    """

    enterprise: int | None
    outcome: str
    score: float
    reasons: tuple[str, ...]
    candidates: tuple[int, ...]


def answer_of(resolved: Resolved) -> Answer:
    """What of an outcome is scored."""
    best = (resolved.candidate, *resolved.runners_up)
    verdict = resolved.verdict
    return Answer(
        resolved.enterprise,
        resolved.outcome,
        verdict.score,
        verdict.reasons,
        tuple(one.enterprise for one in best if one is not None),
    )


def resolve_many(names: Sequence[str], rows: Rows, *, region: str) -> Iterator[Answer]:
    """The outcome for each name, in order, all sent by who answers for a region."""
    named = [Named(0, name, region=region) for name in names]
    register = [(place, name) for place, (name, _) in enumerate(rows)]
    for resolved in batch.resolve_many(named, register, directory=directory_of(rows)):
        yield answer_of(resolved)


def directory_of(rows: Rows) -> Plain:
    """The codes of the register's enterprises."""
    return Plain({place: code for place, (_, code) in enumerate(rows) if code})


class Looking:
    """Single look-ups among rows."""

    def __init__(self, rows: Rows, folder: Path) -> None:
        self.rows = rows
        self.index = build(((place, name) for place, (name, _) in enumerate(rows)), folder)
        self.directory = directory_of(rows)

    def look(self, name: str, *, region: str = "") -> Answer:
        """The outcome for one name, sent by who answers for a region."""
        found = look_up(name, index=self.index, region=region, directory=self.directory)
        return answer_of(found)
