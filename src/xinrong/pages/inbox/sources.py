"""Where the tasks of an inbox come from: cases, and everything else that waits for a person.

A source gives a viewer's tasks and, where each is one row, the rows to be counted; all counts of
the navigation are one statement.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from xinrong.accounts.services import Viewer
from xinrong.pages.applications import waiting as waiting_loans
from xinrong.pages.inbox import (
    cases,
    departments,
    enterprises,
    events,
    institutions,
    operators,
)
from xinrong.pages.inbox.tasks import Source, Task, not_counted
from xinrong.pages.links import waiting as waiting_links
from xinrong.pages.lists import waiting as waiting_lists
from xinrong.pages.needs import waiting as waiting_needs
from xinrong.pages.portable import waiting as waiting_reports

SOURCES: tuple[Source, ...] = (
    Source("cases", _("Cases"), cases.tasks, cases.counted),
    Source(
        "consent",
        _("Consents"),
        enterprises.consent_requests,
        enterprises.consents_counted,
    ),
    Source(
        "stop_notice",
        _("Notices to stop using"),
        institutions.stop_notices,
        institutions.notices_counted,
    ),
    Source("claim", _("Representatives"), operators.claims, operators.claims_counted),
    Source("look", _("Looks to check"), institutions.looks, institutions.looks_counted),
    Source("names", _("Name review"), operators.names, not_counted),
    Source("scorecards", _("Scorecards"), operators.scorecards, operators.scorecards_counted),
    Source(
        "withdrawal",
        _("Withdrawn records"),
        institutions.withdrawals,
        institutions.withdrawals_counted,
    ),
    Source("retention", _("Retention"), operators.retained, not_counted),
    Source("upload", _("Files to confirm"), departments.uploads, departments.uploads_counted),
    Source("rejects", _("Rows to mend"), departments.rejects, not_counted),
    Source("report", _("My report"), waiting_reports.superseded, not_counted),
    Source("listings", _("Lists and measures"), waiting_lists.unmet, not_counted),
    Source(
        "need",
        _("Financing needs"),
        waiting_needs.unfinished,
        waiting_needs.unfinished_counted,
    ),
    Source("loan_looks", _("Loans to look at"), waiting_loans.loan_looks, not_counted),
    Source("links", _("Bank links"), waiting_links.unsent, not_counted),
    Source("events", _("Financing events"), events.waiting, not_counted),
    Source("letters", _("Events that did not arrive"), operators.letters, not_counted),
)


def tasks_of(who: Viewer, now: datetime, *, taken: bool = False) -> list[Task]:
    """What waits for a viewer, the most urgent first; `taken`: colleagues' cases as well."""
    found = cases.tasks(who, now, taken=taken) if who.organisation_id is not None else []
    for source in SOURCES[1:]:
        found += source.tasks(who, now)
    last = now + timedelta(days=100_000)
    return sorted(found, key=lambda one: (one.due or last, one.since or last, one.link))


def waiting(who: Viewer, now: datetime) -> int:
    """How many tasks wait for a viewer: one statement, for the navigation of every page."""
    if who.person_id is None or who.organisation_id is None:
        return 0
    found = [source.counted(who, now) for source in SOURCES]
    rows = [
        one.order_by().select_related(None).annotate(one=Value(1)).values("one")
        for one in found
        if one is not None
    ]
    if len(rows) == 1:
        return int(rows[0].count())
    return int(rows[0].union(*rows[1:], all=True).count())
