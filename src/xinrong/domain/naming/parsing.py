"""Names taken apart: region, trade name, industry, legal form, branch, and what stands around."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import batched, compress

from xinrong.domain.collecting import uncollected
from xinrong.domain.names import fold_many
from xinrong.domain.naming.separating import NOTHING, is_plain, says_more, separate
from xinrong.domain.naming.tables import Tables, tables
from xinrong.domain.naming.types import ParsedName

_CHINESE_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
#: Forms that stand in brackets behind a shop, a factory, a studio.
_BESIDE_NOUN = frozenset(
    {"general_partnership", "limited_partnership", "special_partnership"}
    | {"sole_proprietorship", "sole_trader"}
)
#: 分公司, 子公司, 支公司.
_BRANCH_SIGNS = frozenset("分子支")
_NUMBER = re.compile("第?([零〇一二两三四五六七八九十百]+|[0-9]+)$")


def parse(name: str) -> ParsedName:
    """The parts of a name. Never raises; the same name always gives the same parts."""
    return _parse(name, tables())


def parse_many(names: Iterable[str]) -> list[ParsedName]:
    """The parts of many names, in their order."""
    known = tables()
    parsed: list[ParsedName] = []
    with uncollected():
        for some in batched(names, 10_000):
            plain = list(map(is_plain, some))
            folded = iter(fold_many(compress(some, plain)))
            parsed += [
                _parse(name, known, next(folded) if it else None)
                for name, it in zip(some, plain, strict=True)
            ]
    return parsed


def _parse(name: str, known: Tables, folded: str | None = None) -> ParsedName:
    """The parts of a name; `folded` is given when the name is plain and was folded before."""
    if folded is None or says_more(folded):
        around = separate(name, known, folded)
        folded = around.folded
    else:
        around = NOTHING
    marks = around.marks
    head, tail, branch_kind, branch = _branch(folded, known)
    if tail in known.marks:
        marks += (tail,)
        folded, tail, branch_kind, branch = head, "", "", ""
    stem, form, form_text = _form(head, known)
    region, code, short, trade, industry = _body(stem, known)
    if tail:
        branch = _designation(branch, short, known)
    return ParsedName(
        name,
        folded,
        region,
        code,
        trade,
        industry,
        form,
        form_text,
        branch,
        branch_kind,
        tail,
        around.shop_front,
        marks,
        around.former,
        around.also,
        trade + industry,
    )


def _branch(folded: str, known: Tables) -> tuple[str, str, str, str]:
    """The name of the body, its branch as written, the kind, and what tells it from others."""
    place = folded.find("公司")
    if place > 0 and place + 2 == len(folded) and folded[place - 1] not in _BRANCH_SIGNS:
        return folded, "", "", ""
    while place > 0 and folded[place - 1] in _BRANCH_SIGNS:
        place = folded.find("公司", place + 2)
    if place > 0:
        head, tail = folded[: place + 2], folded[place + 2 :]
        if not tail or (tail.endswith("公司") and tail[-3:-2] not in _BRANCH_SIGNS):
            return folded, "", "", ""
        if len(tail) < 3 and known.forms.longest(folded) > len(tail) + 2:
            return folded, "", "", ""  # 有限公司司
        length = known.branches.longest(tail)
        if not length:
            return head, tail, "other", tail
        wording = known.branches.entries[tail[-length:]]
        return head, tail, wording.key, tail[:-length] or wording.canonical
    length = known.branches.longest(folded, keep=2)
    if not length:
        return folded, "", "", ""
    wording = known.branches.entries[folded[-length:]]
    before = folded[:-length]
    cut = _parent_end(before, known, any_wording=not wording.needs_parent)
    if cut < 0 or (wording.needs_parent and cut == len(before) and length == 1):
        return folded, "", "", ""
    return before[:cut], folded[cut:], wording.key, before[cut:] or wording.canonical


def _parent_end(before: str, known: Tables, *, any_wording: bool) -> int:
    """Where the parent's name ends when no 公司 says it: a bank's name, a region, a number.

    -1 when nothing before can be a parent: 某某经营部 is a name of its own.
    """
    end = -1
    for word, outlets in known.anchors:
        if (any_wording or outlets) and (place := before.rfind(word)) > 0:
            end = max(end, place + len(word))
    if end > 0 or not any_wording:
        return end
    found = _NUMBER.search(before)
    if found and found.start() >= 2:
        return found.start()
    return len(before) - known.regions.trailing(before, 2, in_branch=True)


def _form(head: str, known: Tables) -> tuple[str, str, str]:
    """The name without its legal form, the form's key, the form as written."""
    forms = known.forms
    length = forms.longest(head, keep=2)
    if not length or head in forms.entries:
        return head, "", ""
    form = forms.entries[head[-length:]]
    if form.kind == "noun":
        whole = known.industries.longest(head, keep=2)
        if whole > length and whole >= length + known.industries.longest(head[:-length], keep=2):
            return head, "", ""  # 书店 is what it does; 五金店 is a shop for 五金
    elif form.key in _BESIDE_NOUN:
        noun = forms.longest(head[:-length], keep=2)
        if noun and forms.entries[head[-length - noun : -length]].kind == "noun":
            length += noun  # 某某厂（普通合伙）
    return head[:-length], form.key, head[-length:]


def _body(stem: str, known: Tables) -> tuple[str, str, str, str, str]:
    """Region as written, its code, its short form, trade name, industry."""
    regions = known.regions
    end, code, short = regions.leading(stem, 2)
    region, rest = stem[:end], stem[end:]
    if not end and (length := regions.trailing(rest, 2)):
        region, rest = rest[-length:], rest[:-length]
        code, short = regions.code(region), region
    trade = rest[: len(rest) - _industry_length(rest)]
    if not region and (length := regions.trailing(trade, 2)):
        region = trade[-length:]
        code, short = regions.code(region), region
        rest = trade[:-length] + rest[len(trade) :]
        trade = trade[:-length]
    industry = rest[len(trade) :]
    if end and not industry and trade in known.industries.entries:
        trade = short + trade  # 北京包装公司: nothing else tells it from 上海包装公司
    return region, code, short, trade, industry


def _industry_length(rest: str) -> int:
    """How much at the end of a text are words of the industry, two characters left before them."""
    if rest in tables().industries.entries:
        return 0
    return _words_length(rest[2:])


@lru_cache(maxsize=100_000)  # 科技, 达科技: what follows two characters is often the same
def _words_length(text: str) -> int:
    longest, end = tables().industries.longest, len(text)
    while length := longest(text[:end]):
        end -= length
    return len(text) - end


def _designation(text: str, own: str, known: Tables) -> str:
    """One writing for one branch: 海淀区第一 → 海淀1; the parent's `own` region is not repeated."""
    if text[:1] == "驻" and len(text) > 2:
        text = text[1:]
    end, _, short = known.regions.leading(text, 0, in_branch=True)
    if end:
        inner = short.removeprefix(own)
        text = (inner or short) + text[end:]
    found = _NUMBER.search(text)
    if found:
        text = text[: found.start()] + str(_number(found.group(1)))
    return text


def _number(text: str) -> int:
    """A number of digits or of Chinese numerals below two hundred."""
    if text.isdecimal():
        return int(text)
    if not set(text) & set("十百"):
        return int("".join(str(_CHINESE_DIGITS[char]) for char in text))
    hundreds, _, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    value = 100 * _CHINESE_DIGITS.get(hundreds[-1:], 1) if "百" in text else 0
    value += 10 * _CHINESE_DIGITS.get(tens[-1:], 1) if ten else 0
    return value + _CHINESE_DIGITS.get(ones[-1:], 0)
