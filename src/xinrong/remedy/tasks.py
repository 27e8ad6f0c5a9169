"""Background work of remedy, for whatever backend `TASKS` names. Each task is safe to repeat."""

from __future__ import annotations

from django.conf import settings
from django.tasks import task

from xinrong.catalogue.region import load_region
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.profiles.services import current_batch, keep_up
from xinrong.remedy.correcting.carrying import follow_corrections as follow
from xinrong.remedy.listing.following import follow_listings as follow_entries
from xinrong.remedy.objecting.effects import follow_objections as follow_records
from xinrong.remedy.repairing.deciding import end_temporary
from xinrong.remedy.retaining.running import keep
from xinrong.remedy.telling.telling import tell_late


@task
def follow_corrections() -> int:
    """Close the cases whose correction the register says by now; how many."""
    return follow(load_region(settings.REGION), now=SystemClock().now())


@task
def follow_objections() -> int:
    """Close the cases whose record was corrected or is gone by now; how many."""
    return follow_records(now=SystemClock().now())


@task
def follow_repairs() -> int:
    """Have profiles, and what is made of them, follow a repair at once; how many were made anew."""
    if current_batch() is None:
        return 0
    now = SystemClock().now()
    done, _whole = keep_up(now, day_in_china(now))
    return done


@task
def tell_partners() -> int:
    """Tell whoever was shown a record at the very moment it was hidden; how many were told."""
    return tell_late(now=SystemClock().now())


@task
def end_repairs() -> int:
    """Show again what was repaired for a restructuring that is over; how many."""
    return end_temporary(now=SystemClock().now())


@task
def retain_records() -> bool:
    """Carry out what the law of today no longer lets be shown or kept; whether there was any."""
    return keep(SystemClock().now())


@task
def follow_listings() -> int:
    """Bring entries on lists in line with the records they rest on; how many changed."""
    return follow_entries(now=SystemClock().now())
