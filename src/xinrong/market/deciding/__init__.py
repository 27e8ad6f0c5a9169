"""The bank's decision aid: applicants and a table of rates in, who gets how much at what rate out.

It releases nothing: the bank brings its own applicants and probabilities.
"""

from __future__ import annotations

from xinrong.domain.allocation import greedy, one_rate, prices, solve
from xinrong.market.deciding.perms import can_allocate
from xinrong.market.deciding.reading import (
    judge_applicants,
    limit_from_text,
    read_applicants,
    read_rates,
)
from xinrong.market.deciding.trying import sensitivity_of
from xinrong.market.deciding.writing import (
    HEADINGS,
    WHY_WORDS,
    as_csv,
    as_xlsx,
    csv_of,
    workbook_of,
    xlsx_of,
)

__all__ = [
    "HEADINGS",
    "WHY_WORDS",
    "as_csv",
    "as_xlsx",
    "can_allocate",
    "csv_of",
    "greedy",
    "judge_applicants",
    "limit_from_text",
    "one_rate",
    "prices",
    "read_applicants",
    "read_rates",
    "sensitivity_of",
    "solve",
    "workbook_of",
    "xlsx_of",
]
