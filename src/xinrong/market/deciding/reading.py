"""Applicants and tables of rates as banks keep them: CSV or XLSX, headings English or Chinese."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from xinrong.domain.allocation import Applicant, BadProblem, Counts, Limit, RateTable

MOST_BYTES = 20_000_000
#: Rows of a workbook.
MOST_ROWS = 20_000
#: What a column may be called; errors name it by its first two names.
_HEADINGS = {
    "applicant": ("applicant", "企业", "name", "firm_id", "企业名称", "企业代号", "申请人"),
    "grade": ("grade", "评级", "rating", "信誉评级", "信用等级"),
    "default": ("probability_of_default", "违约概率", "default", "pd"),
    "least": ("least", "最低额度", "least_amount"),
    "most": ("most", "最高额度", "most_amount", "申请额度"),
    "group": ("group", "分组", "industry", "行业"),
}
_NEEDED = ("applicant", "grade", "default")
_RATES = ("rate", "annual_rate", "年利率", "贷款年利率")
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?(E-?\d{1,2})?(%?)", re.IGNORECASE)
_YUAN = re.compile(r"([+-]?\d{1,12})(?:\.0+)?")
_LAST_LETTERS = re.compile(r"(?<![A-Za-z])([A-Za-z]{1,4}\d?[+-]?)$")


@dataclass(frozen=True)
class Sheet:
    """A CSV file: its name, its headings and its rows with their numbers in the file."""

    name: str
    headings: list[str]
    rows: list[tuple[int, list[str]]]

    def fault(
        self, row: int | None, field: str, wrong: str, remedy: str, zh: str = ""
    ) -> BadProblem:
        """What is wrong, and where."""
        return BadProblem(field, wrong, remedy, zh=zh, file=self.name, row=row)


def read_applicants(name: str, content: bytes, *, least: int, most: int) -> tuple[Applicant, ...]:
    """The applicants of a CSV or XLSX file. `least` and `most` yuan stand in for absent cells.

    Columns: applicant, grade, probability_of_default (0.03 or 3%), and where the bank has them
    least, most, group. Raises BadProblem with the row and the column.
    """
    found, faults = judge_applicants(name, content, least=least, most=most)
    if faults:
        raise faults[0]
    return tuple(one for _, one in found)


def judge_applicants(
    name: str, content: bytes, *, least: int, most: int
) -> tuple[list[tuple[int, Applicant]], list[BadProblem]]:
    """The applicants that can be read, with their rows, and what is wrong with each other row.

    Raises BadProblem where the file as a whole is none, or lacks a column.
    """
    sheet = _sheet(name, content)
    places = {
        field: place
        for field, words in _HEADINGS.items()
        if (place := _place(sheet.headings, words)) is not None
    }
    for field in _NEEDED:
        if field not in places:
            zh, en = _HEADINGS[field][1], _HEADINGS[field][0]
            raise sheet.fault(
                1,
                en,
                f"there is no column {en} ({zh})",
                f"The headings are {', '.join(sheet.headings)}.",
                f"没有“{zh}”（{en}）这一列。现有表头：{'、'.join(sheet.headings)}。",
            )
    found: dict[str, tuple[int, Applicant]] = {}
    faults = []
    for row, cells in sheet.rows:
        told = {field: cells[place].strip() for field, place in places.items()}
        try:
            one = _applicant(sheet, row, told, least, most)
            if one.name in found:
                raise sheet.fault(
                    row,
                    "applicant",
                    f"{one.name} stands there already",
                    "Name each once.",
                    f"{one.name} 已在前面出现。每个申请人只能出现一次。",
                )
            found[one.name] = row, one
        except BadProblem as error:
            faults.append(error.in_file(name, row))
    return list(found.values()), faults


def read_rates(name: str, content: bytes) -> RateTable:
    """The table of rates: a column `rate`, and for each grade one with the share of customers lost.

    A heading such as `churn_rating_A` or 信誉评级A names the grade by what stands last in it.
    Raises BadProblem with the row and the column.
    """
    sheet = _sheet(name, content)
    rate = _place(sheet.headings, _RATES)
    if rate is None:
        raise sheet.fault(
            1,
            "rate",
            "there is no column rate (年利率)",
            "Put the yearly rates into one.",
            "没有“年利率”（rate）这一列。请把各档年利率放在该列。",
        )
    grades = {
        _grade(heading): place
        for place, heading in enumerate(sheet.headings)
        if place != rate and heading
    }
    lost: dict[str, list[float]] = {grade: [] for grade in grades}
    rates = [_fraction(sheet, row, "rate", cells[rate]) for row, cells in sheet.rows]
    for row, cells in sheet.rows:
        for grade, place in grades.items():
            lost[grade].append(_fraction(sheet, row, sheet.headings[place], cells[place]))
    try:
        return RateTable(tuple(rates), {grade: tuple(shares) for grade, shares in lost.items()})
    except BadProblem as error:
        raise error.in_file(name) from None


def limit_from_text(text: str, budget: Decimal) -> Limit:
    """A limit as a person writes it: what it counts, of whom, how much.

    `offers 150`, `expected_loss 2000000`, `drawn grade C 30%` (of the budget),
    `offers at least group first 20`. Raises BadProblem.
    """
    words = unicodedata.normalize("NFKC", text).split()
    try:
        counts, rest = Counts(words[0]), words[1:-1]
        at_least = rest[:2] == ["at", "least"]
        grade, group = _whom(rest[2:] if rest[:1] == ["at"] else rest)
        return Limit(counts, _limit_value(words[-1], budget), at_least, grade, group)
    except (IndexError, ValueError) as error:
        raise BadProblem(
            "limit",
            f"{text!r} is no limit",
            f"Write what it counts ({', '.join(Counts)}), of whom, and how much: offers 150; "
            "drawn grade C 30%; expected_loss 2000000; offers at least group first 20.",
            zh=f"“{text}”不是限额。请写明计量什么、对谁、多少，如 offers 150、drawn grade C 30%。",
        ) from error


def _whom(words: list[str]) -> tuple[str, str]:
    """The grade and the group that a limit counts: `grade C`, `group first loans`."""
    whom = {"": "", "grade": "", "group": ""}
    whom[words[0] if words else ""] = " ".join(words[1:])
    if len(whom) != 3 or (words and len(words) < 2):
        raise ValueError(words)
    return whom["grade"], whom["group"]


def _limit_value(text: str, budget: Decimal) -> Decimal:
    found = _NUMBER.fullmatch(text)
    if found is None or not text.strip("+-%"):
        raise ValueError(text)
    value = Decimal(text.rstrip("%").replace(",", ""))
    return value * budget / 100 if text.endswith("%") else value


def _sheet(name: str, content: bytes) -> Sheet:
    if len(content) > MOST_BYTES:
        raise BadProblem(
            "", "the file is too large", f"Send at most {MOST_BYTES:,} bytes.", file=name,
            zh=f"文件过大。最多 {MOST_BYTES:,} 字节。",
        )  # fmt: skip
    if _is_workbook(content):
        return _of_workbook(name, content)
    if b"\0" in content:
        raise BadProblem(
            "", "this is no text", "Save it as CSV (UTF-8 or GB18030) or XLSX.", file=name,
            zh="文件不是文本。请另存为 CSV（UTF-8 或 GB18030）或 XLSX。",
        )  # fmt: skip
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    rows = list(_rows(text))
    if not rows:
        raise BadProblem(
            "", "the file is empty", "Send one with headings and rows.", file=name,
            zh="文件是空的。请提供带表头和数据行的文件。",
        )  # fmt: skip
    return _checked(Sheet(name, [cell.strip() for cell in rows[0][1]], rows[1:]))


def _checked(sheet: Sheet) -> Sheet:
    if not sheet.rows:
        raise sheet.fault(
            None, "", "the file has headings and no row", "Add the rows.",
            "文件只有表头，没有数据行。请补充。",
        )  # fmt: skip
    for row, cells in sheet.rows:
        if len(cells) != len(sheet.headings):
            raise sheet.fault(
                row, "", f"the row has {len(cells)} cells, the headings {len(sheet.headings)}",
                "Look for a comma too many or too few.",
                f"该行有 {len(cells)} 格，表头有 {len(sheet.headings)} 格。请检查逗号。",
            )  # fmt: skip
    return sheet


def _is_workbook(content: bytes) -> bool:
    """Whether these are the bytes of a workbook: XLSX is a ZIP file, XLS a compound one."""
    return content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


def _of_workbook(name: str, content: bytes) -> Sheet:
    """The first sheet, read as safely as departments' files are."""
    from xinrong.collect import services as collect  # which needs the apps

    try:
        read = collect.read_table(name, content, most=MOST_ROWS)
    except collect.FileError as error:
        raise BadProblem(
            "", error.wrong, error.remedy, zh=error.words.zh, file=name, row=error.place.row
        ) from error
    sheet = Sheet(name, list(read.headings), [(row, list(cells)) for row, cells in read.rows])
    for one in read.faults:
        raise BadProblem(
            one.column, one.words.en, "Mend the row.", zh=one.words.zh, file=name, row=one.row_no
        )
    return _checked(sheet)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline="")), 1):
        if any(cell.strip() for cell in cells):
            yield number, cells


def _applicant(sheet: Sheet, row: int, told: dict[str, str], least: int, most: int) -> Applicant:
    amounts = {"least": least, "most": most}
    for field in amounts:
        if told.get(field):
            amounts[field] = _yuan(sheet, row, field, told[field])
    return Applicant(
        name=told["applicant"],
        grade=told["grade"],
        default=_fraction(sheet, row, "probability_of_default", told["default"]),
        group=told.get("group", ""),
        **amounts,
    )


def _fraction(sheet: Sheet, row: int, field: str, text: str) -> float:
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _NUMBER.fullmatch(plain)
    if not plain.strip("+-.%") or found is None:
        raise sheet.fault(
            row, field, f"{text!r} is no number", "Write 0.03 or 3%.",
            f"“{text}”不是数。请写成 0.03 或 3%。",
        )  # fmt: skip
    value = Decimal(plain.rstrip("%").replace(",", ""))
    return float(value / 100 if plain.endswith("%") else value)


def _yuan(sheet: Sheet, row: int, field: str, text: str) -> int:
    found = _YUAN.fullmatch(unicodedata.normalize("NFKC", text).strip().replace(",", ""))
    if found is None:
        raise sheet.fault(
            row, field, f"{text!r} is no sum in whole yuan", "Write digits alone.",
            f"“{text}”不是整数元金额。请只写数字。",
        )  # fmt: skip
    return int(found[1])


def _place(headings: list[str], words: tuple[str, ...]) -> int | None:
    plain = [heading.lower() for heading in headings]
    return next((plain.index(word) for word in words if word in plain), None)


def _grade(heading: str) -> str:
    """The grade that a heading names: A, `churn_rating_A`, 信誉评级A."""
    found = _LAST_LETTERS.search(heading)
    return found[1] if found else heading
