"""The ledger of judgements as CSV, out and in: safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import batched
from pathlib import Path

from django.db import transaction

from xinrong.domain.cells import plain_cell, safe_cell
from xinrong.domain.errors import Place, XinrongError
from xinrong.domain.uscc import read_code
from xinrong.subjects.judging import ledger
from xinrong.subjects.judging.ledger import NOTHING, Said, digest_of
from xinrong.subjects.judging.linkage import unlink
from xinrong.subjects.judging.models import Judged, Judgement, NamedState, NamedSubject
from xinrong.subjects.judging.waiting import codes_of
from xinrong.subjects.linking import numbers_of
from xinrong.subjects.models import IdentityLink

HEADINGS = (
    "主体 key",
    "摘要 digest",
    "名称 name",
    "部门 department",
    "统一社会信用代码 code",
    "判定 verdict",
    "判定人 by",
    "时间 at",
    "理由 why",
    "得分 score",
    "依据 reasons",
    "版本 version",
    "现行 standing",
)
_DIGEST = re.compile(r"[0-9a-f]{64}")


class JudgementsRefused(XinrongError):
    """A file of judgements cannot be read; nothing of it was taken in."""

    code = "judgements_refused"


@dataclass(frozen=True)
class Imported:
    """What came of a file of judgements."""

    rows: int
    written: int
    known: int  # held here already
    unlinked: int  # links that ended, because they were judged to be wrong


def export_judgements() -> Iterator[bytes]:
    """Every judgement, the oldest first, in pieces: UTF-8 with its mark, so Excel shows Chinese."""
    yield b"\xef\xbb\xbf" + _line(HEADINGS)
    rows = Judgement.objects.select_related("subject").order_by("pk")
    for row in rows.iterator(2_000):
        subject = row.subject
        cells = (
            subject.key if subject else "",
            row.digest,
            subject.name if subject else "",
            subject.department if subject else "",
            row.code,
            row.verdict,
            row.by,
            row.at.isoformat(),
            row.why,
            "" if row.score is None else f"{row.score:.4f}",
            " ".join(row.reasons),
            row.version,
            "" if row.superseded_by_id else "yes",
        )
        yield _line(tuple(map(safe_cell, cells)))


def _line(cells: tuple[str, ...]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue().encode()


@dataclass(frozen=True, slots=True)
class _Row:
    said: Said
    by: str
    at: datetime
    why: str


def import_judgements(path: Path) -> Imported:
    """Take in the judgements of an exported file that still stood there: *same* and *different*.

    What holds here already is passed over, so the same file may come twice. A *same* is linked by
    the next run; a link that is judged *different* ends at once. Raises JudgementsRefused with
    the row that cannot be read; nothing was taken in then.
    """
    rows, total = _read(path)
    held = ledger.standing(row.said.digest for row in rows)
    new = [row for row in rows if not _holds(row.said, held.get(row.said.digest, NOTHING))]
    with transaction.atomic():
        ended = _end_links([row.said for row in new], new)
        for (by, at, why), said in _together(new).items():
            ledger.write(said, by=by, why=why, at=at)
        found = [row.said.subject for row in new if row.said.subject is not None]
        for start in range(0, len(found), 5_000):
            named = NamedSubject.objects.filter(subject__in=found[start : start + 5_000])
            named.exclude(state=NamedState.LINKED).update(state=NamedState.NEW)
    return Imported(total, len(new), len(rows) - len(new), ended)


def _together(rows: list[_Row]) -> dict[tuple[str, datetime, str], list[Said]]:
    """What one person said at one moment, so that it is one act here too."""
    found: dict[tuple[str, datetime, str], list[Said]] = {}
    for row in rows:
        found.setdefault((row.by, row.at, row.why), []).append(row.said)
    return found


def _holds(said: Said, held: ledger.Standing) -> bool:
    if said.verdict == Judged.SAME:
        return held.same == said.code
    return said.code in held.different


def _end_links(said: list[Said], rows: list[_Row]) -> int:
    """End the links that somebody judged to be wrong."""
    wrong: dict[int, set[str]] = {}
    for one in said:
        if one.verdict == Judged.DIFFERENT and one.subject is not None:
            wrong.setdefault(one.subject, set()).add(one.code)
    links: dict[int, int] = {}
    for some in batched(wrong, 5_000):
        found = IdentityLink.objects.filter(subject__in=some, to_seq=None)
        links.update(found.values_list("subject", "enterprise"))
    codes = codes_of(list(links.values()))
    ending = [one for one, to in sorted(links.items()) if codes.get(to, set()) & wrong[one]]
    if ending:
        last = max(rows, key=lambda row: row.at)
        unlink(ending, by=last.by, why=last.why, at=last.at)
    return len(ending)


def _read(path: Path) -> tuple[list[_Row], int]:
    """The rows of a file that stand, the last word on each pair only; and how many there were."""
    found: dict[tuple[str, str], _Row] = {}
    keys: dict[str, str] = {}
    total = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in HEADINGS if name not in (reader.fieldnames or ())]
            if missing:
                raise _refused(path, 1, f"has no column {', '.join(missing)}")
            for cells in reader:
                total += 1
                given = {name: plain_cell(cells.get(name) or "").strip() for name in HEADINGS}
                row = _row(path, reader.line_num, *given.values())
                if row is not None:
                    found[row.said.digest, row.said.code] = row
                    keys[row.said.digest] = given[HEADINGS[0]]
        except (csv.Error, UnicodeDecodeError) as error:
            raise _refused(path, total + 1, f"is no CSV in UTF-8 ({error})") from error
    numbers = numbers_of([key for key in keys.values() if key])
    rows = [
        replace(row, said=replace(row.said, subject=numbers.get(keys[row.said.digest])))
        for row in found.values()
    ]
    return rows, total


def _row(path: Path, line: int, *given: str) -> _Row | None:
    """One row; None for what no longer stood, or was left open."""
    key, digest, _name, _department, code, verdict, by, at, why, score, reasons, _, stands = given
    if verdict not in Judged.values:
        raise _refused(path, line, f"has the verdict {verdict!r}")
    if stands != "yes" or verdict not in (Judged.SAME, Judged.DIFFERENT):
        return None
    if key and not key.startswith("name:"):
        raise _refused(path, line, f"is about {key!r}, which has a code of its own")
    digest = digest_of(key) if key else digest
    lawful = read_code(code).code
    if not _DIGEST.fullmatch(digest) or lawful is None:
        raise _refused(path, line, f"names no subject or no lawful code ({code!r})")
    if not by or not why:
        raise _refused(path, line, "does not say who judged, and why")
    try:
        when = datetime.fromisoformat(at)
        weight = float(score) if score else None
    except ValueError as error:
        raise _refused(path, line, f"has a time or score that is none ({error})") from error
    if when.tzinfo is None:
        raise _refused(path, line, f"has a time without a zone ({at!r})")
    said = Said(None, digest, lawful, Judged(verdict), weight, tuple(reasons.split()))
    return _Row(said, by, when, why)


def _refused(path: Path, line: int, wrong: str) -> JudgementsRefused:
    return JudgementsRefused(
        f"a row of the judgements {wrong}",
        place=Place(file=path.name, row=line),
        remedy="Nothing was taken in. Use a file that `identity judgements --export` wrote.",
    )
