"""Background work on profiles, for whatever backend `TASKS` names. Safe to repeat.

`xinrong profile watch` does the same twice a second; the worker does it for whoever runs no watch.
"""

from __future__ import annotations

from django.tasks import task

from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.profiles.criteria.services import ask_events
from xinrong.profiles.following import keep_up
from xinrong.profiles.models import ProfileBatch


@task
def keep_profiles() -> int:
    """Keep profiles up with commits and days, once somebody has built one; how many it made.

    Then ask the criteria over events about what has come.
    """
    if not ProfileBatch.objects.exists():
        return 0
    now = SystemClock().now()
    done, _whole = keep_up(now, day_in_china(now))
    ask_events(day_in_china(now))
    return done
