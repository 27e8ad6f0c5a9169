"""What was written around a name: marks, shop-fronts, former names, numbering, repetitions.

A bracket may hold a part of the name, (北京) or (有限合伙), or something said about it. Only what
can be nothing else is taken off.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field

from xinrong.domain.names import fold
from xinrong.domain.naming.tables import Tables

#: Names of letters, digits and Chinese characters alone have nothing written around them, save
#: what `_spoken` finds.
PLAIN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+").fullmatch

_BRACKETS = str.maketrans(
    dict.fromkeys("（﹙⁽₍〔［[【〖｛{〈<‹«❨❪⟨⟪", "(")
    | dict.fromkeys("）﹚⁾₎〕］]】〗｝}〉>›»❩❫⟩⟫", ")")
)
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>")
_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u3164]+")
_NUMBERING = re.compile(r"^(?:\(\d{1,4}\)|\d{1,4}[、.．)])(?=[\u4e00-\u9fff])")
_STOCK = re.compile(r"^(?:S?\*ST|SST|ST(?=[\u4e00-\u9fff]{2,4}$))")
_JOINER = "-–—―－_/|:：~"
_WHOLE = re.compile("(?:公司|集团|合伙|合作社|厂|中心|事务所|出版社)$")
_FILLED = re.compile("^(?:经营者|负责人|法定代表人|法人)[:：]?.+")


@dataclass(slots=True)
class Separated:
    """A name (folded) and what was written around it."""

    folded: str
    shop_front: str = ""
    marks: list[str] = field(default_factory=list)
    former: list[str] = field(default_factory=list)
    also: list[str] = field(default_factory=list)


def separate(name: str, tables: Tables) -> Separated:
    """Take a name out of what was written around it; when nothing would be left, take nothing."""
    if PLAIN(name):
        return _spoken(Separated(fold(name)), tables)
    text = _cleaned(name)
    parts = Separated("")
    kept = _without_fronts(
        _without_groups(_without_leads(text, parts), parts, tables), parts, tables
    )
    parts.folded = fold(kept)
    if not parts.folded:
        return Separated(fold(name))
    return _spoken(parts, tables)


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
        parts.marks.append(found.group().strip("()"))
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
    if not inner:
        return before
    if inner in tables.marks or _FILLED.match(piece):
        parts.marks.append(inner)
        return before
    said = _said(inner, tables)
    if said and (len(said[1]) >= 4 or (before and len(said[1]) >= 2 and said[2] >= 2)):
        kind, other, _ = said
        if kind == "present":
            if before:
                parts.former.append(fold(before))
            return other
        (parts.former if kind == "former" else parts.also).append(other)
        return before
    if before and is_front(piece, tables):
        parts.shop_front = piece
        return before
    if before and last and _WHOLE.search(inner) and inner.endswith("公司"):
        earlier = fold(before)
        if inner == earlier:
            return before
        if earlier.endswith("公司"):
            parts.former.append(inner)
            return before
    return before + piece


def _said(inner: str, tables: Tables) -> tuple[str, str, int] | None:
    """What a bracket that opens with a word like 原 or 曾用名 says: kind, name, word's length."""
    for word, kind in tables.sayings:
        if inner.startswith(word) and len(inner) > len(word):
            return kind, inner[len(word) :].removeprefix("为").removeprefix("是"), len(word)
    return None


def is_front(piece: str, tables: Tables) -> bool:
    """Does this name a shop on a platform: the platform joined to it, or an ending like 旗舰店?"""
    bare = fold(piece)
    for platform in tables.platforms:
        if bare == platform:
            return True
        if bare.startswith(platform) or bare.endswith(platform):
            return True
    return bare.endswith(("旗舰店", "专营店", "专卖店", "直播间", "官方店", "小程序", "网店"))


def _without_fronts(text: str, parts: Separated, tables: Tables) -> str:
    """A shop-front behind the name without brackets: 某某有限公司-某某专营店-拼多多."""
    place = text.find("公司")
    if 0 < place < len(text) - 2:
        tail = text[place + 2 :]
        bare = fold(tail)
        joined = tail[0] in _JOINER or any(char in _JOINER for char in tail)
        if joined and bare.startswith(tables.platforms) | bare.endswith(tables.platforms):
            parts.shop_front = tail.strip(_JOINER)
            return text[: place + 2]
    elif place < 0:
        for char in _JOINER:
            head, sign, tail = text.rpartition(char)
            if sign and fold(tail) in tables.platforms and len(fold(head)) >= 2:
                parts.shop_front = tail
                return head
    return text


_INLINE = re.compile(
    "^(.{4,}?)(?:原名称?|曾用名称?|前身[为是]?|简称)(.{4,})$|"
    "^(.{4,}?)(?:现|已)?(?:更名|变更|改名)为(.{4,})$"
)


def _spoken(parts: Separated, tables: Tables) -> Separated:
    """Former names told in the text itself, marks behind the name, the name written twice."""
    folded = parts.folded
    if ("名" in folded or "前身" in folded or "变更" in folded) and (
        found := _INLINE.match(folded)
    ):
        name, former, was, now = found.groups()
        parts.former.append(former or was)
        folded = name or now
    cut = folded.rfind("公司") + 2
    if cut > 2 and folded[cut:] in tables.marks:
        parts.marks.append(folded[cut:])
        folded = folded[:cut]
    half = len(folded) // 2
    if half >= 4 and folded[:half] == folded[half:] and len(folded) == 2 * half:
        folded = folded[:half]
    parts.folded = folded
    return parts
