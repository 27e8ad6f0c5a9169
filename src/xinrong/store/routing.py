"""Keeps the snapshot alias for reading: nothing is routed to it, nothing is migrated on it."""

from __future__ import annotations

from typing import Any


class SnapshotRouter:
    """Writes and migrations belong to `default`; reads name `snapshot` themselves."""

    def db_for_write(self, model: type, **hints: Any) -> str:
        return "default"

    def allow_relation(self, obj1: object, obj2: object, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "default"
