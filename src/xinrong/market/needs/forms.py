"""The form that goes along on visits: a workbook to fill in offline, and what is read from it.

Every row is accounted for: accepted, held back with its field and the reason, or a duplicate.
Nothing is entered by reading.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from xinrong.accounts.services import Viewer
from xinrong.collect.services import FileError, read_table
from xinrong.domain.errors import Place
from xinrong.domain.financing import PURPOSE_WORDS, SECURITY_WORDS, NeedRefused
from xinrong.domain.text import Text
from xinrong.market.errors import MarketRefused
from xinrong.market.needs.entering import TELLING, enter, is_entered, read_answers
from xinrong.market.needs.models import NeedSource, StatedNeed
from xinrong.market.needs.questions import QUESTIONS
from xinrong.market.needs.refusals import not_to_enter
from xinrong.market.perms import can_enter_needs
from xinrong.profiles.services import criteria
from xinrong.subjects import services as subjects

#: Rows of one form, and rows of the workbook in which a cell offers its choices.
MOST_ROWS = 200
_SEVERAL = re.compile(r"[;；,，、/]+")
_FIRST = {"是": "yes", "否": "no", "yes": "yes", "no": "no", "y": "yes", "n": "no",
          "不清楚": "", "unknown": ""}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: the field, its heading, and how words for people become values."""

    name: str
    heading: str
    read: Callable[[str], list[str]]


def _as_is(text: str) -> list[str]:
    return [text]


def _purpose(text: str) -> list[str]:
    return [_named(text, {str(key): words for key, words in PURPOSE_WORDS.items()})]


def _offers(text: str) -> list[str]:
    known = {str(key): words for key, words in SECURITY_WORDS.items()}
    nothing = ("无", "none", "没有")
    return [
        _named(one.strip(), known) for one in _SEVERAL.split(text) if one.strip() not in nothing
    ]


def _area(text: str) -> list[str]:
    return [_named(text, criteria.areas_of(settings.REGION))]


def _named(text: str, known: Mapping[str, Text]) -> str:
    """The value whose code or words these are; as it is where there is none, to be refused."""
    folded = text.strip().lower()
    for value, words in known.items():
        if folded in (value, words.zh.lower(), words.en.lower()):
            return value
    return text


CODE = "code"
COLUMNS = (
    Column(CODE, "统一社会信用代码 code", _as_is),
    Column("amount", "金额（元） amount", _as_is),
    Column("purpose", "用途 purpose", _purpose),
    Column("months", "期限（月） months", _as_is),
    Column("offers", "担保 offers", _offers),
    Column("max_rate", "最高年利率% max_rate", _as_is),
    Column("first_time", "首次贷款 first_time", lambda text: [_FIRST.get(text.lower(), text)]),
    Column("area", "用款区县 area", _area),
    Column("note", "说明 note", _as_is),
)
NEEDED = (CODE, "amount", "purpose", "months")


@dataclass(frozen=True)
class FormRow:
    """A row that can be entered."""

    row_no: int
    code: str
    enterprise: int
    name: str
    answers: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class FormFault:
    """A row that cannot: the field by its heading, and what is wrong with it."""

    row_no: int
    heading: str
    words: Text


@dataclass(frozen=True)
class FormRead:
    """What is in a form. `duplicates` are rows whose need stands further up or was entered."""

    accepted: tuple[FormRow, ...]
    held: tuple[FormFault, ...]
    duplicates: tuple[FormRow, ...]

    @property
    def rows_in(self) -> int:
        """Every row of the file, blank ones not counted."""
        return len(self.accepted) + len(self.held) + len(self.duplicates)


def read_form(who: Viewer, name: str, content: bytes, *, now: datetime) -> FormRead:
    """The rows of a filled form. Raises FileError for what is no such form, MarketRefused."""
    if not can_enter_needs(who):
        raise not_to_enter()
    table = read_table(name, content, most=MOST_ROWS)
    places = _places(name, table.headings)
    held = [FormFault(one.row_no, one.column, one.words) for one in table.faults]
    accepted: list[FormRow] = []
    duplicates: list[FormRow] = []
    seen: set[tuple[object, ...]] = set()
    for row_no, cells in table.rows:
        told = {one: cells[place].strip() for one, place in places.items()}
        try:
            row, telling = _judged(who, row_no, told, now)
        except _Held as error:
            held.append(error.fault)
            continue
        (duplicates if telling is None or telling in seen else accepted).append(row)
        if telling is not None:
            seen.add(telling)
    return FormRead(tuple(accepted), tuple(sorted(held, key=lambda one: one.row_no)),
                    tuple(duplicates))  # fmt: skip


class _Held(Exception):
    def __init__(self, fault: FormFault) -> None:
        self.fault = fault


def _judged(
    who: Viewer, row_no: int, told: Mapping[str, str], now: datetime
) -> tuple[FormRow, tuple[object, ...] | None]:
    """A row and what tells it from others; None where it was entered before. Raises _Held."""
    answers = {
        one.name: one.read(told[one.name])
        for one in COLUMNS
        if one.name != CODE and told.get(one.name)
    }
    try:
        enterprise = subjects.enterprise_by_code(told.get(CODE, ""))
    except subjects.UnknownEnterprise:
        words = Text(
            zh=f"平台没有代码为“{told.get(CODE, '')[:30]}”的企业，请核对 18 位代码",
            en=f"no enterprise here has the code {told.get(CODE, '')[:30]!r}: check its 18 signs",
        )
        raise _Held(FormFault(row_no, _heading(CODE), words)) from None
    try:
        values = read_answers(answers)
    except NeedRefused as error:
        raise _Held(FormFault(row_no, _heading(error.place.field), error.words)) from error
    except MarketRefused as error:
        words = error.words or Text(zh=str(error), en=str(error))
        raise _Held(FormFault(row_no, "", words)) from error
    row = FormRow(row_no, enterprise.code, enterprise.pk, enterprise.name, answers)
    if is_entered(who, enterprise.pk, values, now=now):
        return row, None
    return row, (enterprise.pk, *(values[name] for name in TELLING))


def enter_form(
    who: Viewer, rows: Sequence[FormRow], *, reference: str, now: datetime
) -> tuple[list[StatedNeed], list[FormFault]]:
    """Enter rows that were read; what meanwhile cannot be entered is held back with its reason."""
    made: list[StatedNeed] = []
    held: list[FormFault] = []
    for row in rows:
        try:
            with transaction.atomic():
                made.append(
                    enter(who, row.code, row.answers, now=now, source=NeedSource.VISIT,
                          reference=reference)
                )  # fmt: skip
        except MarketRefused as error:
            if error.code == "need_role":
                raise
            words = error.words or Text(zh=str(error), en=str(error))
            held.append(FormFault(row.row_no, "", words))
    return made, held


def write_form() -> bytes:
    """The empty form: a sheet to fill in, with choices in its cells, and one that explains it."""
    from xlsxwriter import Workbook  # only for whoever takes one out

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet, bold = book.add_worksheet("需求 needs"), book.add_format({"bold": True})
        text, wrap = book.add_format({"num_format": "@"}), book.add_format({"text_wrap": True})
        sheet.freeze_panes(1, 0)
        choices = {
            "purpose": [words.zh for words in PURPOSE_WORDS.values()],
            "first_time": ["是", "否", "不清楚"],
            "area": [words.zh for words in criteria.areas_of(settings.REGION).values()],
        }
        for place, one in enumerate(COLUMNS):
            sheet.set_column(place, place, 22, text)
            sheet.write_string(0, place, one.heading, bold)
            if one.name in choices and len(",".join(choices[one.name])) <= 255:
                sheet.data_validation(
                    1, place, MOST_ROWS, place,
                    {"validate": "list", "source": choices[one.name], "ignore_blank": True},
                )  # fmt: skip
        notes = book.add_worksheet("说明 notes")
        notes.set_column(0, 0, 26)
        notes.set_column(1, 1, 90, wrap)
        for line, (name, words) in enumerate(_explained()):
            notes.write_string(line, 0, name, bold)
            notes.write_string(line, 1, words)
    return out.getvalue()


def _explained() -> list[tuple[str, str]]:
    """What each column wants, for the second sheet."""
    rule = Text(
        zh=f"每行一个需求，最多 {MOST_ROWS} 行。企业在平台上确认后才生效。",
        en=f"A need a row, {MOST_ROWS} rows at most. Each counts once the enterprise confirms.",
    )
    told = [("", f"{rule.zh} {rule.en}")]
    several = "、".join(words.zh for words in SECURITY_WORDS.values())
    more = {"offers": f"可填：{several}；几样用分号隔开。"}
    for one in COLUMNS:
        must = "必填 needed. " if one.name in NEEDED else ""
        question = QUESTIONS.get(one.name)
        said = f"{question.title.zh}{question.hint.zh} {question.title.en}" if question else ""
        told.append((one.heading, f"{must}{said}{more.get(one.name, '')}"))
    return told


def _places(file: str, headings: Sequence[str]) -> dict[str, int]:
    """Where each column stands; a heading may be either half of its words. Raises FileError."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        folded = "".join(unicodedata.normalize("NFKC", heading).lower().split())
        for one in COLUMNS:
            zh, en = unicodedata.normalize("NFKC", one.heading).lower().rsplit(" ", 1)
            if folded in ("".join(zh.split()), en, "".join(zh.split()) + en):
                found.setdefault(one.name, place)
    lacking = [_heading(one) for one in NEEDED if one not in found]
    if lacking:
        names = "、".join(lacking)
        raise FileError(
            "form_headings",
            Text(zh=f"表中没有这些列：{names}。", en=f"These columns are not there: {names}."),
            Text(zh="请使用平台的走访表格。", en="Use the form that the platform gives out."),
            place=Place(file=file),
        )
    return found


def _heading(name: str) -> str:
    return next((one.heading for one in COLUMNS if one.name == name), name)
