"""A year of queries by the staff of banks, with planted snoopers: for the benchmark `snoop`.

from xinrong.synth.queries import QueryOptions, write_queries
"""

from __future__ import annotations

from xinrong.synth.queries.writing import QueryOptions, QuerySummary, write_queries

__all__ = ["QueryOptions", "QuerySummary", "write_queries"]
