"""Judge every week that is due: count, score, raise alerts. A run may be repeated or killed.

A week is due when its days of grace are over. Counts, alerts and the mark that the week was judged
commit together, so a killed run leaves a week undone, never half done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Max

from xinrong.domain.clock import Clock, day_in_china
from xinrong.trust.snooping.counting import WEEK, Counting, PersonWeek
from xinrong.trust.snooping.database import DatabaseSource
from xinrong.trust.snooping.models import (
    AlertState,
    SnoopAct,
    SnoopAlert,
    SnoopCount,
    SnoopWeek,
)
from xinrong.trust.snooping.rules import Rules, load_rules
from xinrong.trust.snooping.scoring import Finding, History
from xinrong.trust.snooping.source import Source

BATCH = 2_000
#: Rows kept with an alert under each rule: the newest.
MOST_ROWS = 500


@dataclass(frozen=True)
class Ran:
    """What a run did: weeks judged, alerts raised, alerts to which evidence was added."""

    weeks: int = 0
    raised: int = 0
    grew: int = 0


def judge_due(
    *,
    clock: Clock,
    source: Source | None = None,
    rules: Rules | None = None,
    progress: Callable[[date], None] | None = None,
) -> Ran:
    """Judge the weeks that are due, the oldest first; a run that finds none costs one query."""
    rules = rules or load_rules()
    now = clock.now()
    judged = SnoopWeek.objects.aggregate(last=Max("monday"))["last"]
    if judged and judged + WEEK > last_due(now, rules):
        return Ran()
    source = source or DatabaseSource()
    begins = source.first_day() if judged is None else judged + WEEK
    if begins is None:
        return Ran()
    monday = begins - timedelta(days=begins.weekday())
    if monday > last_due(now, rules):
        return Ran()
    history = history_before(monday, rules)
    counting = Counting(source, rules)
    done = Ran()
    try:
        while monday <= last_due(now, rules):
            done = judge(monday, counting, history, rules, now=now, done=done)
            if progress:
                progress(monday)
            monday += WEEK
    finally:
        counting.close()
    return done


def last_due(now: datetime, rules: Rules) -> date:
    """The Monday of the last week whose days of grace are over."""
    end = day_in_china(now) - timedelta(days=rules.grace_days + 7)
    return end - timedelta(days=end.weekday())


def history_before(monday: date, rules: Rules) -> History:
    """The counts of the weeks before, from the database."""
    history = History(rules)
    first = monday - (rules.longest + rules.history_weeks) * WEEK
    held: list[PersonWeek] = []
    before: date | None = None
    rows = SnoopCount.objects.filter(monday__gte=first, monday__lt=monday).order_by("monday", "pk")
    for row in rows.defer("rows").iterator(chunk_size=BATCH):
        if before is not None and row.monday != before:
            history.add(before, held)
            held = []
        before = row.monday
        held.append(
            PersonWeek(
                row.person_id, row.organisation_id, row.institution_id, row.role, row.visits,
                row.counts,
            )
        )  # fmt: skip
    if before is not None:
        history.add(before, held)
    return history


def judge(
    monday: date, counting: Counting, history: History, rules: Rules, *, now: datetime, done: Ran
) -> Ran:
    """One week, in one transaction."""
    found = counting.week(monday)
    history.add(monday, found)
    people = {one.person: one for one in found}
    raised = grew = 0
    with transaction.atomic():
        SnoopCount.objects.bulk_create((count_of(monday, one) for one in found), BATCH)
        latest = latest_alerts(people)
        cleared = {person: alert.last_day + timedelta(days=1) for person, alert in latest.items()}
        for finding in history.findings(cleared):
            before = latest.get(finding.person)
            if before and belongs_to(before, monday, rules):
                grew += 1
                grow(before, people[finding.person], monday, now=now)
            else:
                raised += 1
                raise_alert(finding, people[finding.person], monday, rules, now=now)
        SnoopWeek.objects.create(
            monday=monday, judged_at=now, rules_version=rules.version, people=len(found),
            alerts=raised,
        )  # fmt: skip
    return Ran(done.weeks + 1, done.raised + raised, done.grew + grew)


def count_of(monday: date, one: PersonWeek) -> SnoopCount:
    """What is kept of a person's week."""
    return SnoopCount(
        monday=monday,
        person_id=one.person,
        organisation_id=one.organisation,
        institution_id=one.institution,
        role=one.role,
        visits=one.visits,
        counts=one.counts,
        rows=one.rows,
    )


def latest_alerts(people: Collection[int]) -> dict[int, SnoopAlert]:
    """The last alert about each of them."""
    rows = SnoopAlert.objects.order_by("week", "pk").only(
        "person_id", "week", "last_day", "state", "rows"
    )
    return {row.person_id: row for row in rows if row.person_id in people}


def belongs_to(alert: SnoopAlert, monday: date, rules: Rules) -> bool:
    """Whether what stands out now is added to the alert: it is recent, and nobody decided it."""
    return alert.state == AlertState.OPEN and monday <= alert.week + rules.quiet_weeks * WEEK


def raise_alert(
    finding: Finding, one: PersonWeek, monday: date, rules: Rules, *, now: datetime
) -> SnoopAlert:
    """A new alert, with the audit rows of every week that its reasons look back on."""
    weeks = max(reason.weeks for reason in finding.reasons)
    first = monday - (weeks - 1) * WEEK
    rows: dict[str, list[int]] = {}
    kept = SnoopCount.objects.filter(
        person_id=finding.person, monday__gte=first, monday__lte=monday
    ).values_list("monday", "rows")
    for reason in finding.reasons:
        since = monday - (reason.weeks - 1) * WEEK
        ids = [n for day, of in kept if day >= since for n in of.get(reason.rule, ())]
        if ids:
            rows[reason.rule] = sorted(ids)[-MOST_ROWS:]
    alert = SnoopAlert.objects.create(
        person_id=finding.person,
        organisation_id=one.organisation,
        institution_id=one.institution,
        role=one.role,
        week=monday,
        first_day=first,
        last_day=monday + timedelta(days=6),
        raised_at=now,
        score=finding.score,
        reasons=[asdict(reason) for reason in finding.reasons],
        rows=rows,
        rules_version=rules.version,
    )
    SnoopAct.objects.create(alert=alert, at=now, act="raised")
    return alert


def grow(alert: SnoopAlert, one: PersonWeek, monday: date, *, now: datetime) -> None:
    """Add a week's rows to an alert that nobody has decided yet."""
    for rule, ids in one.rows.items():
        alert.rows[rule] = sorted({*alert.rows.get(rule, ()), *ids})[-MOST_ROWS:]
    alert.last_day = monday + timedelta(days=6)
    alert.save(update_fields=["rows", "last_day"])
    SnoopAlert.objects.filter(pk=alert.pk).update(revision=F("revision") + 1)
    SnoopAct.objects.create(alert=alert, at=now, act="grew")
