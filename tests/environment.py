"""Where a test process keeps its data and its database: throw-away places, set up once.

Imported by conftest before Django's settings are read; importing it is what prepares the process.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

from tests.migrated import TEMPLATES

PROJECT = Path(__file__).resolve().parents[1]
#: sqlite or postgresql.
DATABASE = os.environ.get("XINRONG_TEST_DB", "sqlite")


def _data_folder() -> Path:
    """Point the platform at a folder of its own; forget what the shell says about it."""
    folder = Path(tempfile.mkdtemp(prefix="xinrong-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith("XINRONG_")]:
        if not name.startswith(("XINRONG_TEST_", "XINRONG_SHARED_DATA")):
            del os.environ[name]
    os.environ.setdefault(TEMPLATES, str(folder))  # of the first process, for all workers
    os.environ.update(
        XINRONG_DATA=str(folder), REGION="beijing", DJANGO_SETTINGS_MODULE="xinrong.settings"
    )
    (folder / "static").mkdir()
    return folder


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


if settings.configured:
    raise pytest.UsageError(
        "Django's settings were read before the tests could choose a data folder; "
        "unset DJANGO_SETTINGS_MODULE and run again"
    )
if DATABASE not in ("sqlite", "postgresql"):
    raise pytest.UsageError(f"XINRONG_TEST_DB is {DATABASE!r}; write sqlite or postgresql")
DATA = _data_folder()
#: Why the run on PostgreSQL cannot take place; empty when it can.
POSTGRES_MISSING = _use_postgres() if DATABASE == "postgresql" else ""
