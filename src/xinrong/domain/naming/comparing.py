"""In what two names differ, and the forms in which they may be looked up."""

from __future__ import annotations

import re
from typing import NamedTuple

from rapidfuzz.distance import OSA

from xinrong.domain.names import fold
from xinrong.domain.naming.tables import tables
from xinrong.domain.naming.types import ParsedName

#: Every kind of difference that `difference` may name.
DIFFERENCES = frozenset(
    {"spacing", "bracket", "width", "script", "punctuation", "repetition"}
    | {"region", "region_conflict", "legal_form", "group", "suffix", "shop_front", "mark"}
    | {"former", "branch_wording", "typing", "trade_name", "industry", "branch", "number"}
)
#: Differences of form only: the same enterprise may be behind both writings.
FORM_ONLY = frozenset(
    {"spacing", "bracket", "width", "script", "punctuation", "repetition", "region", "legal_form"}
    | {"suffix", "shop_front", "mark", "former", "branch_wording", "typing"}
)

_SPACES = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]")
_BRACKETS = "()（）[]【】〔〕［］｛｝{}〈〉<>"
_TELLING = re.compile("[0-9零〇一二三四五六七八九十百东西南北中上下前后甲乙丙丁]")


class FoldedForms(NamedTuple):
    """One name in fewer and fewer words; "" never stands for a name that has a body."""

    folded: str
    canonical: str
    """Region short, trade name, industry, canonical legal form, canonical branch."""
    unplaced: str
    """As `canonical`, without the region."""
    formless: str
    """As `unplaced`, without the legal form."""


def folded_forms(parsed: ParsedName) -> FoldedForms:
    """The forms under which a name may be found."""
    branch = f"|{parsed.branch_kind}:{parsed.branch}" if parsed.is_branch else ""
    form = _canonical_form(parsed)
    unplaced = parsed.core + form + branch
    region = short_region(parsed)
    placed = unplaced if unplaced.startswith(region) else region + unplaced
    return FoldedForms(parsed.folded, placed, unplaced, parsed.core + branch)


def short_region(parsed: ParsedName) -> str:
    """The region without 省, 市, 县, 区: 北京市海淀区 → 北京海淀."""
    if not parsed.region:
        return ""
    end, _, short = tables().regions.leading(parsed.region, 0)
    return short if end == len(parsed.region) else parsed.region


def _canonical_form(parsed: ParsedName) -> str:
    if not parsed.form_text:
        return ""
    return tables().forms.entries[parsed.form_text].canonical


def difference(left: ParsedName, right: ParsedName) -> frozenset[str]:
    """In what two names differ (see DIFFERENCES); empty only for names written alike."""
    if left.name == right.name:
        return frozenset()
    found: set[str] = set()
    if left.shop_front != right.shop_front:
        found.add("shop_front")
    if left.marks != right.marks:
        found.add("mark")
    if (left.former, left.also) != (right.former, right.also):
        found.add("former")
    if left.folded == right.folded:
        return frozenset(found or _of_writing(left.name, right.name))
    found |= _of_regions(left, right) | _of_forms(left, right) | _of_branches(left, right)
    found |= _of_cores(left, right)
    return frozenset(found or {"suffix"})


def _of_writing(left: str, right: str) -> set[str]:
    """Differences that folding takes away."""
    found: set[str] = set()
    if _SPACES.findall(left) != _SPACES.findall(right):
        found.add("spacing")
    left, right = _SPACES.sub("", left), _SPACES.sub("", right)
    if [c for c in left if c in _BRACKETS] != [c for c in right if c in _BRACKETS]:
        found.add("bracket")
    left, right = ("".join(c for c in text if c not in _BRACKETS) for text in (left, right))
    if left != right:
        if sorted(c for c in left if not c.isalnum()) != sorted(
            c for c in right if not c.isalnum()
        ):
            found.add("punctuation")
        left, right = ("".join(filter(str.isalnum, text)) for text in (left, right))
        if len(left) != len(right):
            found.add("repetition")
        elif left != right:
            same = all(fold(a) == fold(b) for a, b in zip(left, right, strict=True) if a < "⺀")
            found.add("width" if same and left.upper() != right.upper() else "script")
    return found or {"punctuation"}


def _of_regions(left: ParsedName, right: ParsedName) -> set[str]:
    if left.region == right.region:
        return set()
    one, two = left.region_code.rstrip("0"), right.region_code.rstrip("0")
    if one and two and not (one.startswith(two) or two.startswith(one)):
        return {"region_conflict"}
    return {"region"}


def _of_forms(left: ParsedName, right: ParsedName) -> set[str]:
    if left.form_text == right.form_text:
        return set()
    forms = tables().forms.entries
    kinds = {forms[text].kind for text in (left.form_text, right.form_text) if text}
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
    if left.branch == right.branch:
        return {"branch_wording"}
    return _of_words(left.branch, right.branch, "branch")


def _of_cores(left: ParsedName, right: ParsedName) -> set[str]:
    if left.core == right.core:
        return set()
    if left.trade_name == right.trade_name:
        return {"industry"}
    kinds = _of_words(left.core, right.core, "trade_name")
    if left.industry != right.industry and "typing" not in kinds:
        kinds.add("industry")
    return kinds


def _of_words(left: str, right: str, otherwise: str) -> set[str]:
    """A slip of the pen, another number, or another word."""
    distance = OSA.distance(left, right, score_cutoff=2)
    if _TELLING.findall(left) != _TELLING.findall(right):
        return {"number", otherwise}
    if distance == 1 and min(len(left), len(right)) >= 4:
        return {"typing"}
    return {otherwise}
