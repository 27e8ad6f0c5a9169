"""What is to run in the background is there to be run."""

from __future__ import annotations

import pytest
from django.tasks import Task
from django.utils.module_loading import import_string

from xinrong.schedules import EVERY


@pytest.mark.parametrize("name", EVERY)
def test_every_schedule_names_a_task_that_is_there(name: str) -> None:
    task, seconds = EVERY[name]
    assert isinstance(import_string(task), Task)
    assert seconds >= 30, "the worker looks for what is due every few seconds"
