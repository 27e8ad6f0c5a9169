"""Names of enterprises: one form in which two writings of a name are equal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import batched, compress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

#: Endings of the names of businesses and of other registered bodies.
_FORM = re.compile(
    "(?:公司|集团|企业|合伙|合作社|联社|厂|商行|商店|商场|超市|店|经营部|门市部|服务部|分部|事务所|"
    "工作室|研究院|研究所|设计院|中心|银行|信用社|医院|诊所|学校|幼儿园|学院|大学|协会|学会|商会|"
    "基金会|联合会|委员会|农场|林场|牧场|酒店|宾馆|饭店|餐厅|药房|站|局|院|社|行|部|馆|坊|吧|铺|摊|"
    "LTD|LIMITED|INC|CORP|COMPANY|GMBH|LLC|PLC)$"
)


@cache
def _simplifier() -> OpenCC:
    """Loaded on first use: the dictionaries take some tens of milliseconds."""
    from opencc import OpenCC

    return OpenCC("t2s")


class _Kept(dict[int, int | None]):
    """For str.translate: letters, numbers and their marks stay, all else goes; remembered."""

    def __missing__(self, point: int) -> int | None:
        kept = point if unicodedata.category(chr(point))[0] in "LNM" else None
        self[point] = kept
        return kept


_KEPT = _Kept()

#: Nothing to unify and nothing to drop: such is nearly every name, and it costs half as much.
_BARE = re.compile("[\u4e00-\u9fffA-Z0-9]+").fullmatch


def fold(name: str | None) -> str:
    """The form by which names are compared: "" when nothing of the name is left.

    Compatibility forms unified (NFKC), traditional characters simplified, letters in upper case,
    spaces, brackets and punctuation dropped while what they enclose is kept. Deterministic, and
    folding twice changes nothing more.
    """
    if not name:
        return ""
    if _BARE(name):
        return name if name.isascii() else _simplified(name)
    folded = unicodedata.normalize("NFKC", name).upper()
    folded = unicodedata.normalize("NFKC", folded.translate(_KEPT))
    return folded if folded.isascii() else _simplified(folded)


def fold_many(names: Iterable[str]) -> list[str]:
    """`fold` of each name, in order, at a third of the cost: the simplifier is asked in bulk."""
    folded: list[str] = []
    for some in batched(names, 10_000):
        bare = list(map(_BARE, some))
        simple = iter(_simplified("\n".join(compress(some, bare))).split("\n"))
        folded += [next(simple) if it else fold(name) for name, it in zip(some, bare, strict=True)]
    return folded


def _simplified(text: str) -> str:
    """Simplify until nothing changes: some characters need two steps (such as 麽, 么)."""
    for _ in range(4):
        simple = _simplifier().convert(text)
        if simple == text:
            break
        text = simple
    return text


def looks_like_enterprise(name: str | None) -> bool:
    """Does the name end like a registered body, rather than like a natural person?

    A hint for reading a cell that may hold either; never a reason to create an enterprise.
    """
    folded = fold(name)
    if len(folded) < 4:
        return False
    return "公司" in folded or _FORM.search(folded) is not None
