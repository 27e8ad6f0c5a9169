"""Papers of each test lie in a folder of its own; two operators and two people."""

from __future__ import annotations

from types import SimpleNamespace

import django
import pytest

django.setup()

from tests.accounts.proof import support  # noqa: E402 - models need Django


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DATA = tmp_path
    settings.JOURNAL = tmp_path / "journal"


@pytest.fixture
def cast(db):
    first, second = support.operators("op1", "op2")
    return SimpleNamespace(
        wang=support.person("王"), li=support.person("李"), first=first, second=second
    )
