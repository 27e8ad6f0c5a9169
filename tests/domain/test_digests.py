"""Keys and digests: the same in Python and in DuckDB."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.domain.digests import content_of, digest, key_of, key_text

PARTS = st.lists(
    st.none() | st.text(alphabet=st.characters(codec="utf-8"), max_size=12), max_size=5
)
SQL = """
    select (md5_number_lower(concat_ws(chr(31), $1, array_to_string(list_transform(
        $2::varchar[],
        lambda part: coalesce(translate(part, chr(30) || chr(31), '  '), chr(30))
    ), chr(31)))) >> 1)::bigint
"""


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connected:
        yield connected


@given(text=st.text(alphabet=st.characters(codec="utf-8")))
def test_duckdb_computes_the_same_number_of_a_text(
    connection: duckdb.DuckDBPyConnection, text: str
) -> None:
    sql = "select (md5_number_lower($1::varchar) >> 1)::bigint"
    assert connection.execute(sql, [text]).fetchall() == [(digest(text),)]


@given(parts=PARTS.filter(bool))
def test_duckdb_builds_the_same_key(
    connection: duckdb.DuckDBPyConnection, parts: list[str | None]
) -> None:
    found = connection.execute(SQL, ["some_category", parts]).fetchall()
    assert found == [(key_of("some_category", parts),)]


@given(PARTS, PARTS)
def test_different_parts_have_different_texts(
    left: list[str | None], right: list[str | None]
) -> None:
    clean = str.maketrans("\x1e\x1f", "  ")
    same = [part and part.translate(clean) for part in left] == [
        part and part.translate(clean) for part in right
    ]
    assert (key_text("c", left) == key_text("c", right)) == same or not (left and right)


def test_an_unknown_part_is_not_an_empty_one() -> None:
    assert len({key_of("c", [None]), key_of("c", [""]), key_of("c", ["", ""])}) == 3
    assert content_of([None, "1"]) != content_of(["1", None])


@given(PARTS)
def test_a_digest_fits_a_signed_64_bit_column(parts: list[str | None]) -> None:
    assert 0 <= key_of("c", parts) < 2**63
    assert 0 <= content_of(parts) < 2**63


def test_known_digests_never_change() -> None:
    assert digest("abc") == 4125280303191149419
    assert key_text("penalty", ["91110108672355000Q", None]) == (
        "penalty\x1f91110108672355000Q\x1f\x1e"
    )
