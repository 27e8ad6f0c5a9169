"""Real servers, started once for all tests of the folder; skipped by name where there are none."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest


@cache
def server(name: str) -> Any:
    """A department's server, or the reason why there is none."""
    from tests.collect.pull.departments import Maria, Postgres
    from tests.mariadb import MariaMissingError
    from tests.postgres import PostgresMissingError

    try:
        return Postgres() if name == "postgresql" else Maria()
    except (MariaMissingError, PostgresMissingError) as error:
        return str(error)


@pytest.fixture(scope="session")
def _servers() -> Iterator[None]:
    yield
    for name in ("postgresql", "mysql"):
        found = server(name)
        if not isinstance(found, str):
            found.stop()
    server.cache_clear()


@pytest.fixture(params=["postgresql", "mysql"])
def department(request: Any, _servers: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    """A department's database with an empty table, and the platform's way in."""
    found = server(request.param)
    if isinstance(found, str):
        pytest.skip(f"needs {request.param}: {found}")
    found.revive()
    found.fresh()
    path = tmp_path / "address"
    path.write_text(found.address() + "\n")
    monkeypatch.setenv("XINRONG_PULL_TAX_DB_FILE", str(path))
    return found
