"""The law packs answer every case as it was worked by hand from the text."""

from __future__ import annotations

import pytest

from tests.domain.law.cases import Case, cases

CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_a_case_worked_by_hand_comes_out_as_the_text_says(case: Case) -> None:
    assert case.wrong() == ""
