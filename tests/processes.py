"""The random walker for a test of any process, in two lines:

from tests.processes import walks

test_register_correction = walks(CORRECTION)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xinrong.domain.calendars import CHINA_CALENDAR, Calendar
from xinrong.domain.process import Guard, Process
from xinrong.domain.process.walking import prove, walk


def walks(
    process: Process,
    guards: Mapping[str, Guard] | None = None,
    *,
    steps: int = 25,
    calendar: Calendar = CHINA_CALENDAR,
) -> Callable[[], None]:
    """A test that walks a process: from the beginning as long as it goes, and from every state.

    Guards that are not given hold or fail at random. A failing walk is printed with its log.
    """

    @given(st.integers(0, 2**32 - 1))
    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    def test_walk(seed: int) -> None:
        random = Random(seed)
        walk(process, random, steps, guards, calendar)
        for parallel in process.parallels:
            walk(parallel.table, random, steps, guards, calendar)

    def test() -> None:
        prove(process, Random(1), guards=guards, calendar=calendar)
        test_walk()

    test.__doc__ = f"Walks of the process {process.name}."
    return test
