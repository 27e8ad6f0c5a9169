"""Who is in the invented city."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from xinrong.domain.names import fold
from xinrong.domain.uscc import is_lawful, organisation_check, read_code
from xinrong.synth.city import Options
from xinrong.synth.codes import SPACE, codes_of
from xinrong.synth.life import Chunk, chunks_of
from xinrong.synth.register import (
    CONVERTS,
    KINDS,
    MERGES,
    NULL,
    SOLE_TRADER,
    City,
    codes_text,
    days,
    names_text,
    register,
)
from xinrong.synth.words import DISTRICTS, FIRST, SECOND, THIRD


def everyone(city: City) -> np.ndarray:
    return np.arange(1, city.enterprises + 1)


def test_every_code_is_lawful_by_an_independent_implementation(city: City) -> None:
    codes = codes_text(city, register(city, everyone(city))).to_pylist()
    assert all(oracle.is_valid(code) for code in codes)
    assert all(is_lawful(code) for code in codes)
    assert all(read_code(code).code == code and not read_code(code).repairs for code in codes)


def test_the_organisation_code_inside_carries_its_own_check(city: City) -> None:
    codes = codes_text(city, register(city, everyone(city))).to_pylist()
    assert all(organisation_check(code) for code in codes)


def test_every_code_is_marked_as_invented(city: City) -> None:
    codes = codes_text(city, register(city, everyone(city))).to_pylist()
    assert {code[8:10] for code in codes} == {"XR"}


def test_a_code_says_kind_and_district(city: City) -> None:
    people = register(city, everyone(city))
    for code, kind, place in zip(
        codes_text(city, people).to_pylist(), people.kind, people.district, strict=True
    ):
        assert code[1] == {"company": "1", "sole_trader": "2", "cooperative": "3"}[KINDS[kind]]
        assert code[2:8] == DISTRICTS[place].code


@given(
    seed=st.integers(0, 2**63),
    numbers=st.lists(st.integers(1, SPACE - 1), min_size=2, max_size=50, unique=True),
)
def test_different_enterprises_have_different_codes(seed: int, numbers: list[int]) -> None:
    who = np.array(numbers, dtype=np.int64)
    same = np.zeros(len(who), dtype=np.int64)
    codes = codes_of(seed, who, same, same)
    assert len(set(codes.tolist())) == len(numbers)
    assert all(oracle.is_valid(code.decode()) for code in codes.tolist())


def test_names_are_all_different_even_when_folded(city: City) -> None:
    names = names_text(city, register(city, everyone(city))).to_pylist()
    assert len({fold(name) for name in names}) == len(names)


def test_a_name_says_place_and_legal_form(city: City) -> None:
    people = register(city, everyone(city))
    endings = {"company": "有限公司", "cooperative": "专业合作社"}
    for name, kind, place in zip(
        names_text(city, people).to_pylist(), people.kind, people.district, strict=True
    ):
        assert name.startswith(DISTRICTS[place].prefix)
        assert name.endswith(endings.get(KINDS[kind], ""))


def test_the_lists_of_name_characters_have_no_repeats() -> None:
    for characters in (FIRST, SECOND, THIRD):
        assert len(characters) == len(set(characters)) == 64


def test_an_enterprise_is_the_same_whoever_asks(city: City) -> None:
    whole = register(city, everyone(city))
    some = np.array([4321, 17, 5999, 18])
    part = register(city, some)
    for name in ("kind", "district", "industry", "founded", "ended", "fate", "yearly_sales"):
        assert getattr(part, name).tolist() == getattr(whole, name)[some - 1].tolist(), name
    assert names_text(city, part).to_pylist() == names_text(city, whole).take(some - 1).to_pylist()


def test_another_seed_is_another_city(city: City) -> None:
    other = City(city.seed + 1, city.enterprises, city.start, city.until)
    mine, theirs = register(city, everyone(city)), register(other, everyone(other))
    assert (mine.industry != theirs.industry).mean() > 0.8
    assert not set(codes_text(city, mine).to_pylist()) & set(codes_text(other, theirs).to_pylist())


def test_sizes_are_spread_like_real_ones(city: City) -> None:
    people = register(city, everyone(city))
    yuan = people.yearly_sales / 100
    assert np.percentile(yuan, 99) > 50 * np.median(yuan)
    assert np.median(yuan[people.kind == SOLE_TRADER]) < 500_000
    assert 0.3 < (people.kind == SOLE_TRADER).mean() < 0.7


def test_every_district_and_trade_is_there(city: City) -> None:
    people = register(city, everyone(city))
    assert set(people.district) == set(range(len(DISTRICTS)))
    assert set(people.industry) == set(range(30))


def test_both_halves_of_a_pair_agree(city: City) -> None:
    people = register(city, everyone(city))
    sources = np.nonzero(np.isin(people.fate, (MERGES, CONVERTS)))[0]
    assert len(sources) > 20
    for place in sources:
        target = int(people.partner[place]) - 1
        assert people.partner[target] == people.number[place]
        assert people.ended[target] == NULL
        assert city.start < people.ended[place] <= city.until
        if people.fate[place] == CONVERTS:
            assert people.kind[place] == SOLE_TRADER
            assert people.founded[target] == people.ended[place]
            assert people.district[target] == people.district[place]
            assert people.industry[target] == people.industry[place]


@pytest.mark.parametrize("size", [1_000, 1_001, 4_999, 5_000, 5_001, 12_345])
def test_chunks_cover_every_enterprise_once(size: int) -> None:
    city = Options(enterprises=size).city()
    numbers = np.concatenate([chunk.people.number for chunk in chunks_of(city)])
    assert numbers.tolist() == list(range(1, size + 1))


@pytest.mark.parametrize(
    ("until", "years", "start", "months"),
    [
        (date(2026, 10, 31), 3, date(2023, 11, 1), 36),
        (date(2026, 12, 31), 1, date(2026, 1, 1), 12),
        (date(2024, 2, 29), 2, date(2022, 3, 1), 24),
        (date(2026, 10, 15), 1, date(2025, 11, 1), 12),
    ],
)
def test_the_window_is_whole_months_up_to_the_last_day(
    until: date, years: int, start: date, months: int
) -> None:
    city = Options(until=until, years=years).city()
    assert (city.start, city.until, city.months) == (days(start), days(until), months)


def test_renamed_enterprises_had_another_name(chunk: Chunk) -> None:
    renamed = np.nonzero(chunk.people.renamed != NULL)[0]
    assert len(renamed) > 10
    names, size = chunk.names.to_pylist(), len(chunk.people)
    assert all(names[place] != names[size + place] for place in renamed)
