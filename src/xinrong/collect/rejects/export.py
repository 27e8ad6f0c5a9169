"""The rejected rows of a batch as a file that its sender corrects and sends again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from xinrong.collect.models import BatchQuality, QuarantinedRow, Receipt
from xinrong.domain.cells import safe_cell

#: Headings of what is added before the sender's own columns.
ADDED = ("行号 row", "规则 rule", "原因", "reason")


def export_rejects(receipt: Receipt) -> bytes:
    """The rejected rows as CSV (UTF-8 with its mark, so that Excel shows Chinese).

    Row number, rules and reasons come first, then the row as it was sent, under all headings of
    the file: a column that is empty in every rejected row is often the one to be filled in.
    """
    rows = receipt.rows.order_by("row_no")
    headings: dict[str, None] = dict.fromkeys(_sent_headings(receipt))
    for original in rows.values_list("original", flat=True).iterator():
        headings.update(dict.fromkeys(original))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*ADDED, *map(safe_cell, headings)])
    for row in rows.iterator():
        writer.writerow([*_added(row), *_cells(row.original, headings)])
    return out.getvalue().encode("utf-8-sig")


def _sent_headings(receipt: Receipt) -> list[str]:
    """The file's own headings, as its quality report keeps them."""
    found = BatchQuality.objects.filter(receipt=receipt).values_list("columns", flat=True).first()
    return list(found or ())


def _added(row: QuarantinedRow) -> list[str]:
    problems: list[dict[str, str]] = row.problems
    rules = "; ".join(_named(problem) for problem in problems)
    zh = " ".join(problem["reason_zh"] for problem in problems)
    en = " ".join(problem["reason_en"] for problem in problems)
    return [str(row.row_no), rules, safe_cell(zh), safe_cell(en)]


def _named(problem: dict[str, str]) -> str:
    return f"{problem['field']}: {problem['rule']}" if problem["field"] else problem["rule"]


def _cells(original: dict[str, Any], headings: dict[str, None]) -> Iterator[str]:
    for heading in headings:
        yield safe_cell(str(original.get(heading, "")))
