"""The classes of a region: `regions/<region>/classes.yaml`, else the nation's, read and kept.

A class is a criterion over the profile, with the sizes of `sizes` as further columns. Classes are
asked in the order of the file. What follows when none holds, and when one that comes earlier
cannot be told, stands in the file as well: an enterprise always has exactly one answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from xinrong.catalogue.document import Document, read_document
from xinrong.catalogue.errors import Problem
from xinrong.catalogue.explain import explain
from xinrong.catalogue.region import regions_root
from xinrong.domain.criteria import Criterion
from xinrong.domain.text import Text
from xinrong.profiles.classes.errors import ClassesBroken

FILE = "classes.yaml"
NATION = Path(__file__).with_name("nation.yaml")
#: Answers that are no class.
NONE, CANNOT_TELL, OUTSIDE = "none", "cannot_tell", "outside"
#: What OUTSIDE is called: whoever the population leaves out.
OUTSIDE_WORDS = Text(zh="不在分类范围内", en="Outside the population")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Strict):
    """A title, and in a sentence what it means."""

    title: Text
    note: Text


class Population(_Strict):
    """Who is divided into classes at all: a criterion over the profile."""

    text: str = Field(min_length=1)
    title: Text


class ClassDefinition(Criterion):
    """One class. `inferred`: how it is told is not published; in words, what it was taken as."""

    inferred: Text | None = None


class ClassBook(_Strict):
    """The classes of a region in the order in which they are asked."""

    title: Text
    note: Text
    population: Population | None = None
    classes: tuple[ClassDefinition, ...] = Field(min_length=1)
    none: Words
    cannot_tell: Words

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        seen: set[str] = {NONE, CANNOT_TELL, OUTSIDE}
        for one in self.classes:
            if one.id in seen:
                raise ValueError(f"the class {one.id} is there twice, or its id is reserved")
            seen.add(one.id)
        return self

    @property
    def ids(self) -> tuple[str, ...]:
        """The classes in their order."""
        return tuple(one.id for one in self.classes)

    @property
    def answers(self) -> tuple[str, ...]:
        """Everything that an enterprise of the population can be: the classes, then the rest."""
        return (*self.ids, NONE, CANNOT_TELL)

    def named(self, name: str) -> Text:
        """What a class or another answer is called."""
        told = {one.id: one.title for one in self.classes}
        told |= {NONE: self.none.title, CANNOT_TELL: self.cannot_tell.title, OUTSIDE: OUTSIDE_WORDS}
        return told[name]


@dataclass(frozen=True)
class RegionClasses:
    """The classes that hold in a region; `own`: its file, else the nation's."""

    region: str
    book: ClassBook
    own: bool


@dataclass(frozen=True)
class ReadBook:
    """A file of classes; `book` is None when it cannot be used, `problems` then say why."""

    document: Document
    book: ClassBook | None
    problems: tuple[Problem, ...]


def read_classes(path: Path, name: str) -> ReadBook:
    """One file of classes; what is wrong becomes a problem, never an error."""
    document = read_document(path, name)
    if document.problems or document.data is None:
        return ReadBook(document, None, tuple(document.problems))
    if not isinstance(document.data, dict):
        wrong = Text(zh="文件应写明 title、classes 等。", en="The file must have title, classes …")
        remedy = Text(zh="请对照随附的 classes.yaml。", en="Compare with one that is shipped.")
        return ReadBook(document, None, (document.problem("wrong_shape", (), wrong, remedy),))
    try:
        return ReadBook(document, ClassBook.model_validate(document.data), ())
    except ValidationError as error:
        return ReadBook(document, None, tuple(explain(error, document, ClassBook)))


def file_of(region: str, root: Path | None = None) -> Path | None:
    """The file of a region's own classes, if it has one."""
    path = (root or regions_root()) / region / FILE
    return path if path.is_file() else None


def has_own(region: str) -> bool:
    """Whether a region has classes of its own; without, the nation's hold."""
    return file_of(region) is not None


@cache
def load_classes(region: str, root: Path | None = None) -> RegionClasses:
    """The classes of a region: its own, else the nation's. Raises ClassesBroken."""
    own = file_of(region, root)
    read = read_classes(own or NATION, FILE if own else NATION.name)
    if read.book is None:
        raise ClassesBroken(region, read.problems)
    return RegionClasses(region, read.book, own is not None)


def classes_now() -> RegionClasses:
    """The classes of this deployment's region."""
    return load_classes(settings.REGION)
