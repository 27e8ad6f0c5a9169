"""How much detail a city needs to come near a number of rows for each enterprise."""

from __future__ import annotations

import numpy as np

from xinrong.synth.generate import CATEGORIES, LATER, rows_of
from xinrong.synth.life import Chunk
from xinrong.synth.register import City, register

#: Categories that send something every month: thinned by sending later months only.
MONTHLY = (
    "tax_payment",
    "export_tax_refund",
    "vat_invoice",
    "social_insurance",
    "provident_fund",
    "electricity_bill",
    "water_bill",
    "gas_bill",
    "customs_declaration",
)
INVOICES = 3.0
FEWEST_INVOICES = 0.1  # of the usual number
_SAMPLE = 800
_SAMPLE_CHUNK = 1 << 30  # an index that no chunk has


def density(
    city: City, rows_per_enterprise: float | None, categories: tuple[str, ...] = tuple(CATEGORIES)
) -> tuple[int, float]:
    """First month of detail, and invoices a month, for about that many rows an enterprise.

    Fewer rows than a whole window gives: only its last months are sent in detail. More: more
    invoices. None: the whole window and `INVOICES`.
    """
    if rows_per_enterprise is None:
        return 0, INVOICES
    numbers = np.unique(
        np.linspace(1, city.enterprises, min(_SAMPLE, city.enterprises)).astype(np.int64)
    )
    sample = Chunk(city, _SAMPLE_CHUNK, register(city, numbers), 0, INVOICES)
    counted = [name for name in categories if name not in LATER]
    count = {name: len(rows_of(sample, name)) / len(numbers) for name in counted}
    invoices = count.get("vat_invoice", 0.0)
    monthly = sum(count.get(name, 0.0) for name in MONTHLY) - invoices
    fixed = sum(count.values()) - monthly - invoices
    want = rows_per_enterprise - fixed
    if want >= monthly + invoices or not invoices:
        return 0, INVOICES * max(want - monthly, invoices) / max(invoices, 1e-9)
    months = round(city.months * max(want, 0.0) / (monthly + invoices))
    months = min(max(months, 2), city.months)
    # bills of the last month come after the last day, so one month of detail has none
    bills = monthly * (months - 1) / max(city.months - 1, 1)
    usual = invoices * months / city.months
    return city.months - months, INVOICES * max((want - bills) / usual, FEWEST_INVOICES)
