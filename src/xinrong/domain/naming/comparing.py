"""In what two names differ, and the forms in which they may be looked up."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from rapidfuzz.distance import OSA

from xinrong.domain.naming.tables import Form, tables
from xinrong.domain.naming.types import ParsedName

#: Every kind of difference that `difference` may name.
DIFFERENCES = frozenset(
    {"spacing", "bracket", "width", "script", "punctuation", "repetition"}
    | {"region", "region_conflict", "legal_form", "group", "suffix", "shop_front", "mark"}
    | {"former", "branch_wording", "typing", "trade_name", "industry", "branch", "branch_kind"}
    | {"number"}
)
#: Differences of form only: the same enterprise may be behind both writings.
FORM_ONLY = frozenset(
    {"spacing", "bracket", "width", "script", "punctuation", "repetition", "region", "legal_form"}
    | {"suffix", "shop_front", "mark", "former", "branch_wording", "typing"}
)

_SPACES = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]")
_IDLE = "?？.。,，、;；:：!！·'’”*-_"
_BRACKETS = "()（）[]【】〔〕［］｛｝{}〈〉<>"
_LEVEL_WORDS = frozenset("省市县区旗盟州")
_TELLING = re.compile("[0-9零〇一二三四五六七八九十百东西南北中上下前后甲乙丙丁]")


class FoldedForms(NamedTuple):
    """One name in fewer and fewer words; "" never stands for a name that has a body."""

    folded: str
    canonical: str
    """Code of the region, trade name, industry, canonical legal form, canonical branch."""
    unplaced: str
    """As `canonical`, without the region."""
    formless: str
    """As `unplaced`, without the legal form."""


def folded_forms(parsed: ParsedName) -> FoldedForms:
    """The forms under which a name may be found."""
    branch = f"|{parsed.branch}{branch_wording(parsed)}" if parsed.is_branch else ""
    unplaced = parsed.core + _canonical_form(parsed) + branch
    region = parsed.region_code or short_region(parsed)
    return FoldedForms(
        folded=parsed.folded,
        canonical=f"{region}|{unplaced}" if region else unplaced,
        unplaced=unplaced,
        formless=parsed.core + branch,
    )


def branch_wording(parsed: ParsedName) -> str:
    """The canonical word for the kind of branch: 分店, 门店 and 店 are 店; "" for other endings."""
    branches = tables().branches
    length = branches.longest(parsed.branch_text)
    return branches.entries[parsed.branch_text[-length:]].canonical if length else ""


def short_region(parsed: ParsedName) -> str:
    """The region without 省, 市, 县, 区: 北京市海淀区 → 北京海淀."""
    if not parsed.region:
        return ""
    end, _, short = tables().regions.leading(parsed.region, 0)
    return short if end == len(parsed.region) else parsed.region


def _canonical_form(parsed: ParsedName) -> str:
    return form.canonical if (form := _form_of(parsed)) else ""


def _form_of(parsed: ParsedName) -> Form | None:
    forms = tables().forms
    length = forms.longest(parsed.form_text)
    return forms.entries[parsed.form_text[-length:]] if length else None


def difference(left: ParsedName, right: ParsedName) -> frozenset[str]:
    """In what two names differ (see DIFFERENCES); empty only for names written alike."""
    if left.name == right.name:
        return frozenset()
    found: set[str] = set()
    if left.shop_front != right.shop_front:
        found.add("shop_front")
    if left.marks != right.marks:
        found.add("suffix" if set(left.marks) ^ set(right.marks) == {"0"} else "mark")
    if (left.former, left.also) != (right.former, right.also):
        found.add("former")
    if left.folded == right.folded:
        return frozenset(found or _of_writing(left.name, right.name))
    found |= _of_regions(left, right) | _of_forms(left, right) | _of_branches(left, right)
    found |= _of_cores(left, right)
    return frozenset(found or {"region"})  # the same parts, the region in another place


def _of_writing(left: str, right: str) -> set[str]:
    """Differences that folding takes away."""
    if left.rstrip(_IDLE) == right.rstrip(_IDLE):
        return {"suffix"}
    found: set[str] = set()
    if _SPACES.findall(left) != _SPACES.findall(right):
        found.add("spacing")
    left, right = _SPACES.sub("", left), _SPACES.sub("", right)
    if [c for c in left if c in _BRACKETS] != [c for c in right if c in _BRACKETS]:
        found.add("bracket")
    left, right = (
        "".join(c for c in unicodedata.normalize("NFKC", text) if c not in _BRACKETS)
        for text in (left, right)
    )
    signs = [[c for c in text if not c.isalnum()] for text in (left, right)]
    if signs[0] != signs[1]:
        found.add("punctuation")
    left, right = ("".join(filter(str.isalnum, text)) for text in (left, right))
    if len(left) != len(right):
        found.add("repetition")
    elif left.upper() != right.upper():
        found.add("script")
    return found or {"width"}


def _of_regions(left: ParsedName, right: ParsedName) -> set[str]:
    """Regions conflict unless one lies in the other under another name.

    密云县 is 密云区 of today; but 上饶县 and 上饶市, 吉林省 and 吉林市 tell two bodies apart.
    """
    one, two = left.region_code, right.region_code
    if left.region == right.region or (one and one == two):
        return set() if left.region == right.region else {"region"}
    if one and two:
        if left.region[:-1] == right.region[:-1] and left.region[-1] in _LEVEL_WORDS:
            return {"region_conflict"}
        one, two = _significant(one), _significant(two)
        if not (one.startswith(two) or two.startswith(one)):
            return {"region_conflict"}
    return {"region"}


def _significant(code: str) -> str:
    """A region's code without the pairs of zeros at its end: 110000 is 11, 431000 is 4310."""
    while code.endswith("00"):
        code = code[:-2]
    return code


def _of_forms(left: ParsedName, right: ParsedName) -> set[str]:
    if left.form_text == right.form_text:
        return set()
    kinds = {form.kind for parsed in (left, right) if (form := _form_of(parsed))}
    found = {"typing"} if "typing" in kinds else set()
    if left.form.startswith("group") != right.form.startswith("group"):
        found.add("group")
    if left.form != right.form or not found:
        found.add("legal_form")
    return found


def _of_branches(left: ParsedName, right: ParsedName) -> set[str]:
    if left.branch_text == right.branch_text:
        return set()
    if left.is_branch != right.is_branch:
        return {"branch"}
    if left.branch != right.branch:
        return _of_words(left.branch, right.branch, "branch")
    same = left.branch_kind == right.branch_kind and branch_wording(left) == branch_wording(right)
    return {"branch_wording" if same else "branch_kind"}


def _of_cores(left: ParsedName, right: ParsedName) -> set[str]:
    if left.core == right.core:
        return set()
    if left.trade_name == right.trade_name:
        return {"industry"}
    if _placed_within(left, right) or _placed_within(right, left):
        return {"region"}
    kinds = _of_words(left.core, right.core, "trade_name")
    if kinds == {"trade_name"} and left.industry != right.industry:
        kinds.add("industry")
    return kinds


def _placed_within(longer: ParsedName, other: ParsedName) -> bool:
    """Is the start of one trade name the county of the other: 通州青柏 and 通州区, 青柏?"""
    if not longer.core.endswith(other.core):
        return False
    start = longer.core[: -len(other.core)]
    found = tables().regions.known.get(start, ())
    return any(region.code == other.region_code for region in found)


def _of_words(left: str, right: str, otherwise: str) -> set[str]:
    """A slip of the pen, another number, or another word."""
    if _TELLING.sub("", left) == _TELLING.sub("", right):
        return {"number"}
    if _TELLING.findall(left) != _TELLING.findall(right) or min(len(left), len(right)) < 4:
        return {otherwise}
    return {"typing" if OSA.distance(left, right, score_cutoff=1) == 1 else otherwise}
