"""What stands in `regions/<region>/cards/*.yaml`, as its author writes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from xinrong.catalogue.contract import Strict
from xinrong.domain.scorecards import Grade
from xinrong.domain.text import Text

NAME = r"^[a-z][a-z0-9_]{1,40}$"


class WrittenGrade(Strict):
    """One grade of the master scale, from how many points on."""

    name: str = Field(min_length=1, max_length=8)
    since: int
    meaning: Text

    def grade(self) -> Grade:
        """The grade of the scale."""
        return Grade(self.name, self.since, self.meaning)


class WrittenScale(Strict):
    """The master scale, from the best grade to the worst."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    grades: tuple[WrittenGrade, ...]


class WrittenBook(Strict):
    """`book.yaml`: the scale of all cards, and the cards in the order in which they are tried."""

    title: Text
    note: Text
    scale: WrittenScale
    cards: tuple[str, ...] = Field(min_length=1)


class WrittenBasis(Strict):
    """On what the points rest: whose judgement, of which day, and how it was come by.

    Points that a document lays down, or that were estimated from defaults, are other kinds that
    come with the processes that approve them.
    """

    kind: Literal["expert_judgement"]
    judged_on: date
    note: Text


class WrittenBand(Strict):
    """The points from `since` up to the next band; the first band has no `since`."""

    points: int
    since: Decimal | None = None


class WrittenSpecial(Strict):
    """A number that means something else than its size."""

    value: Decimal
    points: int


class WrittenCharacteristic(Strict):
    """A column of the profile and its points: `bands` of a number, `values` of a code or flag.

    `otherwise` is for a value that is not known, `missing` for one that is not known for a certain
    reason, `unseen` (as `otherwise` when left out) for one that nobody foresaw.
    """

    column: str
    otherwise: int
    neutral: int = 0
    unseen: int | None = None
    bands: tuple[WrittenBand, ...] = ()
    values: Mapping[str, int] = Field(default_factory=dict)
    special: tuple[WrittenSpecial, ...] = ()
    missing: Mapping[str, int] = Field(default_factory=dict)
    can_change: bool


class WrittenCard(Strict):
    """One file: a card for the enterprises of a segment, `""` for everybody who is left."""

    card: str = Field(pattern=NAME)
    version: int = Field(ge=1)
    title: Text
    segment: str
    base: int
    basis: WrittenBasis
    characteristics: tuple[WrittenCharacteristic, ...] = Field(min_length=1)


#: What a basis says of itself in front of its note.
BASIS_WORDS = {
    "expert_judgement": Text(
        zh="本项目的专家判断，推断而来，未经违约数据检验",
        en="Expert judgement of the project, inferred, not tested on defaults",
    )
}


def basis_words(basis: WrittenBasis) -> Text:
    """The basis as one text: of what kind it is, of which day, and its note."""
    kind = BASIS_WORDS[basis.kind]
    return Text(
        zh=f"{kind.zh}（{basis.judged_on.isoformat()}）：{basis.note.zh}",
        en=f"{kind.en} ({basis.judged_on.isoformat()}): {basis.note.en}",
    )
