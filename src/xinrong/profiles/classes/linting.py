"""What is wrong or odd with the classes of a region, found before they divide anybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xinrong.catalogue.errors import Problem, Severity
from xinrong.domain.criteria import CriterionRefused, Expression, lint, lint_criterion, parse
from xinrong.domain.criteria import Severity as Found
from xinrong.domain.text import Text
from xinrong.profiles.classes.definitions import (
    FILE,
    NATION,
    ClassBook,
    ReadBook,
    file_of,
    read_classes,
)
from xinrong.profiles.classes.sizes import class_schema

_REMEDY = Text(
    zh="请对照 docs/how-to/classify-enterprises.md 修改。",
    en="docs/how-to/classify-enterprises.md shows how classes are written.",
)


def lint_classes(region: str, root: Path | None = None) -> list[Problem]:
    """All findings in a region's classes, or in the nation's where it has none. Never raises."""
    own = file_of(region, root)
    read = read_classes(own or NATION, FILE if own else NATION.name)
    if read.book is None:
        return list(read.problems)
    found = [*_texts(read, read.book, region)]
    if not any(one.severity == Severity.ERROR for one in found):
        found += [*_days(read, read.book), *_reachable(read, read.book, region)]
    return found


def _texts(read: ReadBook, book: ClassBook, region: str) -> Iterator[Problem]:
    """What the language finds in each text."""
    schema = class_schema(region)
    if book.population is not None:
        try:
            parse(book.population.text, schema)
        except CriterionRefused as error:
            yield _refused(read, ("population", "text"), error)
    for number, one in enumerate(book.classes):
        for version, finding in lint_criterion(one, schema):
            if finding.code == "never_no":  # a last class may take everybody who is left
                continue
            at = ("classes", number, "versions", one.versions.index(version), "text")
            severity = Severity.ERROR if finding.severity == Found.ERROR else Severity.WARNING
            yield read.document.problem(finding.code, at, finding.text, _REMEDY, severity)


def _refused(read: ReadBook, at: tuple[str | int, ...], error: CriterionRefused) -> Problem:
    said = Text(zh=error.in_language("zh"), en=error.in_language("en"))
    return read.document.problem(error.code, at, said, _REMEDY)


def _days(read: ReadBook, book: ClassBook) -> Iterator[Problem]:
    """On every day on which one class holds all do: else the order has a hole in it."""
    starts = sorted({version.valid_from for one in book.classes for version in one.versions})
    for number, one in enumerate(book.classes):
        lacking = [day for day in starts if one.in_force(day) is None]
        if lacking:
            yield read.document.problem(
                "class_not_in_force",
                ("classes", number, "versions"),
                Text(
                    zh=f"类别 {one.id} 在 {lacking[0]} 不在有效期内，而其他类别在有效期内。",
                    en=f"The class {one.id} is not in force on {lacking[0]}, where others are.",
                ),
                _REMEDY,
            )


def _reachable(read: ReadBook, book: ClassBook, region: str) -> Iterator[Problem]:
    """A class that is met only by those of earlier classes has no enterprise, ever."""
    starts = sorted({version.valid_from for one in book.classes for version in one.versions})
    told: set[int] = set()
    for day in starts:
        texts = [one.must_hold(day).text for one in book.classes if one.in_force(day)]
        if len(texts) < len(book.classes):
            continue
        for number in range(1, len(texts)):
            before = " AND ".join(f"NOT ({text})" for text in texts[:number])
            tree = _parsed(f"({texts[number]}) AND {before}", region)
            if tree is None or number in told:
                continue
            if any(one.code == "never_yes" for one in lint(tree)):
                told.add(number)
                yield read.document.problem(
                    "class_unreachable",
                    ("classes", number),
                    Text(
                        zh=f"符合类别 {book.classes[number].id} 的，都已符合更靠前的类别。",
                        en=f"Whoever meets {book.classes[number].id} meets an earlier class.",
                    ),
                    Text(
                        zh="请移到前面，或修改条件。",
                        en="Move it up, or change what it asks.",
                    ),
                )


def _parsed(text: str, region: str) -> Expression | None:
    """The tree; None for one that all together is longer than a criterion may be."""
    try:
        return parse(text, class_schema(region))
    except CriterionRefused:
        return None
