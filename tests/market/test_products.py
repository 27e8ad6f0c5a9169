"""What cannot be a product is refused with file, place, words in both languages, and a remedy."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.market.support import DAY, REGION, Folder, product, terms
from xinrong.catalogue.errors import Severity
from xinrong.domain.loans import Repayment
from xinrong.market.errors import MarketRefused, NoProducts, ProductsBroken
from xinrong.market.products.definitions import REPAYMENT_WORDS
from xinrong.market.products.linting import lint_products
from xinrong.market.products.packs import load_products


def for_whom(text: str) -> dict[str, Any]:
    return {"for_whom": {"text": text, "source": {"document": "说明书", "article": "一"}}}


def rate(low: float, high: float, base: str = "lpr") -> dict[str, Any]:
    return {"rate": {"base": base, "low": low, "high": high}}


def fee(**given: Any) -> dict[str, Any]:
    base = {"title": {"zh": "费", "en": "Fee"}, "when": "at_disbursement"}
    return {"fees": [base | given]}


def test_a_sound_product_is_without_a_finding(folder: Folder) -> None:
    assert folder.lint(product()) == []


@pytest.mark.parametrize(
    ("changed", "code", "key"),
    [
        (rate(-3.0, 1.0), "product_rate_zero", "rate"),
        (rate(-3.5, 1.0), "product_rate_negative", "rate"),
        (rate(1.5, 0.5), "product_rate_order", "rate"),
        (rate(50, 150), "product_rate_high", "rate"),
        (rate(0.5, 1.5, "libor"), "product_base_rate", "rate.base"),
        ({"valid_from": "2020-01-01"}, "product_base_rate", "valid_from"),
        ({"amount": {"least": 0, "most": 10_000}}, "product_amount", "amount"),
        ({"amount": {"least": 20_000, "most": 10_000}}, "product_amount", "amount"),
        ({"amount": {"least": 10_000, "most": 10**12}}, "product_amount", "amount"),
        ({"months": {"least": 24, "most": 12}}, "product_months", "months"),
        ({"months": {"least": 0, "most": 12}}, "product_months", "months"),
        ({"months": {"least": 4, "most": 5}, "months_per_period": 3}, "product_period",
         "months_per_period"),
        ({"money_days": 1}, "product_days", "money_days"),
        (fee(percent=0), "product_fee", "fees[1]"),
        (fee(yuan=-5), "product_fee", "fees[1]"),
        (fee(percent=100), "product_fee", "fees[1]"),
        (fee(percent=1, of="balance"), "product_fee_base", "fees[1].of"),
        (fee(percent=1, yuan=5), "incomplete", "fees[1]"),
        (fee(), "incomplete", "fees[1]"),
        ({"deposit_percent": 100}, "product_deposit", "deposit_percent"),
        ({"areas": ["330100"]}, "product_area", "areas[1]"),
        ({"channels": ["outlet", "outlet"]}, "product_repeats", "channels"),
        ({"channels": []}, "product_channels", "channels"),
        ({"security": ["soul"]}, "value_not_allowed", "security[1]"),
        ({"security": None}, "missing_key", "security"),
        ({"commission": 3}, "unknown_key", "commission"),
        ({"valid_until": "2025-01-01"}, "incomplete", ""),
        (for_whom("tax_payd_12m >= 10000"), "criterion_column_unknown", "for_whom.text"),
        (for_whom("tax_paid_12m >= 10000 AND tax_paid_12m < 5000"), "never_yes", "for_whom.text"),
        (for_whom("need.amount > 2000000"), "product_contradicts_terms", "for_whom.text"),
        (for_whom("need.months < 3"), "product_contradicts_terms", "for_whom.text"),
        (for_whom("tax_paid_12m >="), "criterion_syntax", "for_whom.text"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_an_error_at_its_place(
    folder: Folder, changed: dict[str, Any], code: str, key: str
) -> None:
    found = folder.lint(product(**changed))
    assert code in {one.code for one in found}, [f"{one.code} {one.key}" for one in found]
    one = next(one for one in found if one.code == code)
    assert one.severity is Severity.ERROR
    assert one.file == "products/bank_a.yaml"
    assert one.line
    assert one.key.startswith("products[one].versions[1]")
    assert one.key.endswith(key)
    assert one.wrong.zh
    assert one.wrong.en
    assert one.remedy.zh
    with pytest.raises(ProductsBroken) as broken:
        load_products(REGION, folder.root)
    assert broken.value.remedy


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (rate(11, 14), "product_rate_odd"),
        (fee(percent=6), "product_fee_odd"),
        ({"documents": []}, "product_documents"),
    ],
)
def test_what_is_odd_is_said_and_keeps_nothing_from_being_used(
    folder: Folder, changed: dict[str, Any], code: str
) -> None:
    [found] = folder.lint(product(**changed))
    assert (found.code, found.severity) == (code, Severity.WARNING)
    assert load_products(REGION, folder.root).products


def test_an_id_is_there_once_whoever_lends(folder: Folder) -> None:
    folder.write(product())
    folder.write(product(), lender="bank_b")
    [found] = lint_products(REGION, folder.root)
    assert (found.code, found.file) == ("product_twice", "products/bank_b.yaml")


def test_a_programme_is_one_of_the_book(folder: Folder) -> None:
    [found] = folder.lint(product() | {"programme": "frist"})
    assert found.code == "product_programme"
    assert "first" in found.remedy.en


def test_two_versions_never_hold_on_one_day(folder: Folder) -> None:
    two = product() | {"versions": [terms(), terms(valid_from="2026-07-01")]}
    [found] = folder.lint(two)
    assert "two versions are in force on 2026-07-01" in found.wrong.en
    [found] = folder.lint(product() | {"versions": []})
    assert "no version" in found.wrong.en


def test_the_version_of_the_day_is_offered_at_the_base_rate_of_the_day(folder: Folder) -> None:
    versions = [
        terms(valid_from="2025-01-01", valid_until="2026-06-30"),
        terms(valid_from="2026-08-01", amount={"least": 10_000, "most": 2_000_000}),
    ]
    shelf = folder.shelf(product() | {"versions": versions})
    [one] = shelf.offered
    assert (one.number, one.terms.amount.most) == (2, 2_000_000)
    assert (one.low, one.high) == (Decimal("3.50"), Decimal("4.50"))
    [old] = folder.shelf(product() | {"versions": versions}, day=date(2025, 3, 1)).offered
    assert (old.number, old.low) == (1, Decimal("3.60"))
    assert folder.shelf(product() | {"versions": versions}, day=date(2026, 7, 15)).offered == ()


def test_what_is_published_later_leaves_the_shelf_of_a_day_as_it_was(folder: Folder) -> None:
    before = folder.shelf(product()).digest
    later = terms(valid_from="2026-11-01", rate={"base": "lpr", "low": 2, "high": 3})
    two = product() | {"versions": [terms(valid_until="2026-10-31"), later]}
    assert folder.shelf(two, day=DAY).digest == before
    assert folder.shelf(two, day=date(2026, 11, 1)).digest != before


def test_whoever_asks_for_what_is_not_there_is_told_what_is(folder: Folder) -> None:
    folder.write(product())
    with pytest.raises(MarketRefused, match="no product 'two'"):
        load_products(REGION, folder.root).entry("two")
    with pytest.raises(NoProducts) as refused:
        lint_products("beijing", folder.root)
    assert "book.yaml" in refused.value.remedy


def test_files_that_are_no_products_are_said_to_be_none(folder: Folder) -> None:
    folder.write(product())
    path = folder.root / REGION / "products" / "odd.yaml"
    for text, code in (("- a\n", "wrong_shape"), ("", "empty_file"), ("a: [", "not_yaml")):
        path.write_text(text, encoding="utf-8")
        assert code in {one.code for one in lint_products(REGION, folder.root)}


def test_every_way_to_repay_has_words() -> None:
    assert set(REPAYMENT_WORDS) == set(Repayment)
