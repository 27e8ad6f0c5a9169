"""The contest's own applicants, where its data is here: read, modelled without leaks, solved."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks._allocate_applicants import Contest, contest
from xinrong.market import deciding

pytestmark = pytest.mark.big


@pytest.fixture(scope="module")
def data(shared_data: Path) -> Path:
    folder = shared_data / "cumcm2020c-sme-credit"
    if not folder.is_dir():
        pytest.skip("needs the shared data cumcm2020c-sme-credit")
    return folder


@pytest.fixture(scope="module")
def given(data: Path) -> Contest:
    return contest(data)


def test_the_table_of_the_contest_is_read_as_it_stands(data: Path, given: Contest) -> None:
    table = deciding.read_rates("rate_churn.csv", (data / "rate_churn.csv").read_bytes())
    assert table == given.table
    assert set(table.lost) == {"A", "B", "C"}
    assert len(table.rates) == 29


def test_the_model_tells_defaults_from_invoices_alone(given: Contest) -> None:
    assert len(given.first) == 123
    assert len(given.second) == 302
    # Folds that never saw a firm: about what is published for simple models, and far from 1.
    assert 0.83 < given.auc < 0.93
    assert all(0 < one.default < 1 for one in given.first + given.second)
    grades = sorted({(one.grade, one.default) for one in given.second})
    assert grades == sorted(grades, key=lambda one: one[1])  # a worse grade, a higher probability
