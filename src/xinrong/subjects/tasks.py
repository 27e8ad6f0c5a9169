"""Background work on subjects, for whatever backend `TASKS` names.

A run may be repeated: it looks at what is new, whoever made it so.
"""

from __future__ import annotations

from django.tasks import task

from xinrong.domain.clock import SystemClock
from xinrong.subjects.judging.due import begin
from xinrong.subjects.judging.running import link_waiting as link


@task
def link_waiting() -> int:
    """Look at names that wait and link those that can be; how many it linked."""
    begin()
    return link(clock=SystemClock()).linked
