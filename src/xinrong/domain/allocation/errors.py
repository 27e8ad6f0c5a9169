"""Errors of a problem of allocation, and of looking for its answer."""

from __future__ import annotations

from xinrong.domain.errors import Place, XinrongError


class BadProblem(XinrongError):
    """Nothing can be allocated on such numbers. `place` names the file, row and column."""

    code = "bad_problem"

    def __init__(
        self, field: str, wrong: str, remedy: str, *, file: str = "", row: int | None = None
    ) -> None:
        super().__init__(wrong, place=Place(file, row, field), remedy=remedy)

    def in_file(self, file: str, row: int | None = None) -> BadProblem:
        """The same, with the file and the row where it stands."""
        return BadProblem(self.place.field, self.wrong, self.remedy, file=file, row=row)


class NoAllocation(XinrongError):
    """No allocation keeps all limits at once."""

    code = "no_allocation"


class NotSolved(XinrongError):
    """The solver gave no allocation in its time."""

    code = "not_solved"
