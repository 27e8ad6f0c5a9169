"""The criteria of a region: `regions/<region>/criteria/*.yaml`, read, checked and kept.

A file holds a list under `criteria:`; each entry is a `domain.criteria.Criterion`. A file that
cannot be read to the end gives its problems, never a part of its criteria.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from django.conf import settings
from pydantic import BaseModel, ConfigDict, ValidationError

from xinrong.catalogue.document import Document, Loc, read_document
from xinrong.catalogue.errors import Problem, Severity
from xinrong.catalogue.explain import explain
from xinrong.catalogue.region import regions_root
from xinrong.domain.criteria import Criterion, lint_criterion
from xinrong.domain.criteria import Severity as Found
from xinrong.domain.errors import XinrongError
from xinrong.domain.text import Text
from xinrong.profiles.criteria.columns import schema_of
from xinrong.profiles.criteria.errors import CriteriaBroken, CriteriaRefused

FOLDER = "criteria"


class CriteriaFile(BaseModel):
    """One file of a region's criteria."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Entry:
    """A criterion, and where it was read."""

    criterion: Criterion
    document: Document
    loc: Loc


@dataclass
class CriteriaPack:
    """What a region's folder holds, with every problem that keeps it from being used."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_criteria(path: Path) -> CriteriaPack:
    """Read the criteria of a region's folder; what is wrong becomes a problem, never an error."""
    pack = CriteriaPack()
    for file in sorted((path / FOLDER).glob("**/*.y*ml")):
        document = read_document(file, file.relative_to(path).as_posix())
        pack.problems.extend(document.problems)
        if document.data is None:
            continue
        if not isinstance(document.data, dict):
            pack.problems.append(_not_criteria(document))
            continue
        try:
            read = CriteriaFile.model_validate(document.data)
        except ValidationError as error:
            pack.problems.extend(explain(error, document, CriteriaFile))
            continue
        for number, one in enumerate(read.criteria):
            pack.entries.append(Entry(one, document, ("criteria", number)))
    pack.problems.extend(_twice(pack.entries))
    return pack


def lint_region(region: str, root: Path | None = None) -> list[Problem]:
    """All that is wrong or odd with a region's criteria, in the order of files and lines."""
    pack = read_criteria((root or regions_root()) / region)
    found = [*pack.problems]
    for entry in pack.entries:
        found.extend(_lint(entry, region))
    return sorted(found, key=lambda one: (one.file, one.line or 0, one.code))


@cache
def load_criteria(region: str) -> Mapping[str, Criterion]:
    """Id → criterion of a region, in the order of its files. Read once in a process.

    Raises CriteriaBroken with the file, the entry, the field and what to do.
    """
    pack = read_criteria(regions_root() / region)
    if pack.problems:
        raise CriteriaBroken(region, pack.problems)
    return MappingProxyType({one.criterion.id: one.criterion for one in pack.entries})


def criteria_of_region() -> Mapping[str, Criterion]:
    """The criteria of this deployment's region."""
    return load_criteria(settings.REGION)


def criterion_of(name: str) -> Criterion:
    """The region's criterion of that id. Raises CriteriaRefused."""
    found = criteria_of_region().get(name)
    if found is None:
        raise CriteriaRefused(
            f"there is no criterion {name[:64]!r} in this region",
            remedy="`xinrong criteria list` names them all.",
            code="criterion_unknown",
        )
    return found


def _lint(entry: Entry, region: str) -> Iterator[Problem]:
    """What the language finds in each version, at its place in the file."""
    one = entry.criterion
    try:
        schema = schema_of(region, one.over, one.category)
    except XinrongError as error:
        loc = (*entry.loc, "category")
        yield entry.document.problem(error.code, loc, _same(error.wrong), _same(error.remedy))
        return
    for version, finding in lint_criterion(one, schema):
        number = one.versions.index(version)
        key = "source" if finding.code in ("source_unknown", "article_missing") else "text"
        severity = Severity.ERROR if finding.severity == Found.ERROR else Severity.WARNING
        remedy = Text(
            zh="请对照 docs/how-to/write-a-rule.md 修改。",
            en="docs/how-to/write-a-rule.md shows the language.",
        )
        zh, en = f"{finding.text.zh}。".replace("？。", "？"), f"{finding.text.en}."
        at = Text(zh=f"第{finding.at}个字符：{zh}", en=f"Character {finding.at}: {en}")
        if key == "source":
            at = Text(zh=zh, en=en)
        if finding.code.startswith("criterion_"):  # the language's own refusal names its place
            at = finding.text
        loc = (*entry.loc, "versions", number, key)
        yield entry.document.problem(finding.code, loc, at, remedy, severity)


def _twice(entries: Sequence[Entry]) -> Iterator[Problem]:
    first: dict[str, Entry] = {}
    for one in entries:
        known = first.setdefault(one.criterion.id, one)
        if known is not one:
            wrong = Text(
                zh=f"判断条件 {one.criterion.id} 已在 {known.document.file} 中定义。",
                en=f"The criterion {one.criterion.id} is defined in {known.document.file} already.",
            )
            remedy = Text(
                zh="请改名，或在原处增加一个版本。",
                en="Rename it, or add a version where it is.",
            )
            yield one.document.problem("criterion_twice", (*one.loc, "id"), wrong, remedy)


def _not_criteria(document: Document) -> Problem:
    return document.problem(
        "wrong_shape",
        (),
        Text(zh="文件应以 criteria: 开头。", en="The file must begin with `criteria:`."),
        Text(
            zh="在 criteria: 之下，每条判断条件以“- id:”开头。",
            en="Below it, begin each criterion with `- id:`.",
        ),
    )


def _same(text: str) -> Text:
    return Text(zh=text, en=text)
