"""Background work on subjects, for whatever backend `TASKS` names.

A run may be repeated: it looks at what is new, whoever made it so.
"""

from __future__ import annotations

from django.conf import settings
from django.tasks import task

from xinrong.catalogue.region import load_region
from xinrong.domain.clock import SystemClock
from xinrong.subjects import nameindex
from xinrong.subjects.judging.due import begin
from xinrong.subjects.judging.running import link_waiting as link
from xinrong.subjects.register.reading import read_successions
from xinrong.subjects.representing import follow_register
from xinrong.subjects.resolution import services as resolution


@task
def link_waiting() -> int:
    """Look at names that wait and link those that can be; how many it linked."""
    begin()
    return link(clock=SystemClock()).linked


@task
def follow_records() -> int:
    """Bring the successions that records tell up to date; how many it recorded or took back."""
    done = read_successions(load_region(settings.REGION), at=SystemClock().now())
    return done.recorded + done.taken_back


@task
def follow_representatives() -> int:
    """Let roles rest where the register names another legal representative; how many it found."""
    return follow_register(load_region(settings.REGION), at=SystemClock().now())


@task
def index_names() -> int | None:
    """Make the index of names anew where many came since; how many it holds, None if not due."""
    made = nameindex.rebuild_if_due()
    if made is not None:
        resolution.prepare()
    return made
