from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

from tests.environment import DATABASE, PROJECT


def test_tests_never_touch_the_projects_own_data() -> None:
    assert not settings.DATA.is_relative_to(PROJECT)
    assert Path(os.environ["XINRONG_DATA"]).resolve() == settings.DATA


@pytest.mark.django_db
def test_the_database_is_the_one_that_was_asked_for() -> None:
    assert connection.vendor == DATABASE
    assert connections["snapshot"].settings_dict["NAME"] == connection.settings_dict["NAME"]


def test_each_test_gets_a_fresh_store(store_root: Path) -> None:
    assert store_root == settings.STORE_ROOT
    assert list(store_root.iterdir()) == []


def test_spark_answers(spark) -> None:
    rows = spark.sql("SELECT 6 * 7 AS answer").collect()
    assert [row.answer for row in rows] == [42]


def test_a_page_with_a_nameless_image_is_an_axe_violation(browser_page, axe) -> None:
    browser_page.set_content(
        "<html lang=zh><title>x</title><main><h1>x</h1>"
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='></main>"
    )
    assert [violation["id"] for violation in axe(browser_page)] == ["image-alt"]


def run_pytest(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A session of its own, as a person would start it."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if "XDIST" not in name and not name.startswith(("XINRONG_", "DJANGO_", "PYTEST_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/foundation/test_environment.py", *words],
        cwd=PROJECT, env=inherited | environment, check=False, capture_output=True, text=True,
    )  # fmt: skip


def test_without_postgresql_the_database_tests_are_skipped_by_name() -> None:
    missing = "PostgreSQL is not installed (Debian package `postgresql`)"
    done = run_pytest(
        "-k", "the_one_that_was_asked_for",
        XINRONG_TEST_DB="postgresql", XINRONG_TEST_SERVER_MISSING=missing,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert f"tests/foundation: 1 test: needs PostgreSQL: {missing}" in done.stdout
    assert "1 skipped" in done.stdout.splitlines()[-1]


def test_an_unknown_template_variable_is_an_error() -> None:
    from django.template import engines

    with pytest.raises(pytest.fail.Exception, match="Undefined template variable 'nothing'"):
        engines["django"].from_string("{{ nothing }}").render({})


def test_settings_read_too_early_are_refused(tmp_path: Path) -> None:
    done = run_pytest(DJANGO_SETTINGS_MODULE="xinrong.settings", XINRONG_DATA=str(tmp_path))
    assert done.returncode != 0
    assert "unset DJANGO_SETTINGS_MODULE" in done.stdout + done.stderr


def test_a_test_server_does_not_outlive_a_killed_session() -> None:
    from tests import postgres

    try:
        postgres.find_binaries()
    except postgres.PostgresMissingError as error:
        pytest.skip(f"needs PostgreSQL: {error}")
    script = (
        "import os, signal; from tests.postgres import PrivatePostgres; "
        "server = PrivatePostgres().start(); print(server._process.pid, server.folder, flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, check=False, capture_output=True, text=True
    )
    pid, folder = done.stdout.split()
    shutil.rmtree(folder, ignore_errors=True)
    until = time.monotonic() + 30
    while Path("/proc", pid).exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not Path("/proc", pid).exists()
