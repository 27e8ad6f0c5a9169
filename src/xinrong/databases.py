"""The operational database as the environment names it: SQLite by default, or PostgreSQL."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from xinrong.environment import DATA


def sqlite(path: Path, *, reads: bool) -> dict[str, Any]:
    """SQLite in WAL mode. Writers take the lock at once; the alias for snapshots never does."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "DEFERRED" if reads else "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def postgresql(url: str, *, reads: bool) -> dict[str, Any]:
    """PostgreSQL; the alias for snapshots is REPEATABLE READ READ ONLY."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
    options = "-c default_transaction_read_only=on" if reads else "-c synchronous_commit=on"
    config: dict[str, Any] = {
        "ENGINE": "xinrong.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"options": options},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
    if reads:
        from psycopg import IsolationLevel

        config["OPTIONS"]["isolation_level"] = IsolationLevel.REPEATABLE_READ
        config["OPTIONS"]["begins_with_first"] = True  # xinrong.postgresql
    return config


def databases() -> dict[str, dict[str, Any]]:
    """`default` writes, `snapshot` reads. In tests both are one database (MIRROR)."""
    url = os.environ.get("XINRONG_DATABASE_URL", "")
    file = os.environ.get("XINRONG_DATABASE_URL_FILE", "")
    if file:
        url = Path(file).read_text(encoding="utf-8").strip()
    if url.startswith(("postgres://", "postgresql://")):
        made = {
            alias: postgresql(url, reads=alias == "snapshot") for alias in ("default", "snapshot")
        }
    elif not url:
        DATA.mkdir(parents=True, exist_ok=True)
        path = DATA / "xinrong.sqlite3"
        made = {alias: sqlite(path, reads=alias == "snapshot") for alias in ("default", "snapshot")}
    else:
        raise ImproperlyConfigured("XINRONG_DATABASE_URL must begin with postgresql://")
    made["snapshot"]["TEST"] = {"MIRROR": "default"}
    return made
