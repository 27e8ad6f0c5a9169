"""What was written around a name: marks, shop-fronts, former names, numbering, repetitions.

A bracket may hold a part of the name, (北京) or (有限合伙), or something said about it. Only what
can be nothing else is taken off.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

from xinrong.domain.names import fold
from xinrong.domain.naming.tables import Tables

#: Names of letters, digits and Chinese characters alone have nothing written around them, save
#: what `_spoken` finds.
is_plain = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+").fullmatch

_ONE_GROUP = re.compile(
    r"([\u4e00-\u9fffA-Za-z0-9]+)[(（]([\u4e00-\u9fff]{2,6})[)）]([\u4e00-\u9fffA-Za-z0-9]*)"
).fullmatch

_BRACKETS = str.maketrans(
    dict.fromkeys("（﹙⁽₍〔［[【〖｛{〈<‹«❨❪⟨⟪", "(")
    | dict.fromkeys("）﹚⁾₎〕］]】〗｝}〉>›»❩❫⟩⟫", ")")
)
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>")
_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u3164]+")
_NUMBERING = re.compile(r"^(?:\(\d{1,4}\)|\d{1,4}[、.．)])(?=[\u4e00-\u9fff])")
_STOCK = re.compile(r"^(?:S?\*ST|SST)")
_COMPANY = re.compile(".{4,}(?<![分子支])公司").fullmatch
_WARNED = re.compile(r"ST(?!.*公司)[\u4e00-\u9fff]{2,4}").fullmatch
_JOINER = "-–—―－_/|:：~"
_FILLED = re.compile("^(?:经营者|负责人|法定代表人|法人)[:：]?.+")


@dataclass(slots=True)
class Separated:
    """A name (folded) and what was written around it."""

    folded: str
    shop_front: str = ""
    marks: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


#: Around a name of which nothing is said.
NOTHING = Separated("")


def separate(name: str, tables: Tables, folded: str | None = None) -> Separated:
    """Take a name out of what was written around it; when nothing would be left, take nothing.

    `folded` is given for a plain name (`is_plain`) that was folded before.
    """
    if folded is not None or is_plain(name):
        return _spoken(Separated(fold(name) if folded is None else folded))
    group = _ONE_GROUP(name)
    if group and group[2] in tables.inside:
        return _spoken(Separated(fold(group[1] + group[2] + group[3])))
    text = _cleaned(name)
    parts = Separated("")
    kept = _without_groups(_without_leads(text, parts), parts, tables)
    parts.folded = fold(_without_fronts(kept, parts, tables))
    if not parts.folded:
        parts = Separated(fold(text))
    return _spoken(parts)


def _cleaned(name: str) -> str:
    """One kind of bracket, no spaces, nothing invisible, no entities and tags of web pages."""
    if "&" in name:
        name = html.unescape(name)
    if "<" in name:
        name = _TAG.sub("", name)
    text = unicodedata.normalize("NFKC", name.translate(_BRACKETS)).translate(_BRACKETS)
    return _UNSEEN.sub("", text)


def _without_leads(text: str, parts: Separated) -> str:
    """Numbering of a list, and the stock exchange's warning before a short name."""
    while found := _NUMBERING.match(text) or _STOCK.match(text.upper()):
        parts.marks += (found.group().strip("()、.．"),)
        text = text[found.end() :]
    return text


def _groups(text: str) -> list[tuple[bool, str]]:
    """The text in order, as (in brackets?, piece); an open bracket reaches to the end."""
    pieces: list[tuple[bool, str]] = []
    depth, start = 0, 0
    for place, char in enumerate(text):
        if char == "(":
            if depth == 0:
                pieces.append((False, text[start:place]))
                start = place + 1
            depth += 1
        elif char == ")" and depth:
            depth -= 1
            if depth == 0:
                pieces.append((True, text[start:place]))
                start = place + 1
    pieces.append((depth > 0, text[start:]))
    return pieces


def _without_groups(text: str, parts: Separated, tables: Tables) -> str:
    """Sort what stands in brackets: part of the name, or said about it."""
    if "(" not in text:
        return text
    kept = ""
    pieces = _groups(text)
    for place, (grouped, piece) in enumerate(pieces):
        if not piece:
            continue
        if not grouped:
            kept += piece
            continue
        last = all(not rest for _, rest in pieces[place + 1 :])
        kept = _group(piece, kept, parts, tables, last=last)
    return kept


def _group(piece: str, before: str, parts: Separated, tables: Tables, *, last: bool) -> str:
    """The name so far, after one bracket was read."""
    inner = fold(piece)
    if inner in tables.marks or _FILLED.match(piece):
        parts.marks += (inner,)
        return before
    if before and is_front(inner, tables):
        parts.shop_front = piece
        return before
    if said := _said(inner, tables, enough=2 if before else 4):
        return _heard(*said, before, parts)
    if before and last and _COMPANY(inner) and (earlier := fold(before)).endswith("公司"):
        if inner != earlier:
            parts.former += (inner,)
        return before
    return before + piece


def _said(inner: str, tables: Tables, *, enough: int) -> tuple[str, str] | None:
    """What a bracket that opens with a word like 原 or 曾用名 says, and the name it tells.

    A single 原 opens many words (原味, 原点): it counts only before a name of a body's length.
    """
    for word, says in tables.sayings:
        if inner.startswith(word):
            told = inner[len(word) :].removeprefix("为").removeprefix("是")
            if len(told) >= (enough if len(word) > 1 else 4):
                return says, told
    return None


def _heard(says: str, told: str, before: str, parts: Separated) -> str:
    """The name so far, after a bracket told another name."""
    if says == "present":
        if before:
            parts.former += (fold(before),)
        return told
    if says == "former":
        parts.former += (told,)
    else:
        parts.also += (told,)
    return before


def is_front(bare: str, tables: Tables) -> bool:
    """Does this (folded) name a shop on a platform: by the platform, or by its ending?"""
    return bare.startswith(tables.platforms) or bare.endswith(tables.platforms + tables.shop_fronts)


def _without_fronts(text: str, parts: Separated, tables: Tables) -> str:
    """A shop-front behind the name without brackets: 某某有限公司 某某专营店-拼多多."""
    place = text.find("公司")
    if place > 0:
        head, tail = text[: place + 2], text[place + 2 :]
        if not any(char in _JOINER for char in tail):
            return text
    else:
        sign = next((char for char in _JOINER if char in text), "")
        head, _, tail = text.rpartition(sign) if sign else (text, "", "")
    bare = fold(tail)
    if len(head) < 2 or not (bare.startswith(tables.platforms) or bare.endswith(tables.platforms)):
        return text
    parts.shop_front = tail.strip(_JOINER)
    return head


_INLINE = re.compile(
    "^(.{4,}?)(?:原名称?|曾用名称?|前身[为是]?|简称)(.{4,})$|"
    "^(.{4,}?)(?:现|已)?(?:更名|变更|改名)为(.{4,})$"
)


def says_more(folded: str) -> bool:
    """May `_spoken` find anything in it? Nearly always not, which saves the asking."""
    half = len(folded) >> 1
    return (
        "名" in folded
        or (half > 3 and folded[0] == folded[half])
        or "变更" in folded
        or "前身" in folded
        or folded[:2] == "ST"
    )


def _spoken(parts: Separated) -> Separated:
    """Former names told in the text itself; the exchange's warning; the name written twice."""
    folded = parts.folded
    if "名" in folded or "前身" in folded or "变更" in folded:
        found = _INLINE.match(folded)
        if found:
            name, former, was, now = found.groups()
            parts.former += (former or was,)
            folded = name or now
    if folded[:2] == "ST" and _WARNED(folded):
        parts.marks += ("ST",)
        folded = folded[2:]
    half = len(folded) >> 1
    if half > 3 and folded[0] == folded[half] and folded[:half] == folded[half:]:
        folded = folded[:half]
    if folded == parts.folded:
        return parts
    parts.folded = folded
    return _spoken(parts)
