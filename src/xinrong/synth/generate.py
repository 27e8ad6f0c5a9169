"""Category by category: which function makes its rows, and what holds for the rows of all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from xinrong.synth.categories import registry, tax, utilities
from xinrong.synth.life import Chunk
from xinrong.synth.rows import Rows

#: category -> (what makes its rows, the field that says when)
CATEGORIES: dict[str, tuple[Callable[[Chunk], Rows], str]] = {
    "registration": (registry.registration, "established_on"),
    "registration_change": (registry.registration_change, "changed_on"),
    "annual_report": (registry.annual_report, "reported_on"),
    "investment": (registry.investment, "invested_on"),
    "tax_payment": (tax.tax_payment, "paid_on"),
    "tax_credit_grade": (tax.tax_credit_grade, "announced_on"),
    "tax_arrears": (tax.tax_arrears, "announced_on"),
    "export_tax_refund": (tax.export_tax_refund, "refunded_on"),
    "electricity_bill": (utilities.electricity_bill, "billed_on"),
    "water_bill": (utilities.water_bill, "billed_on"),
    "gas_bill": (utilities.gas_bill, "billed_on"),
}


def rows_of(chunk: Chunk, category: str) -> Rows:
    """The rows of one category of a chunk.

    Nothing is on record before an enterprise was founded, after it was deregistered or after the
    last day of the city; the register itself is the exception (its event is the founding).
    """
    make, when = CATEGORIES[category]
    rows = make(chunk)
    if category == "registration":
        return rows
    day = rows.fields[when]
    assert isinstance(day, np.ndarray)
    return rows.where(chunk.stands_on(rows.who, day))
