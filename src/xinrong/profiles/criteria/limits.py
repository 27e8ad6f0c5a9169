"""How long a criterion may take: two seconds over all enterprises while somebody waits."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow as pa

from xinrong.profiles.criteria.errors import CriteriaRefused
from xinrong.store.engine import DuckEngine, Relation, engine

#: Seconds.
LONGEST = 2.0


class Hurried:
    """The engine of this process with a limit: a query that takes longer is broken off.

    Raises CriteriaRefused (criterion_too_slow) then.
    """

    def __init__(self, seconds: float = LONGEST, runner: DuckEngine | None = None) -> None:
        self.seconds = seconds
        self.runner = runner or engine()

    def query(
        self, sql: str, relations: Mapping[str, Relation], params: Mapping[str, Any] | None = None
    ) -> pa.Table:
        """The rows of one query."""
        cursor = self.runner.cursor()
        self.runner.bind(cursor, relations)
        timer = threading.Timer(self.seconds, cursor.interrupt)
        timer.start()
        try:
            return cursor.sql(sql, params=dict(params or {})).to_arrow_table()
        except duckdb.InterruptException as error:
            raise CriteriaRefused(
                f"the criterion was broken off after {self.seconds:g} seconds",
                remedy="Ask about fewer columns, or make an indicator of a part of it.",
                code="criterion_too_slow",
            ) from error
        finally:
            timer.cancel()
            timer.join()
            cursor.close()
