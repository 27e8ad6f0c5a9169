"""The product of kind `grade`: what the cards say of an enterprise, as far as this viewer may know.

It is made of the indicators that the viewer may see and of no others: what is withheld is missing
for that reason and widens the range, so that no grade tells of it. A grade is therefore as secret
as the most secret indicator in it, and the gate checks it field by field like the indicators.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from xinrong.accounts.services import Viewer
from xinrong.catalogue.contract import ShareClass
from xinrong.domain.criteria import MissingReason
from xinrong.domain.scorecards import Part, card_digest, lifts
from xinrong.domain.text import Text
from xinrong.profiles.services import IndicatorFile, Indicators, columns
from xinrong.rating.backing import Backer, Backing, Named, shown_in
from xinrong.rating.cards import CardBook
from xinrong.rating.errors import GradeRefused
from xinrong.rating.grading import MISSING, Graded, columns_read, grade
from xinrong.rating.kept.history import (
    LastTime,
    Line,
    history_of,
    last_time,
    line_of,
    newest_line,
)
from xinrong.rating.telling import NEVER_ALONE, Sentence, Told, tell, tell_changes
from xinrong.rating.versions.standing import book_of, in_force
from xinrong.store.services import Snapshot
from xinrong.trust.services import (
    Content,
    Permits,
    Purpose,
    Release,
    Service,
    Stage,
    disclose,
)
from xinrong.trust.types import Piece


@dataclass(frozen=True)
class GradeFile:
    """A grade with everything that it rests on. `basis` are the indicators that it was made of.

    `withheld` counts the indicators of the card that the viewer may not see. `behind` has the
    records behind each reason. `before` and `history`, the grades that it had, are told to the
    enterprise only: an old grade tells of records that may be gone.
    """

    enterprise: int
    as_of: date
    book: CardBook
    version: int
    graded: Graded
    basis: Content
    withheld: int
    told: Told
    behind: Mapping[str, Backing] = field(default_factory=dict)
    before: LastTime | None = None
    history: tuple[Line, ...] = ()

    def drawn_from(self) -> set[tuple[int, str]]:
        named = {(enterprise, category) for (enterprise, category, _), _ in self._named()}
        return self.basis.drawn_from() | named

    def shown_fields(self) -> set[tuple[int, str, str]]:
        return self.basis.shown_fields() | {shown for shown, _ in self._named() if shown[2]}

    def pieces(self) -> Iterable[Piece]:
        return [*self.basis.pieces(), *(piece for _, piece in self._named())]

    def _named(self) -> Iterable[tuple[tuple[int, str, str], Piece]]:
        return shown_in(self.enterprise, self.behind, self.book.region)

    def payload(self) -> Any:
        card, scored = self.graded.card, self.graded.scored
        better, found = lifts(card, self.book.scale, scored)
        return {
            "enterprise": self.enterprise,
            "as_of": self.as_of.isoformat(),
            "scale": self.book.scale.name,
            "version": self.version,
            "cards": self.book.digest,
            "card": {"name": card.name, "version": card.version, "digest": card_digest(card)},
            "basis": card.basis.model_dump(),
            "undecided": list(self.graded.undecided),
            "grade": scored.grade.name,
            "lowest": scored.lowest.name,
            "highest": scored.highest.name,
            "points": scored.points,
            "low": scored.low,
            "high": scored.high,
            "known": scored.known,
            "withheld": self.withheld,
            "parts": [_plain(part) for part in scored.parts],
            "reasons": {
                sign: [_said(one, self.behind) for one in sentences]
                for sign, sentences in (
                    ("for", self.told.counts_for),
                    ("against", self.told.counts_against),
                    ("unknown", self.told.unknown),
                    ("changed", self.told.changed),
                )
            },
            "before": _line(self.before.line) if self.before else None,
            "history": [_line(one) for one in self.history],
            "lift": {
                "grade": better.name if better else None,
                "changes": [
                    {
                        "column": one.column,
                        "gain": one.gain,
                        "since": None if one.since is None else str(one.since),
                        "before": None if one.before is None else str(one.before),
                        "value": one.value,
                    }
                    for one in found
                ],
            },
            "never_alone": NEVER_ALONE.model_dump(),
        }


def _said(one: Sentence, behind: Mapping[str, Backing]) -> dict[str, Any]:
    """A reason with the records behind it."""
    backing = behind.get(one.column)
    return {
        "column": one.column,
        "gain": one.gain,
        "text": one.text.model_dump(),
        "records": _records(backing) if backing else None,
    }


def _records(backing: Backing) -> dict[str, Any]:
    """The records behind a reason; of objections only where there are some."""
    told: dict[str, Any] = {
        "number": backing.number,
        "newest": [_named(one) for one in backing.newest],
    }
    return told | ({"objected": backing.objected} if backing.objected else {})


def _named(one: Named) -> dict[str, Any]:
    """A record behind a reason, and what stands beside it."""
    told: dict[str, Any] = {"ref": one.ref, "day": one.day.isoformat() if one.day else None}
    if one.objection is not None:
        since = one.objection.since.isoformat()
        told["objection"] = {"state": one.objection.state, "since": since}
    return told


def _line(one: Line) -> dict[str, Any]:
    """A line of the history."""
    return {
        "as_of": one.as_of.isoformat(),
        "version": one.version,
        "card": one.card,
        "points": one.points,
        "grade": one.grade,
        "lowest": one.lowest,
        "highest": one.highest,
    }


def _plain(part: Part) -> dict[str, Any]:
    """One characteristic as JSON: numbers that are not whole are texts, so nothing rounds them."""
    value = part.value
    return {
        "column": part.column,
        "value": str(value) if isinstance(value, Decimal | date | float) else value,
        "points": part.points,
        "place": part.place.value,
        "band": part.band if part.band >= 0 else None,
        "reason": part.reason or None,
        "low": part.low,
        "high": part.high,
    }


@dataclass(frozen=True)
class Grades:
    """The grade of one enterprise on a day, by the cards of this version and digest.

    `line`: with its history up to that line, for the enterprise itself; 0 without.
    """

    name: ClassVar[str] = "grade"

    as_of: date
    cards: str
    version: int
    line: int = 0

    @property
    def kind(self) -> str:
        """A grade."""
        return "grade"

    @property
    def parameters(self) -> dict[str, str | int]:
        """On which day, by which cards, and up to which line of its history."""
        return {
            "product": self.name,
            "as_of": self.as_of.isoformat(),
            "cards": self.cards,
            "version": self.version,
            "line": self.line,
        }

    def read(self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits) -> GradeFile:
        """The grade from what the permits reach, as of the snapshot. Raises GradeRefused."""
        (enterprise,) = about
        book = book_of(self.cards)
        seen = Indicators(self.as_of, book.reads).read(snapshot, about, permits)
        graded, withheld = graded_of(book, seen, self.as_of)
        read = columns_read(book, graded.card)
        basis = replace(seen, shown=tuple(one for one in seen.shown if one.name in read))
        basis = replace(basis, withheld=len(read) - len(basis.shown))
        known = columns()
        if not any(known[one.name].share is ShareClass.CONSENT for one in basis.shown):
            raise GradeRefused(
                "nothing that the card reads under a consent is open to you, so there is no grade",
                remedy="Ask the enterprise for a consent that covers its tax, bills or loans.",
                code="grade_not_covered",
            ).in_words(NOT_COVERED)
        lines = history_of(enterprise, self.line) if self.line else []
        before = last_time(lines, graded, self.version)
        told = tell(book, graded)
        if before is not None:
            told = replace(told, changed=tell_changes(book, graded, before.changed))
        named = {one.column for one in (*told.counts_for, *told.counts_against, *told.changed)}
        shown = {one.name for one in basis.shown}
        backer = Backer(enterprise, snapshot, permits, book.region)
        return GradeFile(
            enterprise=enterprise,
            as_of=self.as_of,
            book=book,
            version=self.version,
            graded=graded,
            basis=basis,
            withheld=withheld,
            told=told,
            behind=backer.of(named & shown, self.as_of, book.reads),
            before=before,
            history=tuple(line_of(one) for one in lines),
        )


#: Said on the page where a viewer has no grade.
NOT_COVERED = Text(
    zh="您能看到的信息中没有评分卡在授权下读取的内容，因此没有评分。请向企业申请涵盖缴税、用能或贷款信息的授权。",
    en="Nothing that the card reads under a consent is open to you, so there is no grade. Ask the"
    " enterprise for a consent that covers its tax, bills or loans.",
)


def graded_of(book: CardBook, seen: IndicatorFile, as_of: date) -> tuple[Graded, int]:
    """The grade from the indicators that are seen, and how many of its card are withheld."""
    values = {one.name: one.value for one in seen.shown}
    reasons = {name: MissingReason.WITHHELD.value for name in book.reads if name not in values}
    reasons |= {one.name: MISSING[one.reason].value for one in seen.shown if one.reason is not None}
    graded = grade(book, values, reasons, as_of)
    return graded, sum(one.column not in values for one in graded.card.characteristics)


def grade_of(
    viewer: Viewer,
    enterprise: int,
    purpose: Purpose,
    stage: Stage | None = None,
    *,
    as_of: date,
    at_seq: int | None = None,
) -> Release:
    """The grade of one enterprise as far as a viewer may know: `.content` is a GradeFile.

    By the version in force on the day. An enterprise sees its own, with its history. Everybody
    else needs its consent: what is open to all says too little of an enterprise to grade it.
    Raises Denied, GradeRefused, CardsNotInForce, CardsTampered, NoCards.
    """
    standing = in_force(as_of)
    own = purpose == Purpose.SELF
    line = newest_line(enterprise) if own else None
    product = Grades(as_of, standing.book.digest, standing.number, line or 0)
    return disclose(
        viewer,
        [enterprise],
        product,
        Service.INDICATORS,
        purpose,
        stage,
        at_seq=at_seq,
        only_consented=not own,
    )
