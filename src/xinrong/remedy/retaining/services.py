"""Verbs of retention: what would be done, what was done, and what proves it."""

from __future__ import annotations

from datetime import date, timedelta

from xinrong.remedy.retaining.certifying import Checked, check
from xinrong.remedy.retaining.errors import CertificateWrong
from xinrong.remedy.retaining.models import RetentionRun
from xinrong.remedy.retaining.previewing import Line, Preview, preview
from xinrong.remedy.retaining.running import is_due, keep, run

#: Runs that a page lists.
MOST = 60
#: After so many days without an ended run somebody is told.
LATE = timedelta(days=2)


def runs() -> list[RetentionRun]:
    """The last runs, newest first."""
    return list(RetentionRun.objects.order_by("-pk")[:MOST])


def run_of(number: int) -> RetentionRun | None:
    """One run."""
    return RetentionRun.objects.filter(pk=number).first()


def stuck(today: date) -> RetentionRun | None:
    """The run that an error stopped, or that should have ended days ago."""
    under_way = RetentionRun.objects.filter(open=True).first()
    if under_way is None or not (under_way.failure or under_way.day <= today - LATE):
        return None
    return under_way


__all__ = [
    "CertificateWrong",
    "Checked",
    "Line",
    "Preview",
    "RetentionRun",
    "check",
    "is_due",
    "keep",
    "preview",
    "run",
    "run_of",
    "runs",
    "stuck",
]
