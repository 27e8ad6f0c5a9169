"""The builder's form: the text is what counts, its lines are drawn from it and change it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language

from xinrong.domain.criteria import (
    Column,
    CriterionRefused,
    Expression,
    Finding,
    Schema,
    Type,
    lint,
)
from xinrong.domain.criteria.editing import (
    Part,
    Path,
    added,
    part_at,
    parts_of,
    read_path,
    replaced,
    turned,
    without,
)
from xinrong.domain.criteria.tree import (
    Between,
    Compare,
    Condition,
    Const,
    Flag,
    In,
    Known,
    Not,
    Ref,
)
from xinrong.domain.criteria.writing import literal_text, to_text
from xinrong.pages.criteria.words import OPERATORS
from xinrong.profiles.services import columns, criteria, load_indicators

#: Operators by what a column is.
ORDERED = (">=", ">", "<=", "<", "=", "<>", "between", "known", "not known")
CHOSEN = ("=", "<>", "in", "not in", "known", "not known")
BOOLEAN = ("yes", "no", "known", "not known")
#: Those that need no value.
WITHOUT_VALUE = frozenset({"yes", "no", "known", "not known"})
_NUMERIC = frozenset({Type.MONEY, Type.COUNT, Type.NUMBER, Type.RATIO})
_LISTED = re.compile(r"[,，、;；\n]+")
_NAMES = ("text", "code", "title_zh", "title_en", "valid_from", "valid_until", "document",
          "article", "url", "q", "column", "operator", "value", "value2", "joint", "where",
          "editing", "stage", "before")  # fmt: skip
LONGEST_TEXT = 10_000


@dataclass(frozen=True)
class Work:
    """What the form holds, as it was sent."""

    text: str = ""
    code: str = ""
    title_zh: str = ""
    title_en: str = ""
    valid_from: str = ""
    valid_until: str = ""
    document: str = ""
    article: str = ""
    url: str = ""
    q: str = ""
    column: str = ""
    operator: str = ""
    value: str = ""
    value2: str = ""
    joint: str = "AND"
    where: str = ""
    editing: str = ""
    stage: str = ""
    before: str = ""  # the figure that was counted last

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Work:
        """As a form, or an address, says; longer than anything lawful is cut."""
        found = {name: str(given.get(name, "")) for name in _NAMES}
        text = found.pop("text").replace("\r\n", "\n")[: LONGEST_TEXT + 1]
        short = {name: value.strip()[:400] for name, value in found.items()}
        return cls(text=text, **{**short, "joint": "OR" if short["joint"] == "OR" else "AND"})

    def cleared(self, text: str) -> Work:
        """With another text, and nothing chosen in the form for one condition."""
        return replace(self, text=text, column="", operator="", value="", value2="", editing="")


@dataclass(frozen=True)
class Refused:
    """Why a text cannot be read, with the piece of it that is meant."""

    problem: str
    advice: str
    before: str
    piece: str
    after: str
    at: int


@dataclass(frozen=True)
class Read:
    """A text as far as it could be read."""

    expression: Expression | None = None
    refused: Refused | None = None
    parts: tuple[Part, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def groups(self) -> list[Part]:
        """The groups to which a condition can be added, but for the whole."""
        return [one for one in self.parts if one.joint and one.path]


def read(text: str) -> Read:
    """The text with its lines and what the linter finds, or why it cannot be read."""
    if not text.strip():
        return Read()
    try:
        expression = criteria.read_text(text)
    except CriterionRefused as error:
        return Read(refused=refused_of(error, text))
    return Read(expression, None, tuple(parts_of(expression.condition)), lint(expression))


def refused_of(error: CriterionRefused, text: str) -> Refused:
    """An error at its token: thirty characters before and after."""
    start = max(0, error.at - 1)
    found = re.match(r"\w+|\S", text[start:])
    end = start + len(found[0] if found else "")
    language = get_language() or "zh-hans"
    stop = "." if language.lower().startswith("en") else "。"
    return Refused(
        error.problem.in_language(language) + stop,
        error.advice.in_language(language),
        text[max(0, start - 30) : start],
        text[start : min(end, start + 60)],
        text[end : end + 30],
        error.at,
    )


# -- columns ------------------------------------------------------------------------------


def schema() -> Schema:
    """The columns that a criterion may read."""
    return criteria.profile_schema(criteria.region_name())


def offered(asked: str) -> list[tuple[str, list[Column]]]:
    """The columns that have all these words, by family."""
    known, families = columns(), load_indicators(criteria.region_name()).families
    language = get_language() or "zh-hans"
    found: dict[str, list[Column]] = {}
    for name, one in schema().items():
        if criteria.may_read(one) and _fits(known[name], asked):
            family = families[known[name].family].in_language(language)
            found.setdefault(family, []).append(one)
    return list(found.items())


def _fits(one: Any, asked: str) -> bool:
    texts = (one.name, one.title.zh, one.title.en, one.definition.zh, one.definition.en)
    whole = " ".join(texts).lower()
    return all(word in whole for word in asked.lower().split())


def operators_of(column: Column) -> list[tuple[str, Promise]]:
    """How a column can be compared."""
    keys: tuple[str, ...] = ORDERED
    if column.type == Type.BOOLEAN:
        keys = BOOLEAN
    elif column.type in (Type.TEXT, Type.CODE):
        keys = CHOSEN
    return [(key, OPERATORS[key]) for key in keys]


# -- one condition ------------------------------------------------------------------------


def fragment(column: Column, work: Work) -> str:
    """The text of the condition that is chosen in the form."""
    name, operator = column.name, work.operator
    if operator in ("known", "not known"):
        return f"{'NOT ' * (operator == 'not known')}known({name})"
    if operator in ("yes", "no"):
        return f"{'NOT ' * (operator == 'no')}{name}"
    if operator == "between":
        return f"{name} BETWEEN {_literal(column, work.value)} AND {_literal(column, work.value2)}"
    if operator in ("in", "not in"):
        values = [one for one in _LISTED.split(work.value) if one.strip()]
        listed = ", ".join(_literal(column, one) for one in values)
        return f"{name} {'NOT ' * (operator == 'not in')}IN ({listed})"
    sign = operator if operator in OPERATORS else "="
    return f"{name} {sign} {_literal(column, work.value)}"


def _literal(column: Column, value: str) -> str:
    """What somebody wrote as a literal; what is none is left to the parser to refuse."""
    plain = value.strip()
    if plain == ":as_of" and column.type == Type.DATE:
        return plain
    if column.type == Type.DATE:
        return "DATE '" + plain.replace("'", "") + "'"
    if column.type in _NUMERIC:
        plain = plain.replace(",", "").replace("，", "").replace(" ", "")
        if column.type == Type.RATIO and plain.endswith("%"):
            return _hundredth(plain[:-1])
        return plain
    for code, words in column.values.items():
        if plain in (words.zh, words.en):
            plain = code
    return literal_text(plain)


def _hundredth(percent: str) -> str:
    try:
        return f"{Decimal(percent) / 100:f}"
    except InvalidOperation:
        return percent


def chosen_of(part: Condition) -> dict[str, str] | None:
    """A condition as the form's fields; None for one that only the text can show."""
    holds = True
    while isinstance(part, Not):
        part, holds = part.part, not holds
    match part:
        case Known(column=column):
            return {"column": column.name, "operator": "known" if holds else "not known"}
        case Flag(column=column):
            return {"column": column.name, "operator": "yes" if holds else "no"}
        case In(column=column, items=items):
            value = "、".join(_plain(one) for one in items)
            return {"column": column.name, "operator": "in" if holds else "not in", "value": value}
        case Compare(op=op, left=Ref(column=column), right=Const() as right) if holds:
            return {"column": column.name, "operator": op, "value": _plain(right)}
        case Between(value=Ref(column=column), low=Const() as low, high=Const() as high) if holds:
            return {"column": column.name, "operator": "between", "value": _plain(low),
                    "value2": _plain(high)}  # fmt: skip
    return None


def _plain(literal: Const) -> str:
    value = literal.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


# -- what a button does -------------------------------------------------------------------


def add(work: Work, now: Read) -> Work:
    """The condition in the form joined to the text, or put in another's place.

    Raises CriterionRefused: of the condition alone, or of the whole with it.
    """
    column = schema()[work.column]
    new = criteria.read_text(fragment(column, work)).condition
    tree = now.expression.condition if now.expression else None
    if work.editing and tree is not None:
        tree = replaced(tree, _path(work.editing), new)
    else:
        tree = added(tree, _path(work.where), new, work.joint)
    text = to_text(tree)
    criteria.read_text(text)
    return work.cleared(text)


def remove(work: Work, now: Read, path: str) -> Work:
    """The text without a part."""
    if now.expression is None:
        return work
    left = without(now.expression.condition, _path(path))
    return work.cleared(to_text(left) if left is not None else "")


def turn(work: Work, now: Read, path: str) -> Work:
    """The text with a group's joint turned."""
    if now.expression is None:
        return work
    return work.cleared(to_text(turned(now.expression.condition, _path(path))))


def edit(work: Work, now: Read, path: str) -> Work:
    """A condition of the text in the form's fields."""
    part = part_at(now.expression.condition, _path(path)) if now.expression else None
    chosen = chosen_of(part) if part is not None else None
    if chosen is None:
        return work
    empty = {"value": "", "value2": ""}
    return replace(work, editing=path or "whole", **(empty | chosen))


def editable(tree: Condition, paths: Iterable[Path]) -> set[Path]:
    """The paths of the conditions that the form can show."""
    found = set()
    for path in paths:
        part = part_at(tree, path)
        if part is not None and chosen_of(part) is not None:
            found.add(path)
    return found


def _path(text: str) -> Path:
    return () if text == "whole" else read_path(text)
