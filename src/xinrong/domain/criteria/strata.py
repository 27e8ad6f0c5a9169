"""What is made of what: register, then indicators, then the grade, then flags; never in a circle.

A definition (an indicator, a grade, a flag) reads columns of its own stratum or of lower ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xinrong.domain.criteria.columns import Stratum
from xinrong.domain.criteria.errors import CriterionMisused
from xinrong.domain.errors import Place


@dataclass(frozen=True, slots=True)
class Definition:
    """A named figure, its stratum, and the names of what it reads."""

    name: str
    stratum: Stratum
    reads: tuple[str, ...] = ()


def check_strata(definitions: Iterable[Definition]) -> tuple[str, ...]:
    """The names in an order in which each can be made from those before it.

    Raises CriterionMisused: strata_twice (one name for two), strata_unknown (it reads what is
    not defined), strata_upwards (it reads a higher stratum), strata_cycle (with the circle).
    """
    named: dict[str, Definition] = {}
    for one in definitions:
        if one.name in named:
            raise _misused("strata_twice", one.name, "is defined twice", "Rename one of them.")
        named[one.name] = one
    for one in named.values():
        for read in one.reads:
            _check_read(one, read, named)
    return _ordered(named)


def _check_read(one: Definition, read: str, named: Mapping[str, Definition]) -> None:
    found = named.get(read)
    if found is None:
        raise _misused(
            "strata_unknown", one.name, f"reads {read}, which nothing defines",
            "Define it, or read something else.",
        )  # fmt: skip
    if found.stratum > one.stratum:
        raise _misused(
            "strata_upwards", one.name,
            f"({one.stratum.name.lower()}) reads {read} ({found.stratum.name.lower()})",
            "Read only what is made before it: register, indicators, grade, flags.",
        )  # fmt: skip


def _ordered(named: Mapping[str, Definition]) -> tuple[str, ...]:
    """Depth first with a stack of its own: a chain may be longer than Python's."""
    order: list[str] = []
    done: set[str] = set()
    for start in sorted(named, key=lambda name: (named[name].stratum, name)):
        path: dict[str, int] = {}  # what is being made, and how many of its reads were looked at
        if start not in done:
            path[start] = 0
        while path:
            name, count = next(reversed(path.items()))
            reads = named[name].reads
            if count == len(reads):
                path.popitem()
                done.add(name)
                order.append(name)
                continue
            path[name] = count + 1
            read = reads[count]
            if read in path:
                raise _circle([*path], read)
            if read not in done:
                path[read] = 0
    return tuple(order)


def _circle(path: list[str], back_to: str) -> CriterionMisused:
    circle = [*path[path.index(back_to) :], back_to]
    return _misused(
        "strata_cycle", back_to, f"is made of itself: {' → '.join(circle)}",
        "Take one of these out of the circle.",
    )  # fmt: skip


def _misused(code: str, name: str, wrong: str, remedy: str) -> CriterionMisused:
    return CriterionMisused(f"{name} {wrong}", place=Place(field=name), remedy=remedy, code=code)
