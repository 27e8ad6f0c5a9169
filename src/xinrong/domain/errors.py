"""The one root of every error that a person is meant to read.

An error answers three questions: what is wrong, where, and what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where something is wrong: any part may be unknown.

    `file` is a name as the person knows it, `row` is counted from 1 as a spreadsheet
    counts, `field` is a column heading or a dotted path inside a YAML file.
    """

    file: str = ""
    row: int | None = None
    field: str = ""

    def __str__(self) -> str:
        parts = [self.file, f"row {self.row}" if self.row is not None else "", self.field]
        return ", ".join(part for part in parts if part)


class XinrongError(Exception):
    """Something that a person has to act on.

    `wrong` says what is wrong, `place` where, `remedy` what to do next. `code` is stable,
    lower-case with underscores: the API and the tests use it, the words may change.
    """

    code = "error"

    def __init__(
        self, wrong: str, *, place: Place | None = None, remedy: str = "", code: str = ""
    ) -> None:
        self.wrong = wrong
        self.place = place or Place()
        self.remedy = remedy
        if code:
            self.code = code
        super().__init__(self.__str__())

    def __str__(self) -> str:
        where = f"{self.place}: " if str(self.place) else ""
        stop = "" if not self.remedy or self.wrong.endswith((".", "。", "!", "?", ":")) else "."
        then = f"{stop} {self.remedy}" if self.remedy else ""
        return f"{where}{self.wrong}{then}"
