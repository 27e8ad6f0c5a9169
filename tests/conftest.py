"""What every test stands on: its own data folder, its own database, its own store.

XINRONG_TEST_DB chooses the database (sqlite, the default, or postgresql). docs/testing.md says
what each group of tests needs.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django_scopes import scopes_disabled

from tests.environment import DATABASE, POSTGRES_MISSING, PROJECT

#: Fixtures that reach the operational database.
DATABASE_FIXTURES = frozenset(
    {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback",
     "live_server", "live_site", "admin_client", "admin_user"}
)  # fmt: skip
pytest_plugins = ["tests.browser", "tests.engines", "tests.signing"]

# The environment is set by now: reading the settings here tells pytest-django that they are there.
# A test's rows live in a transaction that no other connection sees, so readers share its own.
# Tests of isolation set this back to "snapshot" and commit for real.
django_settings.SNAPSHOT_ALIAS = "default"
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

hypothesis.settings.register_profile(
    "dev", max_examples=50, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile(
    "ci",
    max_examples=300,
    deadline=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile(os.environ.get("XINRONG_TEST_PROFILE", "dev"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database, keep Spark and Chromium on one worker each."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")
            if POSTGRES_MISSING:
                item.add_marker(pytest.mark.skip(reason=f"needs PostgreSQL: {POSTGRES_MISSING}"))
        if "spark" in fixtures:
            item.add_marker("spark")
            item.add_marker(pytest.mark.xdist_group("spark"))
        if fixtures & {"browser", "browser_page"}:
            item.add_marker("browser")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let each worker choose its data folder before Django's settings are read.

    Workers inherit the environment, and pytest-django reads the settings at once if it names them.
    """
    del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_report_header() -> list[str]:
    """Which database this run is on."""
    return [f"database: {DATABASE}"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every group of tests that could not run, and why."""
    reasons: Counter[tuple[str, str]] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        group = str(Path(report.nodeid.split("::")[0]).parent)
        reasons[group, text.removeprefix("Skipped: ")] += 1
    if reasons:
        terminalreporter.section("not run, and why")
        for (group, reason), count in sorted(reasons.items()):
            terminalreporter.line(f"{group}: {count} test{'s' * (count > 1)}: {reason}")


@pytest.fixture(autouse=True)
def _requests_keep_the_connection() -> None:
    """A test that calls the WSGI application in its own process shares its connection with it.

    The end of a request must not close it. Django's test client does the same around each call,
    and connects the signals again after it: hence anew for every test.
    """
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)


@pytest.fixture(autouse=True)
def _tests_stand_outside_organisations() -> Iterator[None]:
    """A test looks at the rows of everybody; a request that it makes has the scope of its viewer.

    A test about scopes closes this again with `django_scopes.scope()`.
    """
    with scopes_disabled():
        yield


@pytest.fixture(autouse=True)
def _small_amounts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is added to a figure before it is shown does not decide a test by chance.

    Three draws in a thousand would make of twenty-five enterprises too few to be shown. The law of
    the amounts is tested where it is (tests/trust/counting).
    """
    if "trust/counting" not in str(request.path):
        monkeypatch.setattr("xinrong.trust.counting.figures.WIDEST", 4)


@pytest.fixture
def store_root(settings: Any, tmp_path: Path) -> Path:
    """A fresh, empty store for this test; `settings.STORE_ROOT` names it."""
    root = tmp_path / "store"
    root.mkdir()
    settings.STORE_ROOT = root
    return root


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of large open data sets beside the project; absent in a plain clone."""
    named = os.environ.get("XINRONG_SHARED_DATA", "")
    path = Path(named) if named else PROJECT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("needs the shared data: set XINRONG_SHARED_DATA to its folder")
    return path


@pytest.fixture
def live_site(django_db_setup: None, live_server: Any) -> str:
    """The address of the platform, served over real HTTP on this test's database.

    The database is set up first: the server then shares its connection instead of opening others
    that nobody closes.
    """
    address: str = live_server.url
    return address
