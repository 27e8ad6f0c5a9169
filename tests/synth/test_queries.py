"""The generated year of queries: what the benchmark of snooping stands on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from xinrong.synth.city import SynthError
from xinrong.synth.queries import QueryOptions, write_queries
from xinrong.synth.queries.calendar import days_of_year
from xinrong.synth.queries.snoopers import KINDS

SMALL = QueryOptions(seed=3, users=120, enterprises=5_000, snoopers=0.1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("queries") / "year"
    write_queries(out, SMALL)
    return out


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(
    folder: Path, tmp_path: Path
) -> None:
    write_queries(tmp_path / "again", SMALL)
    write_queries(tmp_path / "other", QueryOptions(4, 120, 5_000, 0.1))
    looks = (folder / "looks.parquet").read_bytes()
    assert (tmp_path / "again" / "looks.parquet").read_bytes() == looks
    assert (tmp_path / "other" / "looks.parquet").read_bytes() != looks


def test_every_kind_of_snooper_is_planted_and_snoops_inside_the_year_only(folder: Path) -> None:
    labels = pq.read_table(folder / "truth/labels.parquet").to_pylist()
    assert set(Counter(one["kind"] for one in labels)) == set(KINDS)
    assert all(one["first"].year == one["last"].year == 2025 for one in labels)


def test_what_is_planted_is_marked_apart_and_never_in_the_looks(folder: Path) -> None:
    looks = pq.read_table(folder / "looks.parquet")
    planted = set(pq.read_table(folder / "truth/planted.parquet")["row_id"].to_pylist())
    people = set(pq.read_table(folder / "truth/labels.parquet")["person"].to_pylist())
    assert looks.column_names == [
        "row_id", "moment", "person", "organisation", "institution", "role", "enterprise", "stage",
        "outcome",
    ]  # fmt: skip
    rows = looks.select(["row_id", "person"]).to_pylist()
    assert {row["person"] for row in rows if row["row_id"] in planted} == people


def test_most_snoopers_do_less_than_honest_people_on_their_busiest_day(folder: Path) -> None:
    looks = pq.read_table(folder / "looks.parquet")
    labels = set(pq.read_table(folder / "truth/labels.parquet")["person"].to_pylist())
    day = looks["moment"].to_numpy().astype("datetime64[D]").astype(int)
    person = looks["person"].to_numpy()
    busiest = np.zeros(SMALL.users + 1, dtype=int)
    keys, counts = np.unique(person * 100_000 + day, return_counts=True)
    np.maximum.at(busiest, keys // 100_000, counts)
    honest = [busiest[one] for one in range(1, SMALL.users + 1) if one not in labels]
    quiet = [one for one in labels if busiest[one] <= np.quantile(honest, 0.9)]
    assert len(quiet) > len(labels) / 3


def test_holidays_are_quiet_and_exchanged_weekends_are_worked() -> None:
    days = days_of_year()
    work = {days.day(n): bool(days.work[n]) for n in range(days.count)}
    by_text = {day.isoformat(): works for day, works in work.items()}
    assert not by_text["2025-10-01"]  # the National Day
    assert not by_text["2025-01-29"]  # Spring Festival
    assert by_text["2025-09-28"]  # a Sunday worked in exchange
    assert sum(works for day, works in work.items() if day.year == 2025) == 248


def test_too_few_people_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SynthError):
        write_queries(tmp_path / "x", QueryOptions(users=10))
