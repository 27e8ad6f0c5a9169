"""Who needs finance, who has it, who never had: all enterprises by class, exact and unpublished.

`financing.yaml` defines the figures. `publishing` decides what of them is shown, and to whom.
"""

# ruff: noqa: S608 - composed of definitions that are shipped and names of ours

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import yaml
from django.conf import settings
from django.db.models import Count, Max
from pydantic import BaseModel, ConfigDict, Field

from xinrong.catalogue.compile import view_sql
from xinrong.domain.clock import midnight
from xinrong.domain.text import Text
from xinrong.profiles.building import batch_now
from xinrong.profiles.classes.batching import query_classed
from xinrong.profiles.classes.definitions import OUTSIDE, classes_now
from xinrong.profiles.columns import columns, region_now
from xinrong.profiles.compiling import compiled
from xinrong.profiles.models import OverlayRow
from xinrong.profiles.windows import start_of_window
from xinrong.store import services as store
from xinrong.subjects.services import enterprise_numbers
from xinrong.trust.services import Purpose, consenting

LOANS = "loan"
MONTHS = 24
#: Columns of the profile that the figures read besides those of the classes.
READS = (
    "reg_district", "loan_active_count", "loan_history_days", "loan_balance", "loan_average_rate",
    "loan_new_12m", "need_told_12m",
)  # fmt: skip


class Figure(BaseModel):
    """One named figure: what it counts, in which unit, and its SQL over `financed`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: Text
    unit: Literal["count", "yuan", "percent"]
    definition: Text
    sql: str = Field(min_length=1)


@cache
def figures() -> Mapping[str, Figure]:
    """Id → figure, in the order of their file."""
    text = (resources.files(__package__) / "financing.yaml").read_text(encoding="utf-8")
    made = [Figure.model_validate(one) for one in yaml.safe_load(text)["figures"]]
    return {one.id: one for one in made}


def counts() -> tuple[str, ...]:
    """The figures that count enterprises."""
    return tuple(one.id for one in figures().values() if one.unit == "count")


def can_be_made() -> bool:
    """Whether the region's catalogue has what the figures read."""
    return all(name in columns() for name in READS)


@dataclass(frozen=True)
class Amounts:
    """Money of one class, with what decides whether it is told. `rate` in percent a year."""

    balance: float
    rate: float | None
    borrowers: int
    rated: int
    largest: float


@dataclass(frozen=True)
class MonthFacts:
    """Of one month and class: with a loan at its end, lent to in it, lent to for the first time."""

    running: int
    lent: int
    first: int


@dataclass(frozen=True)
class Facts:
    """All of it, exact: nothing here is shown as it is.

    `cells`: (class, district, section) → the counts in the order of `counts()`. `also`: (class,
    district, section) → enterprises that meet a class besides their primary answer.
    """

    as_of: date
    seq: int
    cells: Mapping[tuple[str, str, str], tuple[int, ...]]
    also: Mapping[tuple[str, str, str], int]
    amounts: Mapping[str, Amounts]
    months: Mapping[tuple[date, str], MonthFacts]


def facts() -> Facts:
    """The figures as profiles stand now. Raises NoProfile before the first batch.

    Read once for each state of the profiles and of the loans.
    """
    batch = batch_now()
    touched = OverlayRow.objects.aggregate(rows=Count("pk"), seq=Max("seq"))
    state = (batch.pk, store.last_seq(), touched["rows"], touched["seq"])
    return _facts(settings.REGION, str(settings.STORE_ROOT), state, _asked(batch.as_of))


def _asked(as_of: date) -> frozenset[int]:
    """The enterprises whose consent to a credit query was asked for within twelve months."""
    first = start_of_window("m12", as_of) + timedelta(days=1)
    last = as_of + timedelta(days=1)
    found = consenting.ConsentRequest.objects.filter(
        purpose=Purpose.CREDIT, asked_at__gte=midnight(first), asked_at__lt=midnight(last)
    ).order_by()
    return frozenset(found.values_list("grantor", flat=True).distinct())


@lru_cache(maxsize=2)
def _facts(_region: str, _root: str, _state: tuple[Any, ...], asked: frozenset[int]) -> Facts:
    batch = batch_now()
    financed = _financed(compiled(settings.REGION).categories)
    more: dict[str, Any] = {"asked": pa.table({"enterprise": pa.array(sorted(asked), pa.int64())})}
    names = ", ".join(f"{figures()[name].sql} AS {name}" for name in counts())
    found = query_classed(
        f"{financed} SELECT primary_class, district, section, {names} FROM financed"
        " GROUP BY ALL ORDER BY ALL",
        more=more,
    ).to_pylist()
    cells = {
        (row["primary_class"], row["district"], row["section"]): tuple(
            int(row[name]) for name in counts()
        )
        for row in found
    }
    return Facts(
        as_of=batch.as_of,
        seq=store.last_seq(),
        cells=cells,
        also=_also(financed, more),
        amounts=_amounts(financed, more),
        months=_months(batch.as_of),
    )


def _financed(categories: tuple[str, ...]) -> str:
    """The step of a WITH that makes `financed` of `classed` and `asked`."""
    letter = f"substr(reasons, {categories.index(LOANS) + 1}, 1)"
    met = ", ".join(f"is_{name}" for name in classes_now().book.ids)
    return (
        f", financed AS (SELECT c.enterprise, primary_class, {met},"
        " coalesce(reg_district, '') AS district, coalesce(industry_section, '') AS section,"
        " CASE WHEN need_told_12m OR a.enterprise IS NOT NULL OR loan_new_12m > 0 THEN TRUE"
        " WHEN NOT need_told_12m THEN FALSE END AS needs,"
        " CASE WHEN loan_active_count > 0 THEN 'now' WHEN loan_history_days IS NOT NULL THEN"
        f" 'before' WHEN {letter} = 'u' THEN 'never' ELSE 'unknown' END AS loans,"
        " loan_balance, loan_average_rate FROM classed AS c"
        " LEFT JOIN asked AS a ON a.enterprise = c.enterprise"
        f" WHERE primary_class <> '{OUTSIDE}')"
    )


def _also(financed: str, more: Mapping[str, Any]) -> dict[tuple[str, str, str], int]:
    """How many meet each class without its being their primary one."""
    ids = classes_now().book.ids
    told = ", ".join(
        f"count(*) FILTER (WHERE is_{name} AND primary_class <> '{name}') AS {name}" for name in ids
    )
    rows = query_classed(
        f"{financed} SELECT district, section, {told} FROM financed GROUP BY ALL ORDER BY ALL",
        more=more,
    ).to_pylist()
    return {(name, row["district"], row["section"]): row[name] for row in rows for name in ids}


def _amounts(financed: str, more: Mapping[str, Any]) -> dict[str, Amounts]:
    """The money of each class, and of all under ""."""
    made = figures()
    rows = query_classed(
        f"{financed} SELECT coalesce(primary_class, '') AS class,"
        f" coalesce({made['balance'].sql}, 0) AS balance, {made['rate'].sql} AS rate,"
        " count(*) FILTER (WHERE loan_balance > 0) AS borrowers,"
        " count(*) FILTER (WHERE loan_balance > 0 AND loan_average_rate IS NOT NULL) AS rated,"
        " coalesce(max(loan_balance), 0) AS largest"
        " FROM financed GROUP BY ROLLUP (primary_class) ORDER BY class",
        more=more,
    ).to_pylist()
    return {
        row["class"]: Amounts(
            float(row["balance"]), row["rate"], row["borrowers"], row["rated"],
            float(row["largest"]),
        )
        for row in rows
    }  # fmt: skip


# -- month by month ---------------------------------------------------------------------------


def months_until(as_of: date) -> list[tuple[date, date]]:
    """First and last days of the months that were over on a day, oldest first."""
    found: list[tuple[date, date]] = []
    last = (as_of + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    for _ in range(MONTHS):
        found.append((last.replace(day=1), last))
        last = last.replace(day=1) - timedelta(days=1)
    return found[::-1]


def _months(as_of: date) -> dict[tuple[date, str], MonthFacts]:
    """Loans by month and today's class, and of all classes under ""."""
    span = months_until(as_of)
    months = pa.table(
        {
            "first_day": pa.array([one for one, _ in span], pa.date32()),
            "last_day": pa.array([one for _, one in span], pa.date32()),
        }
    )
    rows = query_classed(
        ", opened AS (SELECT enterprise, min(lent_on) AS first_on FROM loan_row GROUP BY ALL)"
        " SELECT first_day, coalesce(primary_class, '') AS class,"
        " count(DISTINCT l.enterprise) FILTER (WHERE balance > 0 OR due_on > last_day) AS running,"
        " count(DISTINCT l.enterprise) FILTER (WHERE lent_on >= first_day) AS lent,"
        " count(DISTINCT l.enterprise) FILTER (WHERE first_on >= first_day) AS opened"
        " FROM month_row JOIN loan_row AS l ON l.lent_on <= last_day"
        " JOIN opened ON opened.enterprise = l.enterprise"
        " JOIN classed AS c ON c.enterprise = l.enterprise"
        f" WHERE primary_class <> '{OUTSIDE}'"
        " GROUP BY GROUPING SETS ((first_day, primary_class), (first_day)) ORDER BY ALL",
        more={"loan_row": _loans(as_of), "month_row": months},
    ).to_pylist()
    return {
        (row["first_day"], row["class"]): MonthFacts(row["running"], row["lent"], row["opened"])
        for row in rows
    }


def _loans(as_of: date) -> pa.Table:
    """Every loan on record of a day, with the enterprise whose it is."""
    contract = region_now().contracts[LOANS]
    with store.snapshot() as snapshot:
        found = snapshot.query(
            f"WITH told AS ({view_sql(contract)}) SELECT subject, lent_on, due_on,"
            f" balance FROM told WHERE lent_on <= DATE '{as_of}' ORDER BY subject, lent_on"
        )
    owners = enterprise_numbers(found["subject"].to_numpy())
    table = found.drop_columns("subject").append_column("enterprise", pa.array(owners, pa.int64()))
    return table.filter(pa.array(owners > np.int64(0)))
