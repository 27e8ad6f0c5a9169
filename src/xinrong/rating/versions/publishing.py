"""How grades lie over all enterprises, as counts may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xinrong.domain.text import Text
from xinrong.rating.kept.building import current_grades
from xinrong.rating.versions.standing import book_numbered
from xinrong.trust.services import counting


@dataclass(frozen=True)
class Distribution:
    """How many enterprises have each grade: all, then by card. None: too few to be shown."""

    as_of: date
    version: int
    grades: tuple[str, ...]
    all: tuple[int | None, ...]
    cards: tuple[tuple[Text, tuple[int | None, ...]], ...]


def distribution() -> Distribution | None:
    """Of the newest grades of all; None before the first.

    None under ten, in tens, an amount of its own in each figure.
    """
    batch = current_grades()
    if batch is None:
        return None
    book = book_numbered(batch.version)
    grades = tuple(one.name for one in book.scale.grades)

    def told(number: int, what: str) -> int | None:
        return counting.figure_of(number, f"grades {batch.pk} {what}".encode(), counting.secret())

    whole = {
        grade: sum(counts.get(grade, 0) for counts in batch.figures.values()) for grade in grades
    }
    return Distribution(
        as_of=batch.as_of,
        version=batch.version,
        grades=grades,
        all=tuple(told(whole[grade], grade) for grade in grades),
        cards=tuple(
            (
                card.title,
                tuple(
                    told(batch.figures.get(card.name, {}).get(grade, 0), f"{card.name} {grade}")
                    for grade in grades
                ),
            )
            for card in book.cards
        ),
    )
