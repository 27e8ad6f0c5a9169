"""Every process that the platform has keeps what every process owes."""

from __future__ import annotations

import pytest
from django.utils.module_loading import autodiscover_modules

from tests.processes import walks
from xinrong.domain.process import Process, lacking, registered

autodiscover_modules("processes")
KNOWN = list(registered())


def test_all_are_found() -> None:
    assert {"consent", "correction", "representation"} <= {process.name for process in KNOWN}


@pytest.mark.parametrize("process", KNOWN, ids=[process.name for process in KNOWN])
def test_it_can_be_walked_and_shown(process: Process) -> None:
    assert lacking(process) == ()
    walks(process)()
