"""What goes to the browser and comes back: the list to ask about, and what was answered.

The platform keeps neither. Both are signed for one person in one organisation and for half an
hour, so nobody can ask through somebody else's list or take out what another was shown.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import uuid4

from django.core import signing
from django.utils.translation import gettext as _

from xinrong.accounts.services import Viewer
from xinrong.domain.errors import XinrongError
from xinrong.domain.text import Text
from xinrong.files import services as files
from xinrong.trust.services import Purpose, Service, Stage

SALT = "xinrong.batch-query"
#: How long a list waits to be asked about, and an answer to be taken out; in seconds.
LASTS = 30 * 60


class ListGone(XinrongError):
    """The list is too old, somebody else's, or not one of ours."""

    code = "batch_list_gone"

    def __init__(self) -> None:
        super().__init__(_("This list is no longer valid here. Begin with the list again."))


@dataclass(frozen=True)
class Plan:
    """A list, sorted, and what is asked about it."""

    question: files.Question
    bundle: str
    rows: list[files.ListedRow]

    @property
    def asked(self) -> list[files.ListedRow]:
        """The rows about which the gate is asked. Raises BatchTooLarge."""
        return files.to_ask(self.rows)


@dataclass(frozen=True)
class Line:
    """One line of an answer, as it stands on the page and in the sheet."""

    row_no: int
    text: str
    code: str
    name: str
    status: str
    error: str
    audit_id: int
    consents: tuple[int, ...] = ()
    figures: files.KeyFigures | None = None
    why: Text | None = None
    first_row: int = 0


def line_of(asked: files.AskedRow) -> Line:
    """A row and what came of it."""
    row, release = asked.row, asked.release
    return Line(
        row.row_no,
        row.text,
        row.code,
        row.name,
        asked.status,
        asked.error,
        asked.audit_id,
        tuple(sorted(release.consents)) if release else (),
        asked.figures,
        row.why,
        row.first_row,
    )


def seal_plan(who: Viewer, question: files.Question, rows: list[files.ListedRow]) -> str:
    """A new list for this viewer."""
    said = [question.service.value, question.purpose.value, question.stage or ""]
    packed = [
        [
            one.row_no,
            one.text,
            one.fate.value,
            one.code,
            one.enterprise,
            one.name,
            [one.why.zh, one.why.en] if one.why else None,
            one.first_row,
        ]
        for one in rows
    ]
    return _sealed(who, {"kind": "list", "asks": said, "bundle": uuid4().hex, "rows": packed})


def plan_of(who: Viewer, token: str) -> Plan:
    """The list that was sealed for this viewer. Raises ListGone."""
    found = _opened(who, token, "list")
    service, purpose, stage = found["asks"]
    question = files.Question(Service(service), Purpose(purpose), Stage(stage) if stage else None)
    rows = [
        files.ListedRow(
            row_no,
            text,
            files.Fate(fate),
            code,
            enterprise,
            name,
            Text(zh=why[0], en=why[1]) if why else None,
            first_row,
        )
        for row_no, text, fate, code, enterprise, name, why, first_row in found["rows"]
    ]
    return Plan(question, found["bundle"], rows)


def seal_lines(who: Viewer, bundle: str, lines: list[Line]) -> str:
    """What was answered, for this viewer to take out."""
    packed = [
        [
            one.row_no,
            one.text,
            one.code,
            one.name,
            one.status,
            one.error,
            one.audit_id,
            one.consents,
            _packed(one.figures),
        ]
        for one in lines
    ]
    return _sealed(who, {"kind": "answer", "bundle": bundle, "rows": packed})


def lines_of(who: Viewer, bundle: str, token: str) -> list[Line]:
    """What was answered to this viewer of this list. Raises ListGone."""
    found = _opened(who, token, "answer")
    if found["bundle"] != bundle:
        raise ListGone
    return [
        Line(row_no, text, code, name, status, error, number, tuple(consents), _unpacked(figures))
        for row_no, text, code, name, status, error, number, consents, figures in found["rows"]
    ]


def _packed(figures: files.KeyFigures | None) -> list[Any] | None:
    if figures is None:
        return None
    *counts, latest = vars(figures).values()
    return [*counts, latest.isoformat() if latest else ""]


def _unpacked(packed: list[Any] | None) -> files.KeyFigures | None:
    if packed is None:
        return None
    figures: dict[str, Any] = dict(
        zip((one.name for one in fields(files.KeyFigures)), packed, strict=True)
    )
    latest = figures["latest_negative"]
    figures["finding"] = files.Finding(figures["finding"])
    figures["latest_negative"] = date.fromisoformat(latest) if latest else None
    return files.KeyFigures(**figures)


def _sealed(who: Viewer, content: dict[str, Any]) -> str:
    owner = [who.person_id, who.organisation_id, who.role]
    return signing.dumps({**content, "for": owner}, salt=SALT, compress=True)


def _opened(who: Viewer, token: str, kind: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature as error:
        raise ListGone from error
    if found["kind"] != kind or found["for"] != [who.person_id, who.organisation_id, who.role]:
        raise ListGone
    return found
