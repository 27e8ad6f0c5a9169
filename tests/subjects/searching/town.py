"""The invented enterprises of tests/cases/search, and what is asked about them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from xinrong.domain.names import fold
from xinrong.subjects.models import Enterprise, EnterpriseName
from xinrong.subjects.services import kind_of_code, search

CASES = Path(__file__).parents[2] / "cases" / "search"


@dataclass(frozen=True)
class Query:
    kind: str
    text: str
    wanted: frozenset[int]  # numbers of enterprises, any of which is right; empty: nobody is meant
    why: str


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def queries() -> list[Query]:
    return [
        Query(
            row["kind"],
            row["query"],
            frozenset(int(number) for number in row["wanted"].split("|") if number),
            row["why"],
        )
        for row in rows("queries.csv")
    ]


def settle(which: slice = slice(None)) -> dict[int, int]:
    """Put the enterprises into the register; (primary key → number in the file)."""
    numbers, names = {}, []
    for row in rows("enterprises.csv")[which]:
        made = Enterprise.objects.create(
            code=row["code"],
            name=row["name"],
            folded_name=fold(row["name"]),
            kind=kind_of_code(row["code"]),
        )
        numbers[made.pk] = int(row["number"])
        names += [
            EnterpriseName(enterprise=made, name=name, folded_name=fold(name), seq=1)
            for name in (*row["former"].split("|"), row["name"])
            if name
        ]
    EnterpriseName.objects.bulk_create(names)
    return numbers


def places(numbers: dict[int, int]) -> dict[Query, int]:
    """At which place (from 0) the first right enterprise stands; -1 where it is not found."""
    found = {}
    for query in queries():
        hits = [numbers[hit.enterprise] for hit in search(query.text, 20)]
        found[query] = next((at for at, one in enumerate(hits) if one in query.wanted), -1)
    return found
