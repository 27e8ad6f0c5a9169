"""Names taken apart: labelled cases, and what holds for every name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xinrong.domain.naming import parse

_NAMES = st.text(
    alphabet="北京市海淀区青柏科技商贸有限责任公司分店第一二（）()-原名 　:A1", max_size=24
)


@given(st.text(max_size=40) | _NAMES)
def test_no_name_is_too_odd_to_parse(name: str) -> None:
    parsed = parse(name)
    assert bool(parsed.trade_name) == bool(parsed.folded)
    assert parse(name) == parsed


@given(st.text(max_size=40) | _NAMES)
def test_parsing_what_was_folded_gives_the_same_parts(name: str) -> None:
    once = parse(name)
    again = parse(once.folded)
    for part in ("folded", "region_code", "trade_name", "industry", "form", "branch"):
        assert getattr(again, part) == getattr(once, part), part
