"""A region pack as read from its folder: typed where it could be, with every problem kept.

The linter works on a pack, because a pack with mistakes must still be read to the end: a person
wants to see all that is wrong at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from xinrong.catalogue.consent_template import ConsentTemplate
from xinrong.catalogue.contract import Contract
from xinrong.catalogue.document import Document, read_document
from xinrong.catalogue.errors import Problem
from xinrong.catalogue.explain import explain
from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import Department, RegionInfo
from xinrong.domain.text import Text


@dataclass(frozen=True)
class Loaded[Thing]:
    """A typed object and the file it was read from."""

    thing: Thing
    document: Document


@dataclass
class Pack:
    """Everything in the folder of one region. Broken files are known by name only."""

    path: Path
    info: Loaded[RegionInfo] | None = None
    departments: list[Department] = field(default_factory=list)
    departments_file: Document | None = None
    contracts: list[Loaded[Contract]] = field(default_factory=list)
    feeds: list[Loaded[Feed]] = field(default_factory=list)
    consents: list[Loaded[ConsentTemplate]] = field(default_factory=list)
    broken_categories: set[str] = field(default_factory=set)  # contracts that could not be read
    broken_feeds: set[str] = field(default_factory=set)  # categories of feeds that could not
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The region's name: that of its folder."""
        return self.path.name

    def contract(self, category: str) -> Contract | None:
        """The first contract of a category, or None."""
        for loaded in self.contracts:
            if loaded.thing.category == category:
                return loaded.thing
        return None


def read_pack(path: Path) -> Pack:
    """Read region.yaml, departments.yaml, catalogue/, feeds/ and consent/*.yaml below `path`."""
    pack = Pack(path)
    if not path.is_dir():
        pack.problems.append(_no_region(path))
        return pack
    pack.info = _one(pack, "region.yaml", RegionInfo)
    _departments(pack)
    for file in _yaml_files(pack, "catalogue"):
        document, contract = _typed(pack, file, Contract)
        if contract is not None:
            pack.contracts.append(Loaded(contract, document))
        else:
            pack.broken_categories.update({_text(document.data, "category"), Path(file).stem})
    for file in _yaml_files(pack, "feeds"):
        document, feed = _typed(pack, file, Feed)
        if feed is not None:
            pack.feeds.append(Loaded(feed, document))
        else:
            pack.broken_feeds.add(_text(document.data, "category"))
    for file in _yaml_files(pack, "consent"):
        document, template = _typed(pack, file, ConsentTemplate)
        if template is not None:
            pack.consents.append(Loaded(template, document))
    return pack


def _yaml_files(pack: Pack, folder: str) -> Iterator[str]:
    """Contracts and feeds in a fixed order; `.yml` is read like `.yaml`."""
    found = (pack.path / folder).glob("**/*")
    for path in sorted(found):
        if path.suffix in (".yaml", ".yml") and path.is_file():
            yield path.relative_to(pack.path).as_posix()


def _typed[Model: BaseModel](
    pack: Pack, file: str, model: type[Model]
) -> tuple[Document, Model | None]:
    document = read_document(pack.path / file, file)
    pack.problems.extend(document.problems)
    if document.data is None:
        return document, None
    if not isinstance(document.data, dict):
        pack.problems.append(_not_a_mapping(document))
        return document, None
    made, wrong = validated(document, document.data, model)
    pack.problems.extend(wrong)
    return document, made


def validated[Model: BaseModel](
    document: Document, data: Any, model: type[Model]
) -> tuple[Model | None, list[Problem]]:
    """A part of a document as a typed object, or None and every problem with its line."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, explain(error, document, model)


def _one[Model: BaseModel](pack: Pack, file: str, model: type[Model]) -> Loaded[Model] | None:
    if not (pack.path / file).is_file():
        pack.problems.append(_missing(file))
        return None
    document, made = _typed(pack, file, model)
    return Loaded(made, document) if made is not None else None


def _departments(pack: Pack) -> None:
    file = "departments.yaml"
    if not (pack.path / file).is_file():
        pack.problems.append(_missing(file))
        return
    document = read_document(pack.path / file, file)
    pack.departments_file = document
    pack.problems.extend(document.problems)
    if document.data is None:
        return
    if not isinstance(document.data, list):
        wrong = Text(zh="应是部门的列表。", en="This must be a list of departments.")
        remedy = Text(
            zh="每个部门以“- id:”开头，下一行写“title:”。",
            en="Begin each department with `- id:` and write its `title:` below.",
        )
        pack.problems.append(document.problem("wrong_shape", (), wrong, remedy))
        return
    for index, item in enumerate(document.data):
        part = Document(document.file, item, _below(document, index))
        made, wrong_items = validated(part, item, Department)
        pack.problems.extend(wrong_items)
        if made is not None:
            pack.departments.append(made)


def _below(document: Document, index: int) -> dict[tuple[str | int, ...], int]:
    return {loc[1:]: line for loc, line in document.lines.items() if loc[:1] == (index,)}


def _text(data: Any, key: str) -> str:
    return str(data.get(key, "")) if isinstance(data, dict) else ""


def _not_a_mapping(document: Document) -> Problem:
    return document.problem(
        "wrong_shape",
        (),
        Text(zh="文件应由“键: 值”组成。", en="The file must consist of `key: value` lines."),
        Text(
            zh="一个文件只写一个合同或一个数据源，不要写成列表。",
            en="Write one contract or one feed per file, not a list.",
        ),
    )


def _missing(file: str) -> Problem:
    return Problem(
        "missing_file",
        file,
        "",
        Text(zh=f"缺少 {file}。", en=f"{file} is missing."),
        Text(zh=f"请在地区包中建立 {file}。", en=f"Make {file} in the region pack."),
    )


def _no_region(path: Path) -> Problem:
    others = sorted(p.name for p in path.parent.glob("*") if p.is_dir())
    known = ", ".join(others) or "none"
    return Problem(
        "unknown_region",
        "region.yaml",
        "",
        Text(zh=f"没有地区包“{path.name}”。", en=f"There is no region pack `{path.name}`."),
        Text(zh=f"现有：{known}。", en=f"Region packs here: {known}."),
    )
