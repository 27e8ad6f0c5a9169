"""Names: one form for the writings of one name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.reading import labelled
from xinrong.domain.names import fold, looks_like_enterprise


@pytest.mark.parametrize(("left", "right", "same"), labelled("names", "left", "right", "same"))
def test_labelled_names_fold_to_one_form_or_to_two(left: str, right: str, same: str) -> None:
    assert (fold(left) == fold(right)) == (same == "1")


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(st.text(alphabet="北京某（）() 　科技Ab1·", max_size=20))
def test_no_space_or_bracket_is_left(name: str) -> None:
    assert not set(fold(name)) & set("（）() 　·")


@pytest.mark.parametrize("name", [None, "", "（）", " "])
def test_nothing_folds_to_nothing(name: str | None) -> None:
    assert fold(name) == ""


@pytest.mark.parametrize(
    "name", ["某某科技有限公司", "某某面馆", "Acme Co., Ltd.", "某某农民专业合作社"]
)
def test_a_registered_body_is_recognised(name: str) -> None:
    assert looks_like_enterprise(name)


@pytest.mark.parametrize("name", ["", None, "某甲", "欧阳某某", "某某店"])
def test_a_persons_or_too_short_a_name_is_not_taken_for_one(name: str | None) -> None:
    assert not looks_like_enterprise(name)
