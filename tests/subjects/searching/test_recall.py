"""The gate: what clerks type finds whom they mean. The labels are in tests/cases/search."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.subjects.searching.town import places, queries, rows, settle
from xinrong.domain.names import fold
from xinrong.subjects import nameindex
from xinrong.subjects.services import Hit, search

pytestmark = pytest.mark.django_db

#: Kind of query → the least share with the right enterprise first, and among the first five.
GATES = {
    "code": (1.0, 1.0),
    "code_part": (1.0, 1.0),
    "exact": (1.0, 1.0),
    "fragment": (0.97, 1.0),
    "short": (0.95, 1.0),
    "former": (1.0, 1.0),
    "words": (0.94, 1.0),
    "pinyin": (0.94, 1.0),
    "initials": (0.94, 1.0),
    "homophone": (0.92, 1.0),
    "wrong": (0.92, 1.0),
    "missing": (0.87, 1.0),
    "extra": (0.87, 1.0),
    "swapped": (0.85, 1.0),
    "traditional": (1.0, 1.0),
    "likely": (0.9, 1.0),
}


@pytest.fixture
def index_folder(settings: Any, tmp_path: Path) -> Path:
    """An empty place for an index of its own."""
    settings.NAMES_ROOT = tmp_path / "names"
    return tmp_path / "names"


def test_the_labels_name_enterprises_that_are_there() -> None:
    known = {int(row["number"]) for row in rows("enterprises.csv")}
    assert all(query.wanted <= known for query in queries())
    assert len(queries()) >= 150
    assert len({query.text for query in queries()}) == len(queries())
    assert {query.kind for query in queries()} == set(GATES)


def test_whom_a_clerk_means_is_found(index_folder: Path) -> None:
    numbers = settle()
    nameindex.rebuild()
    found = defaultdict(list)
    for query, at in places(numbers).items():
        if query.wanted:
            found[query.kind].append((query.text, at))
    for kind, (first, among_five) in GATES.items():
        ats = [at for _, at in found[kind]]
        misses = [one for one in found[kind] if one[1] != 0]
        assert sum(at == 0 for at in ats) / len(ats) >= first, (kind, misses)
        assert sum(0 <= at < 5 for at in ats) / len(ats) >= among_five, (kind, misses)


def test_nobody_is_found_where_nobody_is_meant() -> None:
    settle()
    for query in queries():
        if not query.wanted:
            assert search(query.text) == [], query.text
    assert search("没有这家公司") == search("完全不存在的东西") == []


def test_an_index_on_disk_and_names_that_came_since_answer_as_the_database(
    index_folder: Path,
) -> None:
    numbers = settle(slice(0, 200))
    assert nameindex.rebuild() > 200
    numbers |= settle(slice(200, 300))
    search("恒远")  # opened in between
    numbers |= settle(slice(300, 400))
    some = queries()[::5]
    kept = [sure(search(query.text)) for query in some]
    nameindex.forget()
    assert [sure(search(query.text)) for query in some] == kept
    assert sum(map(len, kept)) > len(some)


def sure(hits: list[Hit]) -> list[Hit]:
    """Those that do not hang on which pairs of signs are rare."""
    return [hit for hit in hits if hit.how != "near"]


def test_every_fragment_of_a_name_finds_it(index_folder: Path) -> None:
    numbers = settle()
    nameindex.rebuild()
    folded = {int(row["number"]): fold(row["name"]) for row in rows("enterprises.csv")}
    former = [old for row in rows("enterprises.csv") for old in row["former"].split("|")]
    every = [*folded.values(), *map(fold, former)]

    @given(st.sampled_from(sorted(folded)), st.data())
    def holds(number: int, data: st.DataObject) -> None:
        name = folded[number]
        start = data.draw(st.integers(0, len(name) - 2))
        end = data.draw(st.integers(start + 2, len(name)))
        fragment = name[start:end]
        found = [numbers[hit.enterprise] for hit in search(fragment, 100)]
        if sum(fragment in one for one in every) == 1:
            assert found[0] == number, fragment
        elif sum(fragment in one for one in every) <= 50:
            assert number in found, fragment

    holds()
