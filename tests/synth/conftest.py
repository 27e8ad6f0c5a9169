from __future__ import annotations

from pathlib import Path

import pytest

from xinrong.synth import write_city
from xinrong.synth.city import Options, Summary
from xinrong.synth.life import Chunk, chunks_of
from xinrong.synth.register import City

SIZE = 1_000


@pytest.fixture(scope="session")
def city() -> City:
    return Options(seed=7, enterprises=6_000).city()


@pytest.fixture(scope="session")
def chunk(city: City) -> Chunk:
    """The first 5,000 enterprises, with every month in detail."""
    return next(chunks_of(city))


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    """A small city as departments send it: CSV in two encodings, and workbooks."""
    out = tmp_path_factory.mktemp("synth") / "city"
    return out, write_city(out, 7, SIZE, rows_per_enterprise=40, faults=0.05)


@pytest.fixture(scope="session")
def as_parquet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    """The same city as Parquet."""
    out = tmp_path_factory.mktemp("synth") / "parquet"
    made = write_city(out, 7, SIZE, rows_per_enterprise=40, faults=0.05, file_format="parquet")
    return out, made
