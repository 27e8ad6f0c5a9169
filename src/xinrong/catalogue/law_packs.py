"""The law packs that come with the platform: `law/<jurisdiction>.yaml`, as typed rules.

A pack is checked before anything of it is used: its YAML, its keys, that each rule names a
document of the pack, and that no two articles say different things of one matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, Field

from xinrong.catalogue.contract import Strict
from xinrong.catalogue.document import read_document
from xinrong.catalogue.errors import CatalogueError, Problem
from xinrong.catalogue.pack import validated
from xinrong.domain.law import (
    AtEnd,
    Binds,
    Document,
    Evidence,
    Kind,
    Law,
    LawPack,
    LawRule,
    PackFault,
    Period,
    Start,
    Tier,
    Topic,
    law_of,
)
from xinrong.domain.text import Text

FOLDER = Path(__file__).parent / "law"


class WrittenPeriod(Strict):
    """A length of time; left empty: at once."""

    years: int = Field(default=0, ge=0, le=100)
    months: int = Field(default=0, ge=0, le=1200)
    days: int = Field(default=0, ge=0, le=36_500)
    working_days: int = Field(default=0, ge=0, le=1000)


class WrittenDocument(Strict):
    """A law, with the day from which it holds, and that from which it no longer does."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: Text
    in_force: date
    repealed: date | None = None


class WrittenRule(Strict):
    """One rule as its author writes it."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    document: str
    article: str = ""
    evidence: Evidence
    topic: Topic
    binds: Binds
    period: WrittenPeriod
    start: Start
    at_end: AtEnd
    text: Text
    kinds: tuple[Kind, ...] = ()
    tiers: tuple[Tier, ...] = ()
    extended_by_listing: bool = False
    displaces: tuple[str, ...] = ()
    cites: str = ""

    def rule(self, jurisdiction: str, documents: dict[str, Document]) -> LawRule:
        """The rule, bound to its document. Raises KeyError and ValueError."""
        return LawRule(
            id=self.id,
            jurisdiction=jurisdiction,
            document=documents[self.document],
            article=self.article,
            evidence=self.evidence,
            topic=self.topic,
            binds=self.binds,
            period=Period(**self.period.model_dump()),
            start=self.start,
            at_end=self.at_end,
            text=self.text,
            kinds=frozenset(self.kinds),
            tiers=frozenset(self.tiers),
            extended_by_listing=self.extended_by_listing,
            displaces=frozenset(self.displaces),
            cites=self.cites,
        )


class WrittenPack(Strict):
    """One file: a jurisdiction, its documents, its rules."""

    jurisdiction: str = Field(pattern=r"^CN(-\d{2,6})?$")
    title: Text
    documents: tuple[WrittenDocument, ...] = Field(min_length=1)
    rules: tuple[WrittenRule, ...] = Field(min_length=1)


def read_law_pack(path: Path) -> LawPack:
    """One pack. Raises CatalogueError with every problem, by file, line and key."""
    document = read_document(path, path.name)
    problems: list[Problem] = list(document.problems)
    written: BaseModel | None = None
    if not problems:
        written, problems = validated(document, document.data, WrittenPack)
    if not isinstance(written, WrittenPack):
        raise CatalogueError(problems, path.name)
    documents = {
        one.id: Document(one.id, one.title, one.in_force, one.repealed) for one in written.documents
    }
    rules = []
    for place, one in enumerate(written.rules):
        try:
            rules.append(one.rule(written.jurisdiction, documents))
        except KeyError:
            wrong = Text(
                zh=f"本文件没有名为 {one.document} 的法规。",
                en=f"This file has no document {one.document}.",
            )
            remedy = Text(zh="请先在 documents 中写明。", en="List it under `documents` first.")
            loc = ("rules", place, "document")
            problems.append(document.problem("law_document", loc, wrong, remedy))
        except ValueError as error:
            wrong = Text(zh=f"期限无法计算：{error}", en=f"The period cannot be counted: {error}")
            remedy = Text(zh="请按法规原文填写期限。", en="Write it as the law gives it.")
            loc = ("rules", place, "period")
            problems.append(document.problem("law_period", loc, wrong, remedy))
    if problems:
        raise CatalogueError(problems, path.name)
    return LawPack(written.jurisdiction, tuple(rules))


@cache
def law_packs(folder: Path = FOLDER) -> tuple[LawPack, ...]:
    """Every pack of a folder. Raises CatalogueError and PackFault."""
    return tuple(read_law_pack(path) for path in sorted(folder.glob("*.yaml")))


def law_for(jurisdictions: Sequence[str]) -> Law:
    """The law of a place that lies in these jurisdictions, the nation first. Raises as above."""
    return law_of(jurisdictions, law_packs())


__all__ = ["FOLDER", "PackFault", "law_for", "law_packs", "read_law_pack"]
