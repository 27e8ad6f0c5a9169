"""What the proofs share: the shim, a migrated data folder, a server that can be killed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import PostgresMissingError
from tests.store.proof.killing import migrated
from tests.store.proof.recorder import CompilerMissingError, compiled
from tests.store.proof.servers import DURABLE, KilledPostgres


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that records writes."""
    try:
        return compiled(tmp_path_factory.mktemp("shim"))
    except CompilerMissingError as error:
        pytest.skip(f"needs a C compiler: {error}")


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an empty SQLite database. Not to be changed: copy it."""
    folder = tmp_path_factory.mktemp("base") / "data"
    migrated(folder)
    return folder


@pytest.fixture
def data(base: Path, tmp_path: Path) -> Path:
    """A data folder of this test's own, with an empty SQLite database."""
    return Path(shutil.copytree(base, tmp_path / "data"))


@pytest.fixture
def server() -> Iterator[KilledPostgres]:
    """A PostgreSQL server of this test's own."""
    made = KilledPostgres(dict(DURABLE))
    try:
        made.start()
    except PostgresMissingError as error:
        pytest.skip(f"needs PostgreSQL: {error}")
    yield made
    made.stop()
