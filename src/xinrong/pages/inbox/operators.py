"""What waits for those who run the platform: queues, proposals, what has stopped."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinrong.accounts import perms as accounts
from xinrong.accounts.services import Viewer, proof
from xinrong.domain.clock import day_in_china
from xinrong.pages.inbox.tasks import Task
from xinrong.pages.proof import words as proof_words
from xinrong.rating import services as rating
from xinrong.remedy import perms as remedy_perms
from xinrong.remedy.services import retention
from xinrong.subjects import services as subjects
from xinrong.subjects.perms import can_review_identity
from xinrong.work import services as work
from xinrong.work.perms import can_see_dead_letters


def claims(who: Viewer, now: datetime) -> list[Task]:
    """Documents, letters and rival claims that operators look at."""
    if not accounts.can_check_claims(who):
        return []
    return [
        Task(
            "claim",
            _("Somebody claims to represent an enterprise"),
            row.name,
            str(proof_words.STATES[proof.State(row.state)]),
            row.moved_at,
            None,
            _("The claimer waits: nothing happens until two operators have looked."),
            reverse("claims-case", args=[row.code]),
            _("Look and check"),
            number=str(row.pk),
        )
        for row in proof.queue()
        if row.person_id != who.person_id
    ]


def claims_counted(who: Viewer, now: datetime) -> QuerySet[Any] | None:
    """Claims that wait for a look of somebody else than the claimer."""
    if not accounts.can_check_claims(who):
        return None
    return proof.awaited().exclude(person=who.person_id)


def names(who: Viewer, now: datetime) -> list[Task]:
    """The queue of names that a person has to judge: one entry, however long it is."""
    if not can_review_identity(who):
        return []
    many = judging_waits()
    if not many:
        return []
    return [
        Task(
            "names",
            ngettext(
                "%(many)d name waits for review", "%(many)d names wait for review", many
            ) % {"many": many},
            "",
            _("open"),
            None,
            None,
            _("Their records stay in no file until somebody has said whose they are."),
            reverse("identity"),
            _("Go through them"),
        )
    ]  # fmt: skip


def judging_waits() -> int:
    """How many names wait for a person."""
    return subjects.judging.open_items().count()


def letters(who: Viewer, now: datetime) -> list[Task]:
    """Events that a part of the platform did not take: one entry, however many there are."""
    many = len(work.dead_letters()) if can_see_dead_letters(who) else 0
    if not many:
        return []
    return [
        Task(
            "letters",
            ngettext("%(many)d event did not arrive", "%(many)d events did not arrive", many)
            % {"many": many},
            "",
            _("open"),
            None,
            None,
            _("Whoever should have been told was not, until it is sent again."),
            reverse("events-lost"),
            _("See why"),
        )
    ]


def scorecards(who: Viewer, now: datetime) -> list[Task]:
    """Versions of the scorecards that another operator proposed."""
    return [
        Task(
            "scorecards",
            _("Version %(n)d of the scorecards waits for your approval") % {"n": row.number},
            row.why,
            _("waits for approval"),
            row.proposed_at,
            None,
            _("Until another operator approves it, the version before holds."),
            reverse("scorecard", args=[row.number]),
            _("Look and decide"),
            number=str(row.number),
        )
        for row in rating.versions.waiting_for(who)
    ]


def scorecards_counted(who: Viewer, now: datetime) -> QuerySet[Any] | None:
    """Versions that the viewer may approve."""
    return rating.versions.waiting_for(who) if rating.can_manage_cards(who) else None


def retained(who: Viewer, now: datetime) -> list[Task]:
    """A run of retention that an error has stopped, or that has not ended for days."""
    if who.role != "operator" or not remedy_perms.can_see_retention(who):
        return []
    stuck = retention.stuck(day_in_china(now))
    if stuck is None:
        return []
    return [
        Task(
            "retention",
            _("The run of retention of %(day)s does not end") % {"day": stuck.day.isoformat()},
            stuck.failure,
            _("stopped"),
            stuck.began_at,
            None,
            _("Records that may no longer be kept stay until it ends; they are not shown."),
            reverse("retention"),
            _("See why"),
        )
    ]
