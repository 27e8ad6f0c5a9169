"""CSV and XLSX that a spreadsheet opens without evaluating anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from xinrong.domain.cells import text_cell


def csv_answer(name: str, headings: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A download, in UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([text_cell(one) for one in headings])
    writer.writerows([text_cell(one) for one in row] for row in rows)
    return HttpResponse(
        out.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def xlsx_answer(
    name: str, sheet: str, headings: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """A workbook of one sheet: whole numbers as numbers, all else as text, nothing as a formula."""
    from xlsxwriter import Workbook  # only for whoever takes one out

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet[:31])
        bold = book.add_format({"bold": True})
        page.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            page.write_string(0, column, str(heading), bold)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if type(value) is int:
                    page.write_number(number, column, value)
                else:
                    page.write_string(number, column, "" if value is None else str(value))
    return HttpResponse(
        out.getvalue(),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
