"""The scorecards of a region: `regions/<region>/cards/*.yaml`, read, checked and kept.

`book.yaml` has the master scale and the order in which cards are tried; each card is a file of its
own name. A card is for the enterprises that its segment, a criterion over the profile, says yes
of; the last card is for everybody who is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from xinrong.catalogue.document import Document, Loc, read_document
from xinrong.catalogue.errors import Problem, Severity
from xinrong.catalogue.explain import did_you_mean
from xinrong.catalogue.pack import validated
from xinrong.catalogue.region import regions_root
from xinrong.domain.canonical import digest_of
from xinrong.domain.criteria import Answer, CriterionRefused, Expression, answer_of, parse
from xinrong.domain.criteria import Severity as Found
from xinrong.domain.criteria import lint as lint_criterion
from xinrong.domain.scorecards import (
    Card,
    CardFault,
    Grade,
    MasterScale,
    card_from_json,
    card_to_json,
)
from xinrong.domain.text import Text
from xinrong.profiles.services import criteria, load_indicators
from xinrong.rating.checking import Checker
from xinrong.rating.errors import CardsBroken, GradeRefused, NoCards
from xinrong.rating.written import WrittenBook, WrittenCard, basis_words

FOLDER, BOOK = "cards", "book.yaml"
FORMAT = "xinrong-scorecards/1"
_REMEDY = Text(
    zh="请对照 docs/how-to/write-a-scorecard.md 修改。",
    en="docs/how-to/write-a-scorecard.md shows how cards are written.",
)


@dataclass(frozen=True)
class CardBook:
    """The cards of a region in the order in which they are tried, and their one scale."""

    region: str
    title: Text
    note: Text
    scale: MasterScale
    cards: tuple[Card, ...]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that decides a grade: the scale, the cards and their order."""
        return digest_of(self.as_json())

    def as_json(self) -> dict[str, object]:
        """The scale and the cards as plain data."""
        return {
            "scale": {
                "name": self.scale.name,
                "grades": [
                    {"name": one.name, "since": one.since, "meaning": one.meaning.model_dump()}
                    for one in self.scale.grades
                ],
            },
            "cards": [card_to_json(one) for one in self.cards],
        }

    def card(self, name: str) -> Card:
        """The card of that name. Raises GradeRefused."""
        found = {one.name: one for one in self.cards}
        if name not in found:
            raise GradeRefused(
                f"there is no card {name[:64]!r} in this region",
                remedy=f"There are: {', '.join(found)}.",
                code="grade_card",
            )
        return found[name]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column that some card gives points for, each once."""
        names = (one.column for card in self.cards for one in card.characteristics)
        return tuple(dict.fromkeys(names))

    @cached_property
    def reads(self) -> frozenset[str]:
        """Every column that a grade may need: those that give points, and those of segments."""
        asked = {
            column.name
            for one in self.cards
            if one.segment
            for column in segment(self.region, one.segment)[0].columns
        }
        return frozenset(asked.union(self.columns))

    def written(self) -> dict[str, Any]:
        """Everything in it, words as well, as plain data."""
        words = {"title": self.title.model_dump(), "note": self.note.model_dump()}
        return {"format": FORMAT, "region": self.region, **words, **self.as_json()}


@lru_cache(maxsize=200)
def segment(region: str, text: str) -> tuple[Expression, Answer]:
    """A segment, read and compiled. Raises CriterionRefused."""
    expression = parse(text, criteria.profile_schema(region))
    return expression, answer_of(expression)


def book_from_json(data: Any) -> CardBook:
    """The cards that plain data describes. Raises CardFault for data that describes none."""
    try:
        if data["format"] != FORMAT:
            raise CardFault(f"cards of the format {str(data['format'])[:64]!r} are not read here")
        scale = data["scale"]
        grades = tuple(
            Grade(str(one["name"]), int(one["since"]), Text(**one["meaning"]))
            for one in scale["grades"]
        )
        return CardBook(
            region=str(data["region"]),
            title=Text(**data["title"]),
            note=Text(**data["note"]),
            scale=MasterScale(str(scale["name"]), grades),
            cards=tuple(card_from_json(one) for one in data["cards"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CardFault(
            f"these are no scorecards: {error}",
            remedy="Take the document that the platform gives out, and change its numbers only.",
        ) from error


@dataclass
class ReadCards:
    """What a region's folder holds; `book` is None when it cannot be used."""

    book: CardBook | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        """What keeps the cards from being used."""
        return [one for one in self.problems if one.severity == Severity.ERROR]


def folder_of(region: str, root: Path | None = None) -> Path:
    """Where the cards of a region lie, if it has some."""
    return (root or regions_root()) / region / FOLDER


def read_cards(region: str, root: Path | None = None) -> ReadCards:
    """The cards of a region with every problem; what is wrong never raises."""
    found = ReadCards()
    folder = folder_of(region, root)
    document, book = _typed(folder / BOOK, WrittenBook, found)
    if not isinstance(book, WrittenBook):
        return found
    scale = _scale(book, document, found)
    cards = [
        _card(folder / f"{name}.yaml", region, book, place, document, found)
        for place, name in enumerate(book.cards)
    ]
    found.problems += _not_listed(folder, book, document)
    whole = tuple(one for one in cards if one is not None)
    if scale is not None and not found.errors:
        found.book = CardBook(region, book.title, book.note, scale, whole)
    return found


def lint_cards(region: str, root: Path | None = None) -> list[Problem]:
    """All that is wrong or odd with the cards of a region, by file and line. Raises NoCards."""
    must_have(region, root)
    return sorted(
        read_cards(region, root).problems, key=lambda one: (one.file, one.line or 0, one.code)
    )


@cache
def load_cards(region: str, root: Path | None = None) -> CardBook:
    """The cards of a region, read once in a process. Raises CardsBroken, NoCards."""
    must_have(region, root)
    found = read_cards(region, root)
    if found.book is None:
        raise CardsBroken(region, found.errors)
    return found.book


@cache
def is_graded(region: str) -> bool:
    """Whether a region has scorecards at all: where it has none, nobody is graded."""
    return (folder_of(region) / BOOK).is_file()


def must_have(region: str, root: Path | None = None) -> None:
    """Raise NoCards for a region in which nobody is graded."""
    if not (folder_of(region, root) / BOOK).is_file():
        raise NoCards(
            f"the region {region} has no scorecards, so nobody is graded there",
            remedy=f"Write regions/{region}/{FOLDER}/{BOOK} and its cards:"
            " docs/how-to/write-a-scorecard.md.",
        )


def _typed(
    path: Path, model: type[BaseModel], found: ReadCards
) -> tuple[Document, BaseModel | None]:
    document = read_document(path, f"{FOLDER}/{path.name}")
    found.problems += document.problems
    if document.problems or document.data is None:
        return document, None
    made, wrong = validated(document, document.data, model)
    found.problems += wrong
    return document, made


def _scale(book: WrittenBook, document: Document, found: ReadCards) -> MasterScale | None:
    try:
        return MasterScale(book.scale.name, tuple(one.grade() for one in book.scale.grades))
    except ValueError:
        wrong = Text(
            zh="等级应从优到劣，起点分逐级下降，名称不重复，至少两级。",
            en="Grades go from the best to the worst, each from fewer points, each name once.",
        )
        found.problems.append(document.problem("card_scale", ("scale", "grades"), wrong, _REMEDY))
        return None


def _card(
    path: Path, region: str, book: WrittenBook, place: int, listed: Document, found: ReadCards
) -> Card | None:
    """The card at a place of the book's list."""
    name = path.stem
    if not path.is_file() or name in book.cards[:place]:
        wrong = (
            Text(zh=f"“{name}”列了两次。", en=f"`{name}` is listed twice.")
            if name in book.cards[:place]
            else Text(zh=f"没有文件 {path.name}。", en=f"There is no file {path.name}.")
        )
        others = {one.stem for one in path.parent.glob("*.yaml")} - {Path(BOOK).stem}
        remedy = did_you_mean(name, others)
        found.problems.append(listed.problem("card_missing", ("cards", place), wrong, remedy))
        return None
    document, written = _typed(path, WrittenCard, found)
    if not isinstance(written, WrittenCard):
        return None
    before = len(found.errors)
    last = place == len(book.cards) - 1
    found.problems += _segment(written, region, document, last=last)
    found.problems += _basis(written, document)
    if written.card != name:
        wrong = Text(zh=f"文件名是 {name}。", en=f"The file is called {name}.")
        remedy = Text(zh="请使两者一致。", en="Let both be the same.")
        found.problems.append(document.problem("card_name", ("card",), wrong, remedy))
    indicators = load_indicators(region).all
    directions = {column: one.direction for column, one in indicators.items()}
    checker = Checker(document, criteria.profile_schema(region), directions)
    made = [
        checker.characteristic(one, ("characteristics", number))
        for number, one in enumerate(written.characteristics)
    ]
    found.problems += checker.problems
    if len(found.errors) > before:
        return None
    try:
        return Card(
            name=written.card,
            version=written.version,
            title=written.title,
            segment=written.segment,
            scale=book.scale.name,
            base=written.base,
            characteristics=tuple(one for one in made if one is not None),
            basis=basis_words(written.basis),
        )
    except CardFault as fault:
        wrong = Text(zh=f"写法有误：{fault.wrong}。", en=f"{fault.wrong}.")
        loc: Loc = ("characteristics",) if fault.code == "card_column" else ("base",)
        found.problems.append(document.problem(fault.code, loc, wrong, _REMEDY))
        return None


def _segment(
    written: WrittenCard, region: str, document: Document, *, last: bool
) -> Iterator[Problem]:
    """The last card is for everybody, every other one for some."""
    if last is bool(written.segment):
        yield document.problem(
            "card_segment",
            ("segment",),
            Text(
                zh="最后一张卡适用于其余全部企业，其他卡须写明适用对象。",
                en="The last card is for everybody who is left, every other one for some.",
            ),
            Text(
                zh='最后一张写 segment: ""；其他卡写判断条件。',
                en='Write `segment: ""` in the last one, a criterion in the others.',
            ),
        )
    elif written.segment:
        try:
            expression = parse(written.segment, criteria.profile_schema(region))
        except CriterionRefused as error:
            said = Text(zh=error.in_language("zh"), en=error.in_language("en"))
            yield document.problem(error.code, ("segment",), said, _REMEDY)
            return
        for one in lint_criterion(expression):
            severity = Severity.ERROR if one.severity == Found.ERROR else Severity.WARNING
            yield document.problem(one.code, ("segment",), one.text, _REMEDY, severity)


def _basis(written: WrittenCard, document: Document) -> Iterator[Problem]:
    """A card says in both languages on what it rests."""
    note = written.basis.note
    if not (note.zh.strip() and note.en.strip()):
        yield document.problem(
            "card_basis",
            ("basis", "note"),
            Text(zh="没有写明依据。", en="It does not say on what it rests."),
            Text(
                zh="请用中文和英文写明分数由来。",
                en="Say in both languages where the points come from.",
            ),
        )


def _not_listed(folder: Path, book: WrittenBook, document: Document) -> Iterator[Problem]:
    """A card that is in no list is for nobody."""
    for path in sorted(folder.glob("*.yaml")):
        if path.name != BOOK and path.stem not in book.cards:
            yield document.problem(
                "card_not_listed",
                ("cards",),
                Text(
                    zh=f"{path.name} 不在 cards 之中，不会使用。",
                    en=f"{path.name} is not among `cards` and would never be used.",
                ),
                Text(zh="请列入或删去。", en="List it or delete it."),
            )
