"""Allocations as CSV and XLSX that a spreadsheet opens without evaluating anything in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from xinrong.domain.allocation import Allocation, Price, Tried, Why
from xinrong.domain.cells import safe_cell, text_cell
from xinrong.domain.text import Text

Cell = str | int | float | None

HEADINGS = (
    "applicant", "grade", "group", "probability_of_default", "decision", "amount", "rate",
    "share_taken_up", "expected_drawn", "expected_profit",
)  # fmt: skip
LIMIT_HEADINGS = ("limit", "value", "used", "step", "step_earns", "price")
TRIED_HEADINGS = (
    "loss_given_default", "cost_of_funds", "best_profit", "this_plan_earns", "this_plan_breaks",
    "best_drawn", "best_offers", "best_mean_rate",
)  # fmt: skip

WHY_WORDS = {
    Why.OFFERED: Text(zh="建议放款", en="offered"),
    Why.NEVER: Text(zh="该评级不予放款", en="never lent to this grade"),
    Why.EARNS_NOTHING: Text(
        zh="在任何利率下预期均无收益", en="expected to earn nothing at any rate"
    ),
    Why.OTHERS_FIRST: Text(zh="限额内其他申请人收益更高", en="within the limits others earn more"),
}


def decision_rows(found: Allocation) -> list[tuple[Cell, ...]]:
    """A row for each applicant, in the given order: yuan, fractions."""
    return [
        (
            row.applicant.name,
            row.applicant.grade,
            row.applicant.group,
            round(row.applicant.default, 6),
            str(row.why),
            row.amount,
            row.rate,
            round(row.taken_up, 6),
            round(row.drawn, 2),
            round(row.profit, 2),
        )
        for row in found.rows()
    ]


def limit_rows(found: Allocation, priced: Sequence[Price]) -> list[tuple[Cell, ...]]:
    """The budget and each limit with what is used of it, and its price where it was looked for."""
    by_limit = {one.limit: one for one in priced}
    rows: list[tuple[Cell, ...]] = []
    for use in found.uses:
        one = by_limit.get(use.limit)
        price: tuple[Cell, ...] = ("", "", "")
        if one is not None:
            price = (float(one.step), round(one.earned, 2), round(one.each, 6))
        value = round(float(use.limit.value), 2)
        rows.append((use.limit.name, value, round(use.used, 2), *price))
    return rows


def tried_rows(tried: Sequence[Tried]) -> list[tuple[Cell, ...]]:
    """A row for each loss given default and cost of funds that was tried."""
    return [
        (
            one.economics.loss_given_default,
            one.economics.cost_of_funds,
            round(one.best.profit, 2),
            round(one.kept.profit, 2),
            "; ".join(limit.name for limit in one.breaks),
            round(one.best.drawn, 2),
            len(one.best.offers),
            round(one.best.mean_rate, 6),
        )
        for one in tried
    ]


def as_csv(found: Allocation) -> bytes:
    """The decisions, in UTF-8 with the mark by which spreadsheets know it."""
    return csv_of(decision_rows(found))


def csv_of(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows of decisions as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows([_csv_cell(one) for one in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(found: Allocation, priced: Sequence[Price], tried: Sequence[Tried]) -> bytes:
    """A workbook: decisions, limits, and what was tried. Numbers are numbers, text is text."""
    return xlsx_of(decision_rows(found), limit_rows(found, priced), tried_rows(tried))


def xlsx_of(
    decisions: Iterable[Sequence[Cell]],
    limits: Iterable[Sequence[Cell]],
    tried: Iterable[Sequence[Cell]],
) -> bytes:
    """The same of rows that were kept."""
    return workbook_of(
        ("decisions", HEADINGS, decisions),
        ("limits", LIMIT_HEADINGS, limits),
        ("sensitivity", TRIED_HEADINGS, tried),
    )


def workbook_of(*sheets: tuple[str, Sequence[str], Iterable[Sequence[Cell]]]) -> bytes:
    """A workbook of sheets: name, headings, rows."""
    from xlsxwriter import Workbook  # only for whoever takes one out

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for name, headings, rows in sheets:
            page = book.add_worksheet(name)
            page.freeze_panes(1, 0)
            for column, heading in enumerate(headings):
                page.write_string(0, column, heading, bold)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    if isinstance(value, int | float):
                        page.write_number(number, column, value)
                    else:
                        page.write_string(number, column, value or "")
    return out.getvalue()


def _csv_cell(value: Cell) -> str:
    """Text that no spreadsheet runs; a number as it is, with its minus."""
    if isinstance(value, float):
        return safe_cell(f"{value:.6f}".rstrip("0").rstrip("."))
    return safe_cell(str(value)) if isinstance(value, int) else text_cell(value)
