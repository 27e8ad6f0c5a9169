"""A profile's columns are a criterion's columns: type, unit, share class and level."""

from __future__ import annotations

import pytest

from xinrong.domain.criteria import CriterionRefused, Over, Storage, Type, parse, to_sql
from xinrong.profiles.columns import columns_of_region
from xinrong.profiles.criteria.columns import TYPES, schema_of, sql_type_of
from xinrong.profiles.criteria.errors import CriteriaRefused
from xinrong.profiles.enums import Unit


@pytest.mark.parametrize("region", ["taizhou", "beijing"])
def test_every_indicator_is_a_column_with_the_share_class_and_the_level_of_its_inputs(
    region: str,
) -> None:
    schema, known = schema_of(region, Over.PROFILE), columns_of_region(region)
    assert list(schema) == list(known)
    for name, one in known.items():
        assert (schema[name].share, schema[name].level) == (str(one.share), one.level)
        assert schema[name].title == one.title
        assert sql_type_of(schema[name]) == one.sql_type


def test_every_unit_of_indicators_has_a_type_of_criteria() -> None:
    assert set(TYPES) == set(Unit)


def test_money_is_yuan_as_the_profile_stores_it() -> None:
    schema = schema_of("taizhou", Over.PROFILE)
    assert schema["tax_paid_12m"].storage == Storage.DECIMAL
    assert to_sql(parse("tax_paid_12m >= 20000", schema)) == '"tax_paid_12m" >= 20000'


def test_a_code_has_the_words_of_its_field() -> None:
    grade = schema_of("taizhou", Over.PROFILE)["taxgrade_latest"]
    assert grade.type == Type.CODE
    assert set(grade.values) >= {"A", "B", "M", "C", "D"}


def test_an_event_asks_of_the_record_by_its_contract_names_and_never_who_it_names() -> None:
    schema = schema_of("taizhou", Over.EVENT, "court_judgment")
    assert {"record.amount", "tax_paid_12m"} <= set(schema)
    with pytest.raises(CriterionRefused):
        parse("record.opponent = 'x'", schema)


def test_a_need_is_asked_with_its_enterprise() -> None:
    schema = schema_of("taizhou", Over.NEED)
    assert parse("need.amount <= tax_paid_12m * 10", schema).level == 4


def test_there_are_no_events_of_a_category_that_there_is_not() -> None:
    with pytest.raises(CriteriaRefused, match="no category 'weather'"):
        schema_of("taizhou", Over.EVENT, "weather")
