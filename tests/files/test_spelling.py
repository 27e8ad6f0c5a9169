"""The canonical JSON of a file is written straight from it: byte for byte that of its payload."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.domain.canonical import canonical_json
from xinrong.files.spelling import spell
from xinrong.files.types import (
    BasicInformation,
    ComprehensiveInformation,
    CreditCube,
    PositiveNegative,
)

CONTENTS = st.one_of(
    st.builds(BasicInformation),
    st.builds(ComprehensiveInformation),
    st.builds(CreditCube),
    st.builds(PositiveNegative),
)


@given(CONTENTS)
def test_a_file_is_spelled_as_its_payload_is(content) -> None:
    assert content.spelled() == canonical_json(content.payload())


def test_what_a_file_never_holds_is_not_spelled() -> None:
    @dataclass(frozen=True)
    class Odd:
        share: float

    with pytest.raises(TypeError, match="float"):
        spell(Odd(0.5))
