"""A list of key projects in the invented city."""

from __future__ import annotations

import pytest

from tests.market.projects.cast import Board, a_board, firms


@pytest.fixture
def board(db: None, taizhou: None) -> Board:
    firms()
    return a_board()
