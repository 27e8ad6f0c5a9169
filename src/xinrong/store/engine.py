"""The engine port: SQL over named relations that are Parquet files or Arrow tables.

SQL is written in DuckDB's dialect; the Spark engine (engine_spark.py) runs the same text
transpiled. House rules for DuckDB: one cursor per unit of work, results through
`to_arrow_table`, an explicit order wherever order matters.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
from django.conf import settings


@dataclass(frozen=True)
class Files:
    """A relation made of Parquet files with one schema; `empty` is used when there are none."""

    paths: tuple[Path, ...]
    schema: pa.Schema


type Relation = Files | pa.Table


class Engine(Protocol):
    """Runs one query over relations bound by name and returns its rows."""

    def query(
        self, sql: str, relations: Mapping[str, Relation], params: Mapping[str, Any] | None = None
    ) -> pa.Table: ...


def quoted(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def file_list(paths: Sequence[Path]) -> str:
    """A SQL list of file names, made by us from the ledger and never from what a user typed."""
    return "[" + ", ".join(quoted(str(path)) for path in paths) + "]"


class DuckEngine:
    """DuckDB in this process, locked to the store's folder."""

    def __init__(self, root: Path, threads: int, memory: str) -> None:
        self.root = root
        (root / "temp").mkdir(parents=True, exist_ok=True)
        self._connection = duckdb.connect(
            config={"threads": threads, "memory_limit": memory, "preserve_insertion_order": False}
        )
        self._lock = threading.Lock()
        self._connection.execute(f"SET temp_directory = {quoted(str(root / 'temp'))}")
        self._connection.execute("SET parquet_metadata_cache = true")
        self._connection.execute("SET python_enable_replacements = false")
        self._connection.execute(f"SET allowed_directories = [{quoted(str(root) + '/')}]")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own for one unit of work: relations registered on it are private."""
        with self._lock:
            return self._connection.cursor()

    def bind(self, cursor: duckdb.DuckDBPyConnection, relations: Mapping[str, Relation]) -> None:
        """Make the relations known to a cursor under their names."""
        for name, relation in relations.items():
            if isinstance(relation, pa.Table):
                cursor.register(name, relation)
            elif relation.paths:
                cursor.execute(
                    f"CREATE OR REPLACE TEMP VIEW {name} AS "
                    f"SELECT * FROM read_parquet({file_list(relation.paths)})"
                )
            else:
                cursor.register(name, relation.schema.empty_table())

    def query(
        self, sql: str, relations: Mapping[str, Relation], params: Mapping[str, Any] | None = None
    ) -> pa.Table:
        cursor = self.cursor()
        try:
            self.bind(cursor, relations)
            return cursor.sql(sql, params=dict(params or {})).to_arrow_table()
        finally:
            cursor.close()

    def close(self) -> None:
        """Let go of the connection; the engine cannot be used afterwards."""
        self._connection.close()


@cache
def _engine(root: Path, threads: int, memory: str) -> DuckEngine:
    made = DuckEngine(root, threads, memory)
    atexit.register(made.close)
    return made


def engine() -> DuckEngine:
    """This process's engine over the configured store."""
    return _engine(
        Path(settings.STORE_ROOT), int(settings.ENGINE_THREADS), str(settings.ENGINE_MEMORY)
    )
