"""Products that a test writes, and needs that it asks them about."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from xinrong.catalogue.errors import Problem
from xinrong.domain.financing import Need, NeedPurpose
from xinrong.market.matching.shelf import Shelf, shelf_of
from xinrong.market.products.linting import lint_products
from xinrong.market.products.packs import load_products

REGION = "taizhou"
DAY = date(2026, 10, 31)
LENDER = {"id": "bank_a", "title": {"zh": "甲行（虚构）", "en": "A"}, "kind": "rural", "outlets": 3}
BOOK = {
    "title": {"zh": "产品", "en": "Products"},
    "note": {"zh": "虚构", "en": "Invented"},
    "invented": True,
    "base_rates": {
        "lpr": {
            "title": {"zh": "LPR", "en": "LPR"},
            "source": {"document": "公告"},
            "values": [
                {"valid_from": "2024-10-21", "percent": 3.10},
                {"valid_from": "2025-05-20", "percent": 3.00},
            ],
        }
    },
    "programmes": {"first": {"title": {"zh": "首贷", "en": "First"}, "note": {"zh": "", "en": ""}}},
}
TERMS: dict[str, Any] = {
    "valid_from": "2026-01-01",
    "amount": {"least": 10_000, "most": 1_000_000},
    "months": {"least": 3, "most": 24},
    "rate": {"base": "lpr", "low": 0.5, "high": 1.5},
    "repayment": "interest_first",
    "security": [],
    "for_whom": {
        "text": "tax_paid_12m >= 10000",
        "source": {"document": "说明书", "article": "一"},
    },
    "channels": ["outlet"],
    "answer_days": 2,
    "money_days": 5,
    "documents": [{"zh": "营业执照", "en": "Licence"}],
}


def terms(**changes: Any) -> dict[str, Any]:
    """The terms with some keys changed; None takes a key away."""
    made = copy.deepcopy(TERMS) | changes
    return {key: value for key, value in made.items() if value is not None}


def product(name: str = "one", **changes: Any) -> dict[str, Any]:
    """A product with one version."""
    return {"id": name, "title": {"zh": name, "en": name}, "versions": [terms(**changes)]}


@dataclass
class Folder:
    """A folder of regions with the products of one."""

    root: Path

    def write(self, *products: dict[str, Any], lender: str = "bank_a", **book: Any) -> None:
        """A lender's file, and the book."""
        folder = self.root / REGION / "products"
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in (
            ("book", BOOK | book),
            (lender, {"lender": LENDER | {"id": lender}, "products": list(products)}),
        ):
            text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    def lint(self, *products: dict[str, Any]) -> list[Problem]:
        """What is found in a lender's products."""
        self.write(*products)
        return lint_products(REGION, self.root)

    def shelf(self, *products: dict[str, Any], day: date = DAY) -> Shelf:
        """The products as they are offered on a day."""
        self.write(*products)
        read_anew = load_products.__wrapped__  # a test may write them again
        return shelf_of(read_anew(REGION, self.root), day)


def need(**changes: Any) -> Need:
    """Half a million for a year, of a firm of 椒江."""
    given: dict[str, Any] = {
        "amount": Decimal(500_000),
        "months": 12,
        "purpose": NeedPurpose.WORKING_CAPITAL,
        "area": "331002",
    }
    return Need(**given | changes)
