"""The desk of the service centre in the invented city."""

from __future__ import annotations

import pytest

from tests.market.centre.cast import Desk, a_desk, firms


@pytest.fixture
def desk(db: None, taizhou: None) -> Desk:
    firms()
    return a_desk()
