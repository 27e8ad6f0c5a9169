"""Names written as departments write them: marked, shortened, mistyped, with a shop behind.

For trying out who is who on many names: `misname` disturbs each in one way that is drawn, and says
in which. What cannot be done to a name (it has no region, say) leaves it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from xinrong.synth.streams import Stream, label

_MARKS = ("(白名单)", "（非现场检查）", "【重点】", "（已注销）", "1、")
_SHOPS = ("旗舰店", "专营店", "官方旗舰店", "小店", "直播间")
_PLATFORMS = ("拼多多", "京东", "天猫", "抖音", "淘宝", "微店")
_BRANCHES = ("分公司", "第一分公司", "第二营业部", "门市部", "分店")
_SITES = ("（一号锅炉房）", "（东院）", "（南门店）", "（二期）", "（仓库）")
_FORMS = ("股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "总公司", "公司")
#: Characters that sound or look alike, by pairs.
_ALIKE = "州洲朗郎桥侨虹弘鑫新诚成华骅博搏恒衡达大宏红嘉佳利力明名安按源元晨辰"
_TWIN = {one: _ALIKE[place ^ 1] for place, one in enumerate(_ALIKE)}
_REGION = re.compile(r"^[\u4e00-\u9fff]{2,3}?[省市县]")
_IN_FRONT = re.compile(r"^([\u4e00-\u9fff]{2})(市?)(?=[\u4e00-\u9fff]{4})")


def _untouched(name: str, _dice: int) -> str:
    return name


def _mark(name: str, dice: int) -> str:
    return _MARKS[dice % len(_MARKS)] + name


def _shop_front(name: str, dice: int) -> str:
    shop, platform = _SHOPS[dice % len(_SHOPS)], _PLATFORMS[dice // 8 % len(_PLATFORMS)]
    words = (name[2:6] + shop, platform)
    return f"{name}({'-'.join(words if dice & 64 else reversed(words))})"


def _legal_form(name: str, dice: int) -> str:
    for form in _FORMS:
        if name.endswith(form):
            others = [other for other in _FORMS if other != form]
            return name[: -len(form)] + others[dice % len(others)]
    return name


def _region(name: str, dice: int) -> str:
    """The region's word is left out, moved into brackets, or loses its 市."""
    if found := _REGION.match(name):
        word, rest = found.group()[:-1], name[found.end() :]
    elif found := _IN_FRONT.match(name):
        word, rest = found.group(1), name[found.end() :]
    else:
        return name
    if dice % 3 == 0:
        return rest
    if dice % 3 == 1 and rest.endswith("有限公司"):
        return f"{rest[:-4]}({word})有限公司"
    return word + rest


def _spacing(name: str, dice: int) -> str:
    place = dice % (len(name) + 1)
    return name[:place] + (" " if dice & 1 else "\u3000") + name[place:]


def _bracket(name: str, _dice: int) -> str:
    to_wide = str.maketrans("()", "（）")
    changed = name.translate(to_wide)
    return changed if changed != name else name.translate(str.maketrans("（）", "()"))


def _branch(name: str, dice: int) -> str:
    return name + _BRANCHES[dice % len(_BRANCHES)]


def _site(name: str, dice: int) -> str:
    return name + _SITES[dice % len(_SITES)]


def _typing(name: str, dice: int) -> str:
    """A character like another one; where there is none, two change places or one is missing."""
    twins = [place for place, one in enumerate(name) if one in _TWIN]
    if twins:
        place = twins[dice % len(twins)]
        return name[:place] + _TWIN[name[place]] + name[place + 1 :]
    if len(name) < 6:
        return name
    place = 2 + dice % (len(name) - 4)
    if dice & 1:
        return name[:place] + name[place + 1 :]
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


#: kind -> (share in a hundred, what is done)
KINDS: dict[str, tuple[int, Callable[[str, int], str]]] = {
    "untouched": (30, _untouched),
    "mark": (5, _mark),
    "shop_front": (8, _shop_front),
    "legal_form": (15, _legal_form),
    "region": (12, _region),
    "spacing": (4, _spacing),
    "bracket": (4, _bracket),
    "branch": (7, _branch),
    "site": (5, _site),
    "typing": (10, _typing),
}


def misname(names: Sequence[str], seed: int) -> Iterator[tuple[str, str]]:
    """(kind, name as written) for each name, in order; the same for the same seed."""
    draws = Stream(seed, label("misnaming"))
    kinds = list(KINDS)
    chosen = draws.pick(len(names), tuple(share for share, _ in KINDS.values()))
    dice = draws.below(len(names), 1 << 30)
    for name, number, thrown in zip(names, chosen.tolist(), dice.tolist(), strict=True):
        kind = kinds[number]
        written = KINDS[kind][1](name, thrown)
        yield (kind if written != name else "untouched"), written
