r"""Products as a spreadsheet: a row for each version, out and in again without a loss.

A lender's officer keeps one sheet. What comes in is read like a file of the pack, so that every
problem has its row and column; what goes out can be sent back as it is. A cell that lists several
things has `;` between them; a fee is `name zh | name en | when | 0.75% or 800 | of`. Where words
hold one of these signs, `\` stands before it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from xinrong.catalogue.document import Document, Loc
from xinrong.catalogue.errors import Problem
from xinrong.catalogue.pack import validated
from xinrong.domain.cells import plain_cell, safe_cell
from xinrong.domain.text import Text
from xinrong.market.products.definitions import (
    Book,
    Lender,
    LenderFile,
    Product,
    ProductFee,
    Terms,
)
from xinrong.market.products.linting import lint_pack
from xinrong.market.products.packs import Entry, ProductsPack

#: More rows than this are no lender's products.
MOST_ROWS = 5_000
BETWEEN, INSIDE = "; ", " | "
_SPLIT, _PARTED, _ESCAPED = re.compile(r"(?<!\\)[;；]"), re.compile(r"(?<!\\)\|"), r"[;；|]"


@dataclass(frozen=True)
class Column:
    """A column of the sheet: heading, place in a version (or product), and how it is written."""

    heading: str
    place: tuple[str, ...]
    write: Callable[[Any], str] = str
    read: Callable[[str], Any] = str
    of_product: bool = False


def _listed(values: Iterable[Any]) -> str:
    return BETWEEN.join(str(one) for one in values)


def _unlisted(text: str) -> list[str]:
    return [one.strip() for one in _SPLIT.split(text) if one.strip()]


def _marked(text: str) -> str:
    """Words with a mark before the signs that separate."""
    return re.sub(_ESCAPED, r"\\\g<0>", text)


def _parts(text: str) -> list[str]:
    """What stands between the signs inside one thing, without their marks."""
    return [re.sub(rf"\\({_ESCAPED})", r"\1", part).strip() for part in _PARTED.split(text)]


def _texts(values: Iterable[Text]) -> str:
    return _listed(INSIDE.join((_marked(one.zh), _marked(one.en))) for one in values)


def _untexts(text: str) -> list[dict[str, str]]:
    found = []
    for one in _unlisted(text):
        zh, en = (*_parts(one), "")[:2]
        found.append({"zh": zh, "en": en or zh})
    return found


def _fees(values: Iterable[ProductFee]) -> str:
    told = []
    for one in values:
        much = f"{one.percent:f}%" if one.percent is not None else f"{one.yuan:f}"
        words = (_marked(one.title.zh), _marked(one.title.en))
        told.append(INSIDE.join((*words, str(one.when), much, str(one.of))))
    return _listed(told)


def _unfees(text: str) -> list[dict[str, Any]]:
    found = []
    for one in _unlisted(text):
        zh, en, when, much, of = (*_parts(one), *[""] * 5)[:5]
        made: dict[str, Any] = {"title": {"zh": zh, "en": en or zh}, "when": when}
        if much.endswith("%"):
            made["percent"] = much.removesuffix("%")
        elif much:
            made["yuan"] = much
        if of:
            made["of"] = of
        found.append(made)
    return found


COLUMNS = (
    Column("产品编号 id", ("id",), of_product=True),
    Column("名称 title zh", ("title", "zh"), of_product=True),
    Column("英文名称 title en", ("title", "en"), of_product=True),
    Column("专项 programme", ("programme",), of_product=True),
    Column("生效日 valid_from", ("valid_from",)),
    Column("失效日 valid_until", ("valid_until",)),
    Column("最低金额 amount least", ("amount", "least")),
    Column("最高金额 amount most", ("amount", "most")),
    Column("最短月数 months least", ("months", "least")),
    Column("最长月数 months most", ("months", "most")),
    Column("基准利率 rate base", ("rate", "base")),
    Column("最低加点 rate low", ("rate", "low")),
    Column("最高加点 rate high", ("rate", "high")),
    Column("还款方式 repayment", ("repayment",)),
    Column("还款间隔月 months_per_period", ("months_per_period",)),
    Column("担保方式 security", ("security",), _listed, _unlisted),
    Column("费用 fees", ("fees",), _fees, _unfees),
    Column("保证金比例 deposit_percent", ("deposit_percent",)),
    Column("适用条件 for_whom", ("for_whom", "text")),
    Column("依据文件 document", ("for_whom", "source", "document")),
    Column("条款 article", ("for_whom", "source", "article")),
    Column("用途 purposes", ("purposes",), _listed, _unlisted),
    Column("区县 areas", ("areas",), _listed, _unlisted),
    Column("渠道 channels", ("channels",), _listed, _unlisted),
    Column("答复工作日 answer_days", ("answer_days",)),
    Column("放款工作日 money_days", ("money_days",)),
    Column("材料 documents", ("documents",), _texts, _untexts),
)
HEADINGS = tuple(one.heading for one in COLUMNS)
#: The heading by which a column is known whatever stands in front of it.
_KEYS = {one.heading.split(" ", 1)[1]: one for one in COLUMNS}


def rows_of(products: Iterable[Product]) -> Iterator[list[str]]:
    """A row for each version of each product, no cell a formula."""
    for product in products:
        for terms in product.versions:
            yield [safe_cell(_cell(one, product, terms)) for one in COLUMNS]


def write_sheet(path: Path, products: Iterable[Product]) -> None:
    """The products as a workbook, or as CSV where the file is called so."""
    rows = list(rows_of(products))
    if path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([HEADINGS, *rows])
        return
    from xlsxwriter import Workbook  # only for whoever takes one out

    with Workbook(path) as book:
        page = book.add_worksheet("products")
        page.freeze_panes(1, 3)
        for number, row in enumerate([HEADINGS, *rows]):
            for place, cell in enumerate(row):
                page.write_string(number, place, cell)


def _cell(column: Column, product: Product, terms: Terms) -> str:
    value: Any = product if column.of_product else terms
    for step in column.place:
        value = getattr(value, step)
    if value is None:
        return ""
    return column.write(f"{value:f}" if isinstance(value, Decimal) else value)


@dataclass
class ReadSheet:
    """A sheet that was read; `lender` is None when it cannot be used, `problems` then say why."""

    lender: LenderFile | None = None
    data: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_sheet(path: Path, lender: Lender, book: Book, region: str) -> ReadSheet:
    """The products of a sheet (CSV in UTF-8, or a workbook's first sheet), checked like a pack.

    Never raises for what is in it: each problem names its row and its column.
    """
    document, found = Document(path.name), ReadSheet()
    try:
        rows = list(_rows(path))[: MOST_ROWS + 2]
    except (OSError, ValueError, UnicodeDecodeError) as error:
        found.problems.append(_unreadable(document, error))
        return found
    if not rows or len(rows) > MOST_ROWS + 1:
        found.problems.append(_no_table(document))
        return found
    columns = _columns(rows[0], document, found)
    found.data = {
        "lender": lender.model_dump(mode="json"),
        "products": _products(rows[1:], columns, document),
    }
    document.data = found.data
    if found.problems:
        return found
    made, wrong = validated(document, found.data, LenderFile)
    found.problems += wrong
    if made is None:
        return found
    entries = [
        Entry(made.lender, one, document, ("products", number))
        for number, one in enumerate(made.products)
    ]
    found.problems += lint_pack(ProductsPack(book=book, entries=entries), region)
    found.lender = made
    return found


def _products(
    rows: Sequence[Sequence[str]], columns: Sequence[Column | None], document: Document
) -> list[dict[str, Any]]:
    """The rows as the file of a pack has them: versions of one product under each other."""
    products: list[dict[str, Any]] = []
    for row_no, row in enumerate(rows, start=2):
        cells = {
            column.heading: plain_cell(cell.strip())
            for column, cell in zip(columns, row, strict=False)
            if column is not None
        }
        if not any(cells.values()):
            continue
        own: dict[str, Any] = {}
        terms: dict[str, Any] = {"security": []}
        for column in COLUMNS:
            text = cells.get(column.heading, "")
            if text:
                _put(own if column.of_product else terms, column.place, column.read(text))
        known = next((one for one in products if one.get("id") == own.get("id")), None)
        if known is None:
            known = {**own, "versions": []}
            products.append(known)
            document.lines["products", len(products) - 1] = row_no
        place = ("products", products.index(known), "versions", len(known["versions"]))
        document.lines[place] = row_no
        known["versions"].append(terms)
    return products


def _put(into: dict[str, Any], place: Sequence[str], value: Any) -> None:
    for step in place[:-1]:
        into = into.setdefault(step, {})
    into[place[-1]] = value


def _columns(headings: Sequence[str], document: Document, found: ReadSheet) -> list[Column | None]:
    """The column that each heading means: by its English key, whatever stands in front."""
    columns: list[Column | None] = []
    for heading in headings:
        text = " ".join(heading.split())
        key = next((one for one in _KEYS if text == one or text.endswith(f" {one}")), None)
        columns.append(_KEYS[key] if key else None)
        if key is None and text:
            wrong = Text(zh=f"没有“{text[:40]}”这一列。", en=f"There is no column {text[:40]!r}.")
            remedy = Text(zh="请使用导出的表头。", en="Use the headings of an export.")
            found.problems.append(_at_head(document, "sheet_column", wrong, remedy))
    missing = [one.heading for one in COLUMNS[:2] if one not in columns]
    if missing:
        wrong = Text(
            zh=f"缺少列：{'、'.join(missing)}。", en=f"Columns are missing: {', '.join(missing)}."
        )
        remedy = Text(zh="第一行应是表头。", en="The first row has the headings.")
        found.problems.append(_at_head(document, "sheet_headings", wrong, remedy))
    return columns


def _rows(path: Path) -> Iterator[list[str]]:
    """The cells as text. Raises OSError, ValueError."""
    if path.suffix.lower() == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.reader(file)
        return
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as book:
            rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise ValueError(str(error)) from error
    yield from ([_text_of(cell) for cell in row] for row in rows)


def _text_of(cell: Any) -> str:
    """A cell of a workbook as somebody would have typed it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _at_head(document: Document, code: str, wrong: Text, remedy: Text) -> Problem:
    loc: Loc = ("head",)
    document.lines[loc] = 1
    return document.problem(code, loc, wrong, remedy)


def _unreadable(document: Document, error: Exception) -> Problem:
    return document.problem(
        "sheet_unreadable",
        (),
        Text(zh="表格无法读取。", en=f"The sheet cannot be read: {str(error)[:120]}."),
        Text(zh="请另存为 UTF-8 编码的 CSV 或 XLSX。", en="Save it as CSV in UTF-8, or as XLSX."),
    )


def _no_table(document: Document) -> Problem:
    return document.problem(
        "sheet_rows",
        (),
        Text(zh="表格没有内容，或行数过多。", en="The sheet is empty, or has too many rows."),
        Text(zh=f"最多 {MOST_ROWS} 行产品。", en=f"At most {MOST_ROWS} rows of products."),
    )
