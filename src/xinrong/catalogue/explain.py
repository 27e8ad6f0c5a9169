"""What pydantic finds, in words: which key, what is wrong with it, what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from xinrong.catalogue.document import Document, Loc
from xinrong.catalogue.errors import Problem
from xinrong.domain.text import Text


def did_you_mean(wrong: str, lawful: Iterable[str]) -> Text:
    """The nearest lawful words, or all of them when they are few, or nothing."""
    names = sorted(set(lawful))
    close = difflib.get_close_matches(wrong, names, n=1, cutoff=0.6)
    if close:
        return Text(zh=f"是否想写“{close[0]}”？", en=f"Did you mean `{close[0]}`?")
    if 0 < len(names) <= 24:
        return Text(zh=f"可用：{'、'.join(names)}。", en=f"Lawful here: {', '.join(names)}.")
    return Text(zh="请对照参考文档。", en="Compare the reference pages.")


def explain(error: ValidationError, document: Document, model: type[BaseModel]) -> list[Problem]:
    """One problem per place of the file. Of a union's branches the one that was meant speaks."""
    found: dict[Loc, Problem] = {}
    for item in error.errors(include_url=False):
        loc, branch, chosen = _in_data(item["loc"], document.data, item["type"])
        if branch and not _fits(branch, chosen):
            continue
        if loc not in found:
            found[loc] = _problem(dict(item), loc, document, model)
    return list(found.values())


def _in_data(loc: tuple[int | str, ...], data: Any, kind: str) -> tuple[Loc, str, Any]:
    """The part of pydantic's path that is in the file; a union's branch and the value it read."""
    kept: list[str | int] = []
    branch, chosen = "", None
    here = data
    for position, step in enumerate(loc):
        inside = (isinstance(here, dict) and step in here) or (
            isinstance(here, list) and isinstance(step, int) and step < len(here)
        )
        if inside:
            here = here[step]
        elif kind != "missing" or position < len(loc) - 1:
            branch, chosen = str(step), here
            continue
        kept.append(step)
    return tuple(kept), branch, chosen


def _fits(branch: str, value: Any) -> bool:
    """Whether a union's branch is the one that the writer meant."""
    if isinstance(value, dict):
        return branch != "str" and not branch.startswith("tuple")
    if isinstance(value, list):
        return branch.startswith("tuple")
    return branch == "str" or not (branch.startswith("tuple") or branch[:1].isupper())


def _model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel] | None:
    """The model that reads the mapping at `loc`."""
    here: Any = model
    for step in loc:
        if isinstance(here, type) and issubclass(here, BaseModel) and step in here.model_fields:
            here = here.model_fields[str(step)].annotation
        inner = _models_in(here)
        here = inner[0] if inner else None
        if here is None:
            return None
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models_in(inner)]


def _problem(item: dict[str, Any], loc: Loc, document: Document, model: type[BaseModel]) -> Problem:
    kind, given, context = str(item["type"]), item.get("input"), item.get("ctx", {})
    name = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        parent = _model_at(model, loc[:-1])
        lawful = list(parent.model_fields) if parent else []
        wrong = Text(zh=f"没有“{name}”这个键。", en=f"There is no key `{name}`.")
        return document.problem("unknown_key", loc, wrong, did_you_mean(name, lawful))
    if kind == "missing":
        wrong = Text(zh=f"缺少“{name}”。", en=f"`{name}` is missing.")
        remedy = Text(zh=f"请补上“{name}:”。", en=f"Add `{name}:`.")
        return document.problem("missing_key", loc, wrong, remedy)
    if kind in ("literal_error", "enum"):
        expected = str(context.get("expected", "")).replace(" or ", ", ")
        lawful = [part.strip().strip("'") for part in expected.split(",") if part.strip(" '")]
        wrong = Text(zh=f"“{given}”不是允许的值。", en=f"`{given}` is not allowed here.")
        return document.problem("value_not_allowed", loc, wrong, did_you_mean(str(given), lawful))
    if kind == "string_pattern_mismatch":
        wrong = Text(zh=f"“{given}”不能作标识。", en=f"`{given}` cannot be an identifier.")
        remedy = Text(
            zh="请用小写英文字母开头，只含小写字母、数字和下划线。",
            en="Begin with a lower-case letter; use only a-z, 0-9 and underscores.",
        )
        return document.problem("bad_identifier", loc, wrong, remedy)
    return _shape(kind, item, loc, document)


_SHAPES = {
    "string_type": Text(zh="文字（如为数字或日期请加引号）", en="text (put numbers in quotes)"),
    "int_type": Text(zh="整数", en="a whole number"),
    "int_parsing": Text(zh="整数", en="a whole number"),
    "int_from_float": Text(zh="整数", en="a whole number"),
    "decimal_parsing": Text(zh="数字", en="a number"),
    "decimal_type": Text(zh="数字", en="a number"),
    "bool_type": Text(zh="true 或 false", en="true or false"),
    "bool_parsing": Text(zh="true 或 false", en="true or false"),
    "tuple_type": Text(
        zh="列表（每项一行，以“- ”开头）", en="a list (one item per line after `- `)"
    ),
    "dict_type": Text(zh="若干“键: 值”", en="lines of `key: value`"),
    "model_type": Text(zh="若干“键: 值”", en="lines of `key: value`"),
    "model_attributes_type": Text(zh="若干“键: 值”", en="lines of `key: value`"),
}


def _shape(kind: str, item: dict[str, Any], loc: Loc, document: Document) -> Problem:
    given = item.get("input")
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = next(iter(item.get("ctx", {}).values()))
        side_zh, side_en = (
            ("不小于", "at least") if kind.startswith("gr") else ("不大于", "at most")
        )
        wrong = Text(zh=f"{given} 超出范围。", en=f"{given} is out of range.")
        remedy = Text(zh=f"应{side_zh} {limit}。", en=f"Write {side_en} {limit}.")
        return document.problem("out_of_range", loc, wrong, remedy)
    if kind == "value_error":
        said = str(item.get("ctx", {}).get("error", item["msg"]))
        wrong = Text(zh=f"内容不完整：{said}。", en=f"Not complete: {said}.")
        remedy = Text(zh="请补充。", en="Add what is missing.")
        return document.problem("incomplete", loc, wrong, remedy)
    expected = _SHAPES.get(kind, Text(zh=str(item["msg"]), en=str(item["msg"])))
    if isinstance(given, dict | list):
        shown = Text(zh="这里的结构不对。", en="This has the wrong shape.")
    elif given is None:
        shown = Text(zh="这里没有内容。", en="There is nothing here.")
    else:
        shown = Text(zh=f"{given} 的类型不对。", en=f"{given} is of the wrong kind.")
    remedy = Text(zh=f"应为{expected.zh}。", en=f"Write {expected.en}.")
    return document.problem("wrong_shape", loc, shown, remedy)
