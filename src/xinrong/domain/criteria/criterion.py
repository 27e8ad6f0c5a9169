"""A criterion: which enterprises, by which document, from when to when.

The law changes: a criterion has a version for each time, each with its text and its source. It is
written in YAML of a region or made by a page, and read here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from xinrong.domain.criteria.columns import Allowed, Schema
from xinrong.domain.criteria.errors import CriterionMisused, CriterionRefused
from xinrong.domain.criteria.linting import Finding, Severity, lint
from xinrong.domain.criteria.parsing import parse
from xinrong.domain.criteria.tree import Expression
from xinrong.domain.dated import check_one_a_day, check_order, holds, in_force
from xinrong.domain.errors import Place
from xinrong.domain.text import Text


class Over(StrEnum):
    """What a criterion is asked of."""

    PROFILE = "profile"  # one enterprise
    NEED = "need"  # an enterprise and one of its financing needs
    EVENT = "event"  # an enterprise and the record that has just come


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Strict):
    """The document that a criterion follows, its article, and where it is published."""

    document: str = Field(min_length=1)
    article: str = ""
    url: str = ""


class Version(_Strict):
    """A criterion's text, in force from `valid_from` to `valid_until`, both days included."""

    text: str = Field(min_length=1)
    valid_from: date
    valid_until: date | None = None  # until further notice
    source: Source

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        check_order(self)
        return self

    def holds_on(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return holds(self, on)

    def read(self, schema: Schema, allowed: Allowed | None = None) -> Expression:
        """Its text as a tree. Raises CriterionRefused."""
        return parse(self.text, schema, allowed)


class Criterion(_Strict):
    """Which enterprises: a name, what it is over, words for people, and its versions in order.

    Raises ValueError for two versions that are in force on one day.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)
    over: Over = Over.PROFILE
    category: str = ""  # of the record that has come, for events only
    title: Text
    note: Text | None = None
    versions: tuple[Version, ...]

    @model_validator(mode="after")
    def _one_version_a_day(self) -> Self:
        check_one_a_day(self.versions)
        return self

    @model_validator(mode="after")
    def _events_have_a_category(self) -> Self:
        if (self.over == Over.EVENT) != bool(self.category):
            raise ValueError(
                "one over events, and no other, names the category of the record "
                "(over: event 须写 category，其他不写)"
            )
        return self

    def number_of(self, version: Version) -> int:
        """The number of one of its versions, counted from 1 in the order of time."""
        return self.versions.index(version) + 1

    def in_force(self, on: date) -> Version | None:
        """The version in force on a day; None before the first, after the last, or between."""
        return in_force(self.versions, on)

    def must_hold(self, on: date) -> Version:
        """The version in force on a day. Raises CriterionMisused where there is none."""
        found = self.in_force(on)
        if found is None:
            raise CriterionMisused(
                f"the criterion {self.id} ({self.title.en}) is not in force on {on}",
                place=Place(field=self.id),
                remedy="Ask for another day, or add the version that was in force then.",
                code="criterion_not_in_force",
            )
        return found


def lint_criterion(
    criterion: Criterion,
    schema: Schema,
    documents: Collection[str] | None = None,
    allowed: Allowed | None = None,
) -> tuple[tuple[Version, Finding], ...]:
    """What is wrong or odd in each version, texts that cannot be read included. Never raises.

    `documents` are those that the region's law pack names: a source that is none is found.
    """
    found: list[tuple[Version, Finding]] = []
    for version in criterion.versions:
        try:
            found.extend((version, one) for one in lint(version.read(schema, allowed)))
        except CriterionRefused as error:
            text = Text(zh=error.in_language("zh"), en=error.in_language("en"))
            found.append((version, Finding(error.code, Severity.ERROR, error.at, text)))
        found.extend((version, one) for one in _sources(version, documents))
    return tuple(found)


def _sources(version: Version, documents: Collection[str] | None) -> Iterator[Finding]:
    document = version.source.document
    if documents is not None and document not in documents:
        text = Text(
            zh=f"依据“{document}”不在已收录的文件中",
            en=f"The source {document!r} is none of the documents on record",
        )
        yield Finding("source_unknown", Severity.ERROR, 1, text)
    elif not version.source.article:
        text = Text(zh="没有写明依据的条款", en="The source names no article")
        yield Finding("article_missing", Severity.HINT, 1, text)
