"""Digests by column are those that `domain.digests` gives text by text."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.collect.judging import hashing
from xinrong.collect.judging.hashing import digests_of
from xinrong.domain.digests import digest

#: Longer and shorter than a block of 64 bytes, with the edges at 55 and 56 bytes.
TEXTS = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=90),
    st.integers(40, 140).map(lambda size: "x" * size),
    st.sampled_from(["", "\x1e", "\0", "é" * 27 + "x", "税" * 64]),
)


@given(
    texts=st.lists(TEXTS, max_size=20), start=st.integers(0, 3), rows=st.sampled_from([1, 3, 99])
)
def test_a_column_has_the_digests_of_its_texts(texts: list[str], start: int, rows: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashing, "SLICE", rows)
        found = digests_of(pa.array(texts, pa.string()).slice(start))
    assert found.to_pylist() == [digest(text) for text in texts[start:]]


@pytest.mark.parametrize("size", [0, 1, 55, 56, 63, 64, 119, 120, 1_000, 1_015, 1_016, 5_000])
def test_a_text_of_any_length_has_its_digest(size: int) -> None:
    text = "信" * (size // 3) + "x" * (size % 3)
    assert digests_of(pa.array([text, "short", text])).to_pylist() == [
        digest(text),
        digest("short"),
        digest(text),
    ]
