"""The same SQL on Apache Spark, over the same parts: for batch work that outgrows one machine.

The text stays in DuckDB's dialect and is transpiled by sqlglot. A relation given as an Arrow
table is handed over as a Parquet file in `scratch`. Parameters are bound by Spark, never pasted.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot

from xinrong.store.engine import Files, Relation

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class SparkEngine:
    """An engine over a Spark session; `scratch` must be readable by every worker."""

    def __init__(self, session: SparkSession, scratch: Path) -> None:
        self.session = session
        self.scratch = scratch

    def query(
        self, sql: str, relations: Mapping[str, Relation], params: Mapping[str, Any] | None = None
    ) -> pa.Table:
        """Run DuckDB's text on Spark. The result has Spark's own types for counts and sums."""
        for name, relation in relations.items():
            self._frame(relation).createOrReplaceTempView(name)
        return self.session.sql(in_spark(sql), args=dict(params or {})).toArrow()

    def _frame(self, relation: Relation) -> DataFrame:
        if isinstance(relation, Files) and relation.paths:
            return self.session.read.parquet(*(str(path) for path in relation.paths))
        table = relation.schema.empty_table() if isinstance(relation, Files) else relation
        path = self.scratch / f"{uuid.uuid4().hex}.parquet"
        pq.write_table(table, path)
        return self.session.read.parquet(str(path))


def in_spark(sql: str) -> str:
    """DuckDB's text in Spark's dialect. Raises sqlglot's ParseError for text that is not SQL."""
    (text,) = sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=RAISE)
    return text


RAISE = sqlglot.ErrorLevel.RAISE
