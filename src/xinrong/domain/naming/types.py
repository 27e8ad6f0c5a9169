"""What a name of an enterprise says, part by part."""

from __future__ import annotations

from typing import NamedTuple


class ParsedName(NamedTuple):
    """The parts of one name; a part that the name does not have is "" or ().

    All texts but `name` are folded (`xinrong.domain.names.fold`). A trade name is there whenever
    the name says anything at all. (A named tuple, for names are parsed by the million: a frozen
    dataclass of as many fields takes seven times as long to make.)
    """

    name: str
    """The name as it was given."""
    folded: str
    """The name without marks, shop-front and former names: what equal names share."""
    region: str
    """The region as written, with all its levels; "" when none."""
    region_code: str
    """Six digits of GB/T 2260 of the most exact level; "" when none, or when it may be several."""
    trade_name: str
    """字号: what the owner chose."""
    industry: str
    """行业或经营特点, as written."""
    form: str
    """Key of the legal form or kind of body (tables/forms.csv): limited, joint_stock, …"""
    form_text: str
    """The legal form as written."""
    branch: str
    """Canonical text of what makes it a branch of the rest: 海淀分公司 and 海淀区分公司 → 海淀."""
    branch_kind: str
    """Key of the kind of branch (tables/branches.csv), "other" for an ending no table knows."""
    branch_text: str
    """The branch as written, with the word for its kind."""
    shop_front: str
    """A shop on a platform that follows the name: 某某专营店-拼多多, with its punctuation."""
    marks: tuple[str, ...]
    """What somebody noted at the name, in brackets: (白名单), (已注销), numbering."""
    former: tuple[str, ...]
    """Names it is said to have had."""
    also: tuple[str, ...]
    """Short or other names it is said to have."""
    core: str
    """Trade name and industry together: the key by which candidates are gathered."""

    @property
    def is_branch(self) -> bool:
        """Is it a branch, rather than the body itself?"""
        return bool(self.branch_kind)
