"""What every test stands on: its own data folder, its own database, its own store.

The environment is set here, before Django's settings are read. XINRONG_TEST_DB chooses the
database (sqlite, the default, or postgresql). docs/testing.md says what each group needs.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import hypothesis
import pytest

PROJECT = Path(__file__).resolve().parents[1]
DATABASE_CHOICE = os.environ.get("XINRONG_TEST_DB", "sqlite")
#: Fixtures that reach the operational database.
DATABASE_FIXTURES = frozenset(
    {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback",
     "live_server", "live_site", "admin_client", "admin_user"}
)  # fmt: skip
#: Why the PostgreSQL run cannot take place; empty when it can.
POSTGRES_MISSING = ""

pytest_plugins = ["tests.browser", "tests.engines"]


def _prepare_environment() -> None:
    """Point the platform at throw-away places. Runs once per process, so per xdist worker."""
    global POSTGRES_MISSING  # noqa: PLW0603 - decided once, while this module is loaded
    folder = Path(tempfile.mkdtemp(prefix="xinrong-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith("XINRONG_")]:
        if not name.startswith(("XINRONG_TEST_", "XINRONG_SHARED_DATA")):
            del os.environ[name]
    os.environ.update(
        XINRONG_DATA=str(folder), REGION="beijing", DJANGO_SETTINGS_MODULE="xinrong.settings"
    )
    (folder / "static").mkdir()
    if DATABASE_CHOICE == "postgresql":
        POSTGRES_MISSING = _use_postgres()
    elif DATABASE_CHOICE != "sqlite":
        raise pytest.UsageError(
            f"XINRONG_TEST_DB is {DATABASE_CHOICE!r}; write sqlite or postgresql"
        )


def _use_postgres() -> str:
    """Start one server for all workers; workers inherit its address. Says why it cannot."""
    from tests.postgres import PostgresMissingError, PrivatePostgres

    if os.environ.get("XINRONG_TEST_SERVER_MISSING"):
        return os.environ["XINRONG_TEST_SERVER_MISSING"]
    if "XINRONG_TEST_SERVER" not in os.environ:
        server = PrivatePostgres()
        try:
            server.start()
        except PostgresMissingError as error:
            os.environ["XINRONG_TEST_SERVER_MISSING"] = str(error)
            return str(error)
        atexit.register(server.stop)
        os.environ["XINRONG_TEST_SERVER"] = server.url
    os.environ["XINRONG_DATABASE_URL"] = os.environ["XINRONG_TEST_SERVER"]
    return ""


_prepare_environment()

from django.conf import settings as django_settings  # noqa: E402 - after the environment is set

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


def pytest_report_header() -> list[str]:
    """Which database this run is on."""
    return [f"database: {DATABASE_CHOICE}"]


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
def live_site(live_server: Any) -> str:
    """The address of the platform, served over real HTTP on this test's database."""
    address: str = live_server.url
    return address
