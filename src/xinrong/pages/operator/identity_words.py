"""What the review of names shows: both sides, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapidfuzz.distance import Levenshtein

from xinrong.domain.standards.regions import region_of_code
from xinrong.domain.text import Text
from xinrong.files.services import MayBeMeant
from xinrong.subjects.services import judging

#: A piece of a name, and whether the other name has it too.
Piece = tuple[str, bool]


@dataclass(frozen=True)
class Shown:
    """A candidate on the page; `key` is the digit that chooses it."""

    key: int
    meant: MayBeMeant
    score: int  # in hundredths
    reasons: tuple[Text, ...]
    pieces: tuple[Piece, ...]
    sent_pieces: tuple[Piece, ...]
    region: str


def shown(sent: str, choices: Sequence[judging.Choice], meant: Sequence[MayBeMeant]) -> list[Shown]:
    """The candidates in the order of the queue, the names compared with what was sent."""
    by_number = {one.enterprise: one for one in meant}
    found = []
    for key, choice in enumerate(choices, start=1):
        one = by_number[choice.enterprise.pk]
        ours, theirs = pieces(sent, one.name)
        found.append(
            Shown(
                key=key,
                meant=one,
                score=int(choice.score * 100 + 0.5),
                reasons=tuple(judging.reason_words(reason) for reason in choice.reasons),
                pieces=theirs,
                sent_pieces=ours,
                region=region_of_code(one.code).full_name,
            )
        )
    return found


def pieces(left: str, right: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two names cut into what both have and what only the one has."""
    ours: list[Piece] = []
    theirs: list[Piece] = []
    for step in Levenshtein.opcodes(left, right):
        same = step.tag == "equal"
        ours.append((left[step.src_start : step.src_end], same))
        theirs.append((right[step.dest_start : step.dest_end], same))
    return _joined(ours), _joined(theirs)


def _joined(found: list[Piece]) -> tuple[Piece, ...]:
    made: list[Piece] = []
    for text, same in found:
        if not text:
            continue
        if made and made[-1][1] == same:
            made[-1] = (made[-1][0] + text, same)
        else:
            made.append((text, same))
    return tuple(made)


def fields(record: Any) -> list[Any]:
    """The fields of a record that say something to this viewer."""
    return [one for one in record.fields if not one.masked and one.value not in (None, "")]


@dataclass(frozen=True)
class Recent:
    """One of the last decisions; `own`: the viewer took it, and U takes it back."""

    act: str
    verdict: str
    name: str
    code: str
    many: int  # judgements about several names; 0 when it was about one
    by: str
    at: datetime
    standing: bool
    own: bool


def recent(act: judging.Act, viewer: str) -> Recent:
    """A decision as the list shows it."""
    row = act.row
    one = row.verdict != judging.Judged.DIFFERENT or act.judgements <= judging.SHOWN
    return Recent(
        act=str(row.act),
        verdict=row.verdict,
        name=row.subject.name if row.subject else row.digest[:12],
        code=row.code if row.verdict == judging.Judged.SAME else "",
        many=0 if one else act.judgements,
        by=row.by,
        at=row.at,
        standing=act.standing,
        own=act.standing and row.by == viewer,
    )
