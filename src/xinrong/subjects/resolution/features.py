"""What of a parsed name is compared: the columns that single look-up and batch share."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from xinrong.domain.naming import ParsedName
from xinrong.domain.naming.tables import tables
from xinrong.domain.packaged import packaged_rows

#: Chinese numerals read as digits: 第一 and 第1 are one number.
_DIGITS = str.maketrans("〇零一二三四五六七八九两", "001234567892")
_NUMERALS = frozenset("0123456789〇零一二三四五六七八九十百千两甲乙丙丁")
#: First private code point: each syllable gets one, so that a sound is as long as its name.
_PRIVATE = 0xE000
GROUP = "集团"
#: Legal forms that hold the word for a group, without it.
_WITHOUT_GROUP = {
    "group": "company",
    "group_limited": "limited",
    "group_joint_stock": "joint_stock",
}
#: What is left of a branch without its region says something from so many characters on.
LEAST_BRANCH = 2
#: The branch of the district, between the region and an outlet of its own.
_BETWEEN = re.compile(f"^(?:支行|分行|支公司|分公司)(?=.{{{LEAST_BRANCH},}})")


class Features(NamedTuple):
    """The comparable parts of one name. Every part is text, "" when the name has none.

    Codes of regions stand without the pairs of zeros at their end: 11, 3310, 331002.
    """

    folded: str
    core: str  # trade name and industry
    trade: str
    industry: str
    region: str  # code of the region in the name
    place: str  # the region as written
    front: str  # the region as written where it stands before all else
    home: str  # code of the region for which the sender answers, or in which the code was given
    form: str  # key of the legal form, without 集团
    grouped: str  # 集团 when the name calls itself a group
    branch: str  # without the region before it
    branch_kind: str
    branch_region: str  # code of the region before it
    numbers: str  # numerals of trade name, industry and branch, in order
    telling: str  # characters that tell sisters apart (东西南北, 大小, 新老), in order
    sound: str  # a character for each syllable of the core
    branch_sound: str


def features_of(name: ParsedName, *, region: str = "") -> Features:
    """The comparable parts of a name.

    `region` is a GB/T 2260 code: of a name as sent, the region for which the sender answers; of a
    name of the register, that of the authority which gave the code (`seat_of`).
    """
    core, trade, industry = name.core, name.trade_name, name.industry
    if len(trade) < 2 or trade in _generic():
        trade, industry = core, ""
    branch, branch_region = _branch(name)
    head = name.folded.removesuffix(name.branch_text)
    form = _WITHOUT_GROUP.get(name.form, name.form)
    return Features(
        folded=name.folded,
        core=core,
        trade=trade,
        industry=industry,
        region=significant(name.region_code),
        place=name.region,
        front=name.region if name.folded.startswith(name.region) else "",
        home=significant(region),
        form=form,
        grouped=GROUP if GROUP in head else "",
        branch=branch,
        branch_kind=name.branch_kind,
        branch_region=branch_region,
        numbers=_numbers(core + branch),
        telling=_telling(core),
        sound=sound_of(core),
        branch_sound=sound_of(branch) if branch else "",
    )


def seat_of(code: str) -> str:
    """The region of the authority that gave a unified social credit code (GB 32100-2015, 4.3).

    "" for the nation's own authority, and when there is no code.
    """
    region = code[2:8]
    return region if region.isdigit() and not region.startswith("10") else ""


def _branch(name: ParsedName) -> tuple[str, str]:
    """What makes it a branch, and the code of a region that stands before it.

    北京中关村 is 中关村 of 11, and 延庆支行新城街 is 新城街 of 110119; 海淀 alone stays what it is.
    """
    if not name.is_branch:
        return "", ""
    branch = name.branch or name.branch_kind
    end, code, _ = tables().regions.leading(branch, LEAST_BRANCH, in_branch=True)
    if code:
        return _BETWEEN.sub("", branch[end:]), significant(code)
    return branch, ""


def significant(code: str) -> str:
    """A region's code without the pairs of zeros at its end: 330000 is 33, 331000 is 3310."""
    while code.endswith("00"):
        code = code[:-2]
    return code


def sound_of(text: str) -> str:
    """How it sounds: one character for each syllable, tones and further readings left out."""
    return text.translate(_syllables())


def _numbers(text: str) -> str:
    if _NUMERALS.isdisjoint(text):
        return ""
    return "".join(char for char in text if char in _NUMERALS).translate(_DIGITS)


def _telling(text: str) -> str:
    telling = _words("telling.csv")
    if telling.isdisjoint(text):
        return ""
    return "".join(char for char in text if char in telling)


def _generic() -> frozenset[str]:
    """Words that many bodies share where others have a trade name: 中国工商银行, 中国投资."""
    return _words("generic.csv")


@cache
def _words(table: str) -> frozenset[str]:
    return frozenset(next(iter(row.values())) for row in packaged_rows(__package__, table))


class _Sounds(dict[int, str]):
    """For str.translate: what has no syllable stays as it is; remembered, for a miss is slow."""

    def __missing__(self, point: int) -> str:
        return self.setdefault(point, chr(point))


@cache
def _syllables() -> dict[int, str]:
    """Character → a private character for its most usual syllable, without the tone."""
    from unicodedata import normalize

    from pypinyin.constants import PINYIN_DICT

    known: dict[str, str] = {}
    table = _Sounds()
    for point, readings in PINYIN_DICT.items():
        first = normalize("NFD", readings.partition(",")[0])
        syllable = "".join(char for char in first if char.isascii() or char == "\u0308")
        table[point] = known.setdefault(syllable, chr(_PRIVATE + len(known)))
    return table
