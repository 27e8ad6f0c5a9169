"""Verbs of the market: the products of a region, and what they say of a need.

`match_of` asks the gate and is what a person is shown. `match`, `match_unregistered` and
`fits_of_all` release nothing to anybody.
"""

from __future__ import annotations

from xinrong.market import deciding
from xinrong.market.applying import services as applying
from xinrong.market.centre import services as centre
from xinrong.market.deciding import planning
from xinrong.market.deciding.models import AllocationPlan
from xinrong.market.directory import services as directory
from xinrong.market.errors import MarketRefused, NoProducts, ProductsBroken
from xinrong.market.evaluating import services as evaluating
from xinrong.market.league import services as league
from xinrong.market.linking import services as linking
from xinrong.market.matching.batch import Fits, answers_sql, counts_sql, fits_of_all, least_need
from xinrong.market.matching.chances import DEFINITION as CHANCE
from xinrong.market.matching.chances import Chance, Chances, Decided
from xinrong.market.matching.costs import loan_of
from xinrong.market.matching.kept import chances_on
from xinrong.market.matching.matching import (
    Fit,
    Matched,
    match,
    match_by_terms,
    match_unregistered,
)
from xinrong.market.matching.ranking import RULE, ranked
from xinrong.market.matching.shelf import Offered, Shelf, shelf_of, shelf_on
from xinrong.market.meeting import services as meeting
from xinrong.market.needs import services as needs
from xinrong.market.products.definitions import (
    FEE_TIME_WORDS,
    LENDER_WORDS,
    REPAYMENT_WORDS,
    Book,
    Lender,
    LenderFile,
    Product,
    Terms,
)
from xinrong.market.products.linting import lint_products
from xinrong.market.products.packs import Catalogue, Entry, has_products, load_products
from xinrong.market.products.sheets import ReadSheet, read_sheet, write_sheet
from xinrong.market.projects import services as projects
from xinrong.market.released import Matches, MatchFile, match_of, told

__all__ = [
    "CHANCE",
    "FEE_TIME_WORDS",
    "LENDER_WORDS",
    "REPAYMENT_WORDS",
    "RULE",
    "AllocationPlan",
    "Book",
    "Catalogue",
    "Chance",
    "Chances",
    "Decided",
    "Entry",
    "Fit",
    "Fits",
    "Lender",
    "LenderFile",
    "MarketRefused",
    "MatchFile",
    "Matched",
    "Matches",
    "NoProducts",
    "Offered",
    "Product",
    "ProductsBroken",
    "ReadSheet",
    "Shelf",
    "Terms",
    "answers_sql",
    "applying",
    "centre",
    "chances_on",
    "counts_sql",
    "deciding",
    "directory",
    "evaluating",
    "fits_of_all",
    "has_products",
    "league",
    "least_need",
    "linking",
    "lint_products",
    "load_products",
    "loan_of",
    "match",
    "match_by_terms",
    "match_of",
    "match_unregistered",
    "meeting",
    "needs",
    "planning",
    "projects",
    "ranked",
    "read_sheet",
    "shelf_of",
    "shelf_on",
    "told",
    "write_sheet",
]
