"""What the tax authority knows: payments, grades, arrears, export refunds."""

from __future__ import annotations

import numpy as np

from xinrong.synth.life import Chunk
from xinrong.synth.register import COMPANY, FAILS, NULL
from xinrong.synth.rows import Coded, Rows, coded, digits, joined, only, stack, year_of
from xinrong.synth.streams import Ints

TAXES = ("vat", "surtax", "corporate_income_tax", "individual_income_tax")


def month_words(c: Chunk) -> tuple[str, ...]:
    """`2025-03` for each month of the window."""
    months = c.starts[:-1].astype("datetime64[D]").astype("datetime64[M]")
    return tuple(str(month) for month in months)


def period_of(c: Chunk, month: Ints) -> Coded:
    """The month as text."""
    return coded(month_words(c), month)


def _block(c: Chunk, who: Ints, month: Ints, tax: int, base: Ints, rate: float, extra: int) -> Rows:
    """Payments of one tax on the sales `base`, in the fifteen days after the month."""
    jitter = c.stream(f"tax_payment {tax}").below(len(who), 14)
    return Rows(
        who,
        {
            "tax": coded(TAXES, np.full(len(who), tax, dtype=np.int64)),
            "period": period_of(c, month),
            "paid_on": c.starts[month + 1] + jitter + extra,
            "amount": (base * rate).astype(np.int64),
            "taxable_sales": base,
        },
    )


def tax_payment(c: Chunk) -> Rows:
    """Monthly VAT and surtax of general taxpayers, quarterly of the small, income tax quarterly.

    In the months before a default less is declared than sold, and then nothing is paid.
    """
    people = c.people
    pays = c.detailed() & (c.sales > 0) & (c.before_default > -2)
    quarter = np.isin(c.calendar, (2, 5, 8, 11))[None, :]
    general = people.general_taxpayer[:, None]
    three = c.sales.copy()
    three[:, 1:] += c.sales[:, :-1]
    three[:, 2:] += c.sales[:, :-2]
    blocks = []
    for tax, rate in ((0, 0.034), (1, 0.0041)):
        who, month = c.cells(pays & general)
        blocks.append(_block(c, who, month, tax, c.sales[who, month], rate, 0))
    # quarterly sales of the small above 300,000 yuan bear VAT at one percent
    who, month = c.cells(pays & ~general & quarter & (three > 30_000_000))
    blocks.append(_block(c, who, month, 0, three[who, month], 0.01, 0))
    company = (people.kind == COMPANY)[:, None]
    who, month = c.cells(pays & quarter & company)
    blocks.append(_block(c, who, month, 2, three[who, month], 0.012, 1))
    who, month = c.cells(pays & quarter & ~company)
    blocks.append(_block(c, who, month, 3, three[who, month], 0.006, 1))
    return stack(blocks)


def tax_credit_grade(c: Chunk) -> Rows:
    """The yearly grade of companies, announced each April for the year before."""
    draws = c.stream("tax_credit_grade")
    blocks = []
    years = np.unique(year_of(c.starts))
    for year in years.tolist():
        day = int(np.datetime64(f"{year}-04-10").astype("datetime64[D]").astype(np.int64))
        who = np.nonzero(c.people.kind == COMPANY)[0].astype(np.int64)
        who = who[c.stands_on(who, np.full(len(who), day)) & (c.people.founded[who] < day - 100)]
        size = len(who)
        score = 96 - draws.below(size, 22) - draws.below(size, 12)
        default = c.people.default[who]
        weak = (default != NULL) & (default < day + 200)
        score = np.where(weak, score - 22 - draws.below(size, 25), score)
        new = c.people.founded[who] > day - 465
        grade = np.where(score >= 90, 0, np.where(score >= 70, 1, np.where(score >= 40, 3, 4)))
        grade = np.where(new & (grade <= 1), 2, grade)
        blocks.append(
            Rows(
                who,
                {
                    "year": np.full(size, year - 1, dtype=np.int64),
                    "grade": coded(("A", "B", "M", "C", "D"), grade),
                    "score": score * 10_000,
                    "announced_on": day + draws.below(size, 3),
                },
            )
        )
    return stack(blocks)


def tax_arrears(c: Chunk) -> Rows:
    """Announced arrears: of most that fail, two to five months before, and of a few that do not."""
    people, draws = c.people, c.stream("tax_arrears")
    size = len(people)
    lead = 40 + draws.below(size, 110)
    failing = (people.fate == FAILS) & draws.chance(size, 0.72)
    careless = (people.fate != FAILS) & draws.chance(size, 0.012)
    window = max(c.city.until - c.city.start - 60, 1)
    other = c.city.start + 30 + draws.below(size, window)
    day = np.where(failing, people.default - lead, other)
    share = 0.01 + 0.05 * draws.unit(size)
    cleared = only(day + 30 + draws.below(size, 200), careless)
    cleared = np.where(cleared > c.city.until, NULL, cleared)
    who = np.nonzero(failing | careless)[0].astype(np.int64)
    return Rows(
        who,
        {
            "notice_no": joined("欠告", digits(people.number[who], 7)),
            "tax": coded(TAXES, draws.below(size, 3)[who]),
            "amount": (people.yearly_sales * share).astype(np.int64)[who],
            "announced_on": day[who],
            "cleared_on": cleared[who],
            "state": coded(("open", "cleared"), (cleared[who] != NULL).astype(np.int64)),
        },
    )


def export_tax_refund(c: Chunk) -> Rows:
    """Refunds to exporters, a month or two after the declaration."""
    draws = c.stream("export_tax_refund")
    who, month = c.cells(c.detailed() & c.people.exporter[:, None] & (c.sales > 0))
    size = len(who)
    return Rows(
        who,
        {
            "period": period_of(c, month),
            "refunded_on": c.starts[month + 1] + 12 + draws.below(size, 40),
            "amount": (c.sales[who, month] * (0.02 + 0.05 * draws.unit(size))).astype(np.int64),
        },
    )
