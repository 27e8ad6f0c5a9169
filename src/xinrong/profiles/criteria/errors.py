"""What can be wrong with a criterion of a region, or with asking it."""

from __future__ import annotations

from collections.abc import Sequence

from xinrong.catalogue.errors import Problem
from xinrong.domain.errors import Place, XinrongError


class CriteriaRefused(XinrongError):
    """A criterion that there is not, that cannot be kept, or that takes too long."""

    code = "criteria_refused"


class CriteriaBroken(XinrongError):
    """A region's criteria cannot be used. `problems` has all of them."""

    code = "criteria_broken"

    def __init__(self, region: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        more = f" ({len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        super().__init__(
            f"{first.wrong.en} {first.wrong.zh}",
            place=Place(file=f"{region}/{first.where}", field=first.key),
            remedy=f"{first.remedy.en} {first.remedy.zh} `xinrong criteria lint` shows all{more}.",
            code=first.code,
        )
