"""Errors of a problem of allocation, and of looking for its answer."""

from __future__ import annotations

from xinrong.domain.errors import Place, XinrongError
from xinrong.domain.text import Text


class BadProblem(XinrongError):
    """Nothing can be allocated on such numbers. `place` names the file, row and column.

    `words` says what is wrong and what to do in both languages.
    """

    code = "bad_problem"

    def __init__(
        self,
        field: str,
        wrong: str,
        remedy: str,
        *,
        zh: str = "",
        file: str = "",
        row: int | None = None,
    ) -> None:
        super().__init__(wrong, place=Place(file, row, field), remedy=remedy)
        self.zh = zh
        english = f"{wrong[:1].upper()}{wrong[1:]}. {remedy}"
        self.words = Text(zh=zh or english, en=english)

    def in_file(self, file: str, row: int | None = None) -> BadProblem:
        """The same, with the file and the row where it stands."""
        return BadProblem(self.place.field, self.wrong, self.remedy, zh=self.zh, file=file, row=row)


class NoAllocation(XinrongError):
    """No allocation keeps all limits at once."""

    code = "no_allocation"
    words = Text(
        zh="没有任何方案能同时满足全部限额。请降低“至少”的要求，或提高“至多”的上限。",
        en="No plan keeps all limits at once. Lower what must be at least, or raise what may be at"
        " most.",
    )


class NotSolved(XinrongError):
    """The solver gave no allocation in its time."""

    code = "not_solved"
    words = Text(
        zh="在规定时间内没有算出方案。请减少申请人或利率档数后重试。",
        en="No plan was found in the time given. Try fewer applicants or fewer rates.",
    )
