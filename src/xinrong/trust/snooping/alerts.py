"""Alerts for those who decide them: whose, with which evidence, decided with a reason, all logged.

The compliance officer of an institution sees the alerts about its staff, outlets included; the
operator those about the operator's own staff. Nobody sees an alert about themselves. Looking at
the evidence and taking it out are acts in the log, as decisions are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from xinrong.accounts.enums import Role
from xinrong.accounts.services import Viewer
from xinrong.domain.clock import CHINA
from xinrong.domain.text import Text
from xinrong.subjects import services as subjects
from xinrong.trust.models import AuditRow
from xinrong.trust.snooping.errors import DecisionRefused, UnknownAlert
from xinrong.trust.snooping.models import AlertState, SnoopAct, SnoopAlert
from xinrong.trust.snooping.rules import load_rules

LONGEST_TEXT = 1000
SHORTEST_TEXT = 5


@dataclass(frozen=True)
class ToldReason:
    """One reason in words, with its audit rows."""

    rule: str
    title: Text
    words: Text
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Step:
    """One look of the timeline: the audit row, and the rules that it speaks for."""

    row: int
    at: datetime
    service: str
    purpose: str
    stage: str
    outcome: str
    enterprises: tuple[tuple[str, str], ...]  # code and name
    rules: tuple[Text, ...]


def can_see_alerts(viewer: Viewer) -> bool:
    """A compliance officer sees the alerts of the own institution, an operator the operator's own.

    Never in a support session: nobody supports somebody else into their colleagues' evidence.
    """
    return (
        viewer.person_id is not None
        and viewer.organisation_id is not None
        and viewer.support_id is None
        and viewer.role in (Role.COMPLIANCE_OFFICER, Role.OPERATOR)
    )


def alerts_for(viewer: Viewer, *, state: str = "") -> QuerySet[SnoopAlert]:
    """The alerts that a viewer may see, newest first; nobody's for anybody else.

    A compliance officer of an outlet sees that outlet's; one of the bank sees all its outlets'.
    """
    if not can_see_alerts(viewer) or viewer.person_id is None:
        return SnoopAlert.objects.none()
    own = Q(organisation_id=viewer.organisation_id) | Q(institution_id=viewer.organisation_id)
    found = SnoopAlert.objects.filter(own).exclude(person_id=viewer.person_id)
    if state in AlertState.values:
        found = found.filter(state=state)
    return found.select_related("person", "organisation").order_by("-raised_at", "-score", "pk")


def alert_for(viewer: Viewer, number: int) -> SnoopAlert:
    """One alert, if the viewer may see it. Raises UnknownAlert, with one wording for all."""
    found = alerts_for(viewer).filter(pk=number).first()
    if found is None:
        raise UnknownAlert(
            f"there is no alert number {number} about your institution's staff",
            remedy="Open it from the list of alerts.",
        )
    return found


def reasons_of(alert: SnoopAlert) -> list[ToldReason]:
    """Why it was raised, in words, the most telling reason first."""
    rules, told = load_rules(), []
    for reason in alert.reasons:
        rule = rules.rule(reason["rule"])
        title = rule.title if rule else Text(zh=reason["rule"], en=reason["rule"])
        count, weeks, expected = reason["count"], reason["weeks"], reason["expected"]
        usual = f"{expected:.1f}" if expected >= 0.1 else "<0.1"
        words = Text(
            zh=f"{weeks} 周内 {count} 次；按同岗位同事同期和本人以往，约应为 {usual} 次。",
            en=f"{count} in {weeks} weeks; about {usual} were to be expected of colleagues in the "
            "same role and weeks, and of the person's own past.",
        )
        rows = tuple(alert.rows.get(reason["rule"], ()))
        told.append(ToldReason(reason["rule"], title, words, rows))
    return told


def rows_of(alert: SnoopAlert) -> dict[int, list[str]]:
    """Audit row -> the rules that it speaks for, in the order of the rows."""
    found: dict[int, list[str]] = {}
    for rule, ids in alert.rows.items():
        for number in ids:
            found.setdefault(number, []).append(rule)
    return dict(sorted(found.items()))


def timeline(alert: SnoopAlert, *, offset: int = 0, limit: int = 200) -> list[Step]:
    """The looks behind an alert, in the order of time. Codes and names are open; no values."""
    speak_for = rows_of(alert)
    rows = list(
        AuditRow.objects.filter(pk__in=list(speak_for), person_id=alert.person_id)
        .order_by("at", "pk")
        .only("at", "service", "purpose", "stage", "outcome", "enterprises")[
            offset : offset + limit
        ]
    )
    firms = subjects.codes_and_names({number for row in rows for number in row.enterprises})
    rules = load_rules()
    titles = {rule.name: rule.title for rule in rules.rules}
    return [
        Step(
            row.pk, row.at, row.service, row.purpose, row.stage, row.outcome,
            tuple(firms[number] for number in row.enterprises if number in firms),
            tuple(titles[name] for name in speak_for[row.pk] if name in titles),
        )
        for row in rows
    ]  # fmt: skip


def note_opened(alert: SnoopAlert, viewer: Viewer, *, now: datetime) -> None:
    """Log that somebody looked at the evidence; before it is shown."""
    SnoopAct.objects.create(alert=alert, by_id=viewer.person_id, at=now, act="opened")


def decide(
    viewer: Viewer, number: int, revision: int, state: str, text: str, *, now: datetime
) -> SnoopAlert:
    """Decide an alert, with the reason in words; it can be decided anew, and all stays logged.

    Raises UnknownAlert, and DecisionRefused for an unknown state, no reason, or evidence that
    changed while it was looked at.
    """
    words = " ".join(text.split())[:LONGEST_TEXT]
    if state not in AlertState.values or state == AlertState.OPEN:
        raise DecisionRefused(
            f"{state!r} is no decision", remedy="Choose: explained, confirmed or referred."
        )
    if len(words) < SHORTEST_TEXT:
        raise DecisionRefused(
            "a decision needs its reason in words",
            remedy="Say what you found out, and from whom.",
            code="snoop_reason_missing",
        )
    with transaction.atomic():
        alert = alert_for(viewer, number)
        changed = SnoopAlert.objects.filter(pk=alert.pk, revision=revision).update(
            state=state, revision=F("revision") + 1
        )
        if not changed:
            raise DecisionRefused(
                "the alert changed while you were looking",
                remedy="Look at it again, then decide.",
                code="snoop_changed",
            )
        SnoopAct.objects.create(
            alert=alert, by_id=viewer.person_id, at=now, act="decided", state=state, text=words
        )
    alert.refresh_from_db()
    return alert


def acts_of(alert: SnoopAlert) -> list[SnoopAct]:
    """What was done with an alert, newest first."""
    return list(alert.acts.select_related("by").order_by("-at", "-pk"))


def export(alert: SnoopAlert, viewer: Viewer, *, now: datetime) -> Iterator[bytes]:
    """The evidence as CSV, one audit row a line; the export is logged before the first byte."""
    SnoopAct.objects.create(alert=alert, by_id=viewer.person_id, at=now, act="exported")
    return lines_of(alert)


def lines_of(alert: SnoopAlert) -> Iterator[bytes]:
    """CSV in UTF-8 with a mark that spreadsheets know."""
    yield "\ufeff".encode()
    heads = [
        "audit_row",
        "at",
        "person",
        "service",
        "purpose",
        "stage",
        "outcome",
        "codes",
        "rules",
    ]
    yield csv_line(heads)
    for step in timeline(alert, limit=20_000):
        yield csv_line(
            [
                step.row, step.at.astimezone(CHINA).isoformat(timespec="seconds"),
                alert.person_id, step.service, step.purpose, step.stage, step.outcome,
                " ".join(code for code, _name in step.enterprises),
                "；".join(title.zh for title in step.rules),
            ]
        )  # fmt: skip


def csv_line(cells: list[object] | list[str]) -> bytes:
    """One line of CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()
