"""Applicants of problem C of CUMCM 2020: a probability of default from invoices, and a grade.

The model is simple on purpose. Attachment 1 has 123 firms, 27 of which defaulted: enough for three
plain figures in a logistic regression with a ridge, not for more. They are taken in a window that
all firms have (July 2017 to June 2019), because invoices that come late or stop early tell of the
default itself: the yearly net sales (as a logarithm), the number of buyers (as a logarithm), and
the share of sales invoices that were voided. The bank's own rating is not among them: it was given
with knowledge of the default.

- Attachment 1: the firm's own rating, and a probability from models that never saw the firm
  (the mean of repeated folds).
- Attachment 2: no label exists. The probability is that of the model of attachment 1, as if these
  firms defaulted like those; the grade is by the cut points of that probability which give
  attachment 1 its own shares of A, B, C and D. Nothing here can say how right that is.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from benchmarks.harness import PROJECT
from xinrong.domain.allocation import Applicant, RateTable

Numbers = npt.NDArray[np.float64]

LEAST, MOST = 100_000, 1_000_000
REPEATS, FOLDS = 10, 5
SEED = 20261122
#: The weight of the ridge on standardised figures: about one firm's worth of evidence each.
RIDGE = 1.0


@dataclass(frozen=True)
class Contest:
    """The applicants of both attachments, the table of rates, and how well the model tells."""

    first: tuple[Applicant, ...]
    second: tuple[Applicant, ...]
    table: RateTable
    auc: float
    auc_sales_alone: float


class Absent(Exception):
    """The contest's data is not here."""


def folder() -> Path:
    """The contest's data: in XINRONG_SHARED_DATA, or `shared/data` beside the project.

    Raises Absent.
    """
    named = os.environ.get("XINRONG_SHARED_DATA", "")
    root = Path(named) if named else PROJECT.parent / "shared" / "data"
    found = root / "cumcm2020c-sme-credit"
    if not found.is_dir():
        raise Absent(f"allocate: {found.name} is not here: set XINRONG_SHARED_DATA")
    return found


def contest(data: Path) -> Contest:
    """Everything that is given to the bank."""
    first, second = _firms(data / "credit_firms.csv"), _firms(data / "nocredit_firms.csv")
    known, unknown = _figures(data, "credit", first), _figures(data, "nocredit", second)
    labels = np.array([float(one["default"]) for one in first])
    out_of_fold = _out_of_fold(known, labels)
    alone = _out_of_fold(known[:, :1], labels)
    ratings = [one["rating"] for one in first]
    model = _Model(known, labels)
    cuts = _cuts(model(known), ratings)
    expected = model(unknown)
    return Contest(
        tuple(
            Applicant(one["firm_id"], one["rating"], round(float(pd), 6), LEAST, MOST, "first")
            for one, pd in zip(first, out_of_fold.mean(axis=0), strict=True)
        ),
        tuple(
            Applicant(one["firm_id"], _grade(pd, cuts), round(float(pd), 6), LEAST, MOST, "second")
            for one, pd in zip(second, expected, strict=True)
        ),
        _table(data / "rate_churn.csv"),
        float(np.mean([_auc(one, labels) for one in out_of_fold])),
        float(np.mean([_auc(one, labels) for one in alone])),
    )


def _firms(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _figures(data: Path, which: str, firms: list[dict[str, str]]) -> Numbers:
    """Log of yearly net sales, log of buyers, share of voided sales invoices; a row a firm."""
    rows = duckdb.execute(
        """
        SELECT firm_id,
               greatest(coalesce(sum(amount) FILTER (WHERE NOT void), 0), 0) / 2 AS sales,
               count(DISTINCT counterparty_id) FILTER (WHERE NOT void) AS buyers,
               avg(CASE WHEN void THEN 1.0 ELSE 0.0 END) AS voided
        FROM read_parquet(?)
        WHERE date >= DATE '2017-07-01' AND date < DATE '2019-07-01'
        GROUP BY firm_id
        """,
        [str(data / f"{which}_output_invoices.parquet")],
    ).fetchall()
    by_firm = {name: (sales, buyers, voided) for name, sales, buyers, voided in rows}
    found = np.array([by_firm.get(one["firm_id"], (0, 0, 0)) for one in firms], dtype=float)
    found[:, 0] = np.log10(1 + found[:, 0])
    found[:, 1] = np.log10(1 + found[:, 1])
    return found


class _Model:
    """A logistic regression with a ridge on figures in units of their spread."""

    def __init__(self, figures: Numbers, labels: Numbers) -> None:
        from scipy.optimize import minimize

        self.mean, self.spread = figures.mean(axis=0), figures.std(axis=0)
        scaled = self._scaled(figures)

        def loss(weights: Numbers) -> float:
            fitted = scaled @ weights
            ridge = RIDGE / 2 * float(weights[1:] @ weights[1:])
            return float(np.sum(np.logaddexp(0, fitted) - labels * fitted)) + ridge

        self.weights = minimize(loss, np.zeros(scaled.shape[1]), method="BFGS").x

    def __call__(self, figures: Numbers) -> Numbers:
        told: Numbers = 1 / (1 + np.exp(-self._scaled(figures) @ self.weights))
        return told

    def _scaled(self, figures: Numbers) -> Numbers:
        return np.hstack([np.ones((len(figures), 1)), (figures - self.mean) / self.spread])


def _out_of_fold(figures: Numbers, labels: Numbers) -> Numbers:
    """A row for each repeat: the probability of each firm by a model that never saw it."""
    chance = np.random.default_rng(SEED)
    found = np.zeros((REPEATS, len(labels)))
    for row in found:
        fold = np.empty(len(labels), dtype=int)
        for label in (0.0, 1.0):  # each fold has its share of defaults
            those = np.flatnonzero(labels == label)
            fold[chance.permutation(those)] = np.arange(len(those)) % FOLDS
        for number in range(FOLDS):
            seen = fold != number
            row[~seen] = _Model(figures[seen], labels[seen])(figures[~seen])
    return found


def _auc(told: Numbers, labels: Numbers) -> float:
    """The chance that a firm that defaulted is told to be likelier to than one that did not."""
    bad, good = told[labels == 1], told[labels == 0]
    return float(np.mean((bad[:, None] > good) + 0.5 * (bad[:, None] == good)))


def _cuts(told: Numbers, ratings: list[str]) -> list[tuple[str, float]]:
    """Up to which probability each grade goes, so that attachment 1 has its own shares of them."""
    ordered, upto, found = np.sort(told), 0, []
    for grade in sorted(set(ratings)):
        upto += ratings.count(grade)
        found.append((grade, float(ordered[upto - 1])))
    return found


def _grade(told: float, cuts: list[tuple[str, float]]) -> str:
    return next((grade for grade, upto in cuts if told <= upto), cuts[-1][0])


def _table(path: Path) -> RateTable:
    rows = _firms(path)
    grades = {name[-1]: name for name in rows[0] if name.startswith("churn")}
    return RateTable(
        tuple(float(row["annual_rate"]) for row in rows),
        {grade: tuple(float(row[name]) for row in rows) for grade, name in grades.items()},
    )
