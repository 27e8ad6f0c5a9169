"""The cast of applications, with an organiser of events."""

from __future__ import annotations

import pytest

from tests.market.applying.conftest import cast
from tests.market.needs.cast import person
from xinrong.accounts.services import Viewer

__all__ = ["cast", "organiser"]


@pytest.fixture
def organiser(cast: object) -> Viewer:
    return person("organiser", "operator", "operator")
