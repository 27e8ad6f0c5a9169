"""What can be wrong with a region pack, said so that the person who wrote it can put it right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

from xinrong.domain.errors import Place, XinrongError
from xinrong.domain.text import Text


class Severity(StrEnum):
    """An error keeps the pack from loading; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """One thing to put right: in which file and line, under which key, and what to do.

    `file` is relative to the region pack, `line` is counted from 1, `key` is a dotted path with
    list items named where they have a name (`fields[amount].slot`). `code` is stable.
    """

    code: str
    file: str
    key: str
    wrong: Text
    remedy: Text
    line: int | None = None
    severity: Severity = Severity.ERROR

    @property
    def where(self) -> str:
        """`file:line`, as an editor understands it."""
        return f"{self.file}:{self.line}" if self.line is not None else self.file

    def as_json(self) -> dict[str, Any]:
        """The problem as plain data for `--json`."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "file": self.file,
            "line": self.line,
            "key": self.key,
            "wrong": self.wrong.model_dump(),
            "remedy": self.remedy.model_dump(),
        }

    def __str__(self) -> str:
        key = f", {self.key}" if self.key else ""
        return f"{self.where}{key}: {self.wrong.en} {self.remedy.en}".rstrip()


class CatalogueError(XinrongError):
    """A region pack cannot be used. `problems` holds all of them, `code` is that of the first."""

    code = "catalogue"

    def __init__(self, problems: Sequence[Problem], pack: str = "") -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        more = len(self.problems) - 1
        name = f"{pack}/{first.where}" if pack else first.where
        others = f" ({more} more: run `xinrong catalogue lint {pack}`.)" if more else ""
        super().__init__(
            f"{first.wrong.en} {first.wrong.zh}",
            place=Place(file=name, field=first.key),
            remedy=f"{first.remedy.en} {first.remedy.zh}{others}",
            code=first.code,
        )


class RulesBroken(XinrongError):
    """What a region lays down in files of its pack cannot be used. `problems` has all of it.

    `code` is that of the first; a subclass names the command group whose `lint` shows all.
    """

    group: ClassVar[str]

    def __init__(self, region: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(
            f"{first.wrong.en} {first.wrong.zh}",
            place=Place(file=f"{region}/{first.where}", field=first.key),
            remedy=f"{first.remedy.en} {first.remedy.zh} `xinrong {self.group} lint` shows all.",
            code=first.code,
        )


class SampleError(XinrongError):
    """A sample file from which no contract can be drafted."""

    code = "sample"

    def __init__(self, path: Path, code: str, wrong: str, remedy: str) -> None:
        super().__init__(wrong, place=Place(file=str(path)), remedy=remedy, code=code)
