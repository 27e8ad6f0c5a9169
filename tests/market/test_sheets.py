"""A lender's products go out as a spreadsheet and come in again as they were; faults have rows."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.market.support import REGION, Folder, product, terms
from xinrong.cli import market as cli
from xinrong.domain.text import Text
from xinrong.market.products.packs import Catalogue, load_products
from xinrong.market.products.sheets import HEADINGS, ReadSheet, read_sheet, write_sheet

TRICKY = {
    "fees": [
        {"title": {"zh": "评估费；一次|性", "en": "Valuation; once"}, "when": "at_disbursement",
         "yuan": 800},
        {"title": {"zh": "担保费", "en": "Premium"}, "when": "yearly", "percent": 0.75,
         "of": "balance"},
    ],
    "documents": [{"zh": "=1+1", "en": "a | b; c"}],
    "rate": {"base": "lpr", "low": -0.25, "high": 1.5},
    "security": ["property", "fund"],
    "areas": ["331002"],
    "purposes": ["green"],
    "deposit_percent": 10,
    "months_per_period": 3,
}  # fmt: skip


def again(catalogue: Catalogue, path: Path) -> ReadSheet:
    return read_sheet(path, catalogue.lenders[0], catalogue.book, catalogue.region)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_what_goes_out_comes_in_as_it_was(folder: Folder, tmp_path: Path, name: str) -> None:
    two = product("two") | {
        "versions": [terms(valid_until="2026-06-30"), terms(valid_from="2026-07-01", **TRICKY)]
    }
    folder.write(product(), two)
    catalogue = load_products(REGION, folder.root)
    path = tmp_path / name
    write_sheet(path, [one.product for one in catalogue.entries])
    read = again(catalogue, path)
    assert read.problems == []
    assert read.lender is not None
    assert list(read.lender.products) == [one.product for one in catalogue.entries]


def test_the_shipped_products_go_out_and_come_in(tmp_path: Path) -> None:
    catalogue = load_products(REGION)
    lender = catalogue.lenders[3]
    products = [one.product for one in catalogue.entries if one.lender == lender]
    write_sheet(tmp_path / "a.xlsx", products)
    read = read_sheet(tmp_path / "a.xlsx", lender, catalogue.book, REGION)
    assert read.lender is not None
    assert list(read.lender.products) == products
    assert read.problems == []


def test_a_fault_has_the_row_and_the_place(folder: Folder, tmp_path: Path) -> None:
    folder.write(product(), product("two"))
    catalogue = load_products(REGION, folder.root)
    path = tmp_path / "a.csv"
    write_sheet(path, [one.product for one in catalogue.entries])
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    rows[2][HEADINGS.index("最低加点 rate low")] = "-3"
    rows[2][HEADINGS.index("还款方式 repayment")] = "someday"
    path.write_text("\n".join(",".join(f'"{c}"' for c in row) for row in rows), encoding="utf-8")
    [found] = again(catalogue, path).problems
    assert (found.code, found.line) == ("value_not_allowed", 3)
    rows[2][HEADINGS.index("还款方式 repayment")] = "at_end"
    path.write_text("\n".join(",".join(f'"{c}"' for c in row) for row in rows), encoding="utf-8")
    [found] = again(catalogue, path).problems
    assert (found.code, found.line) == ("product_rate_zero", 3)
    assert "products[two]" in found.key


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_rows"),
        ("编号,名称\n1,2\n".encode(), "sheet_column"),
        ("编号".encode("gbk"), "sheet_unreadable"),
        (b"id,title zh\n", ""),
    ],
)
def test_what_is_no_sheet_of_products_is_said_to_be_none(
    folder: Folder, tmp_path: Path, content: bytes, code: str
) -> None:
    folder.write(product())
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    found = again(load_products(REGION, folder.root), path)
    assert code in {one.code for one in found.problems} | ({""} if not found.problems else set())
    assert isinstance(found.problems[0].wrong if found.problems else Text(zh="", en=""), Text)


def test_a_workbook_that_is_none_is_unreadable(folder: Folder, tmp_path: Path) -> None:
    folder.write(product())
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK not a workbook")
    [found] = again(load_products(REGION, folder.root), path).problems
    assert found.code == "sheet_unreadable"


def test_the_command_says_what_would_change_and_changes_nothing(
    db: None, taizhou: None, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    run = CliRunner().invoke
    words = ["products", "export", str(path), "--lender", "juxin_micro"]
    assert "5 products" in run(cli.command, words, catch_exceptions=False).output
    text = path.read_text(encoding="utf-8-sig").replace("juxin_micro_stock", "juxin_micro_goods")
    path.write_text(text, encoding="utf-8")
    words = ["products", "import", str(path), "--lender", "juxin_micro", "--language", "en"]
    said = run(cli.command, words, catch_exceptions=False).output
    assert "new: juxin_micro_goods" in said
    assert "gone: juxin_micro_stock" in said
    assert "4 as before" in said
    assert "nothing was changed" in said
    path.write_text(text.replace("interest_first", "sometime"), encoding="utf-8")
    done = run(cli.command, words, catch_exceptions=False)
    assert done.exit_code == 1
    assert "[value_not_allowed]" in done.output
    refused = run(cli.command, ["products", "export", "x.pdf", "--lender", "juxin_micro"])
    assert refused.exit_code == 2
