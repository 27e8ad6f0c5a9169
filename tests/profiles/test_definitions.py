"""What a definition may say; whatever else it says is refused with its place and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from xinrong.catalogue.region import load_region
from xinrong.profiles.columns import columns_of_region
from xinrong.profiles.compiling import compiled
from xinrong.profiles.definitions import build, load_indicators
from xinrong.profiles.enums import Unit
from xinrong.profiles.errors import DefinitionError, UnknownIndicator


def family(**more: Any) -> dict[str, Any]:
    one = {
        "id": "test_one",
        "title": {"zh": "试", "en": "Test"},
        "definition": {"zh": "试。", "en": "A test."},
        "category": "tax_arrears",
        "unit": "yuan",
        "window": "12m",
        "direction": "lower",
        "sql": "sum(amount)",
        **more,
    }
    return {"family": "test", "title": {"zh": "试", "en": "Test"}, "indicators": [one]}


def made(**more: Any) -> Any:
    return build(load_region("taizhou"), iter([("test.yaml", family(**more))]))


def test_there_are_at_least_150_indicators_of_every_family_that_a_lender_asks_for() -> None:
    known = load_indicators("taizhou")
    assert len(known.all) >= 150
    asked = {
        "registration", "tax_payment", "vat_invoice", "electricity_bill", "social_insurance",
        "court_judgment", "administrative_penalty", "chattel_pledge", "guarantee",
        "administrative_licence", "honour", "annual_report", "investment", "loan_overdue",
    }  # fmt: skip
    assert asked <= set(known.categories)


def test_every_indicator_says_what_it_is_in_both_languages() -> None:
    for one in load_indicators("taizhou").all.values():
        assert one.title.zh != one.title.en
        assert one.definition.zh.endswith("。"), one.id
        assert one.definition.en.endswith("."), one.id


def test_no_two_indicators_have_the_same_title() -> None:
    known = load_indicators("taizhou").all.values()
    for language in ("zh", "en"):
        titles = [one.title.in_language(language) for one in known]
        assert len(titles) == len(set(titles)), [t for t in titles if titles.count(t) > 1]


def test_a_region_has_the_indicators_that_its_catalogue_can_feed() -> None:
    for region in ("beijing", "taizhou"):
        for one in load_indicators(region).all.values():
            assert one.category in load_region(region).contracts


def test_all_indicators_of_a_category_are_one_statement() -> None:
    statements = compiled("taizhou").statements
    assert len(statements) == len(load_indicators("taizhou").categories)
    assert sum(len(one.indicators) for one in statements) == len(load_indicators("taizhou").all)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"sql": "sum(amount) FILTER (WHERE announced_on < now())"}, "indicator_function"),
        ({"sql": "max(date_diff('day', announced_on, today()))"}, "indicator_function"),
        ({"where": "announced_on > current_date"}, "indicator_function"),
        ({"window": "-3m"}, "indicator_window"),
        ({"window": "3y"}, "indicator_window"),
        ({"sql": "sum(amount) FILTER (WHERE within(0 - 3))"}, "indicator_window"),
        ({"sql": "sum((SELECT max(amount) FROM tax_arrears))"}, "indicator_definition"),
        ({"sql": "amount"}, "indicator_definition"),
        ({"where": "sum(amount) > 3"}, "indicator_definition"),
        ({"sql": "sum(amount"}, "indicator_definition"),
        ({"sql": "sum(amount), 1"}, "indicator_definition"),
        ({"sql": "sum(amount) FROM secrets"}, "indicator_definition"),
        ({"sql": "sum(amount + $seq)"}, "indicator_definition"),
        ({"unit": "furlong"}, "indicator_definition"),
        ({"per": "tax"}, "indicator_definition"),
        ({"surprise": 1}, "indicator_definition"),
    ],
)
def test_a_definition_that_says_what_it_may_not_is_refused(said: Any, code: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        made(**said)
    assert refused.value.code == code
    assert refused.value.place.file == "test.yaml"
    assert refused.value.remedy


def test_an_indicator_of_a_field_that_the_region_does_not_have_is_left_out() -> None:
    assert not made(sql="sum(no_such_field)").all


def test_two_indicators_of_one_name_are_refused() -> None:
    both = [("a.yaml", family()), ("b.yaml", family())]
    with pytest.raises(DefinitionError, match="two indicators test_one"):
        build(load_region("taizhou"), iter(both))


@pytest.mark.parametrize(
    ("reads", "code", "told"),
    [
        ({"test_one": "test_one"}, "strata_cycle", "test_one → test_one"),
        ({"test_one": "test_two", "test_two": "test_one"}, "strata_cycle", "→ test_two →"),
        ({"test_one": "test_two", "test_two": "amount"}, "indicator_stratum", "reads test_two"),
    ],
)
def test_an_indicator_of_indicators_is_refused_with_the_circle_if_there_is_one(
    reads: dict[str, str], code: str, told: str
) -> None:
    families = [(f"{name}.yaml", family(id=name, sql=f"sum({read})"))
                for name, read in reads.items()]  # fmt: skip
    with pytest.raises(DefinitionError, match=told) as refused:
        build(load_region("taizhou"), iter(families))
    assert refused.value.code == code
    assert refused.value.place.file == "test_one.yaml"
    assert refused.value.remedy


def test_an_unknown_indicator_is_told_by_its_name() -> None:
    with pytest.raises(UnknownIndicator, match="no_such"):
        load_indicators("taizhou").named("no_such")


# -- how secret a column is ---------------------------------------------------------------


def test_a_column_is_as_secret_as_the_most_secret_field_that_it_is_made_of() -> None:
    columns = columns_of_region("taizhou")
    assert (columns["tax_paid_12m"].share, columns["tax_paid_12m"].level) == ("consent", 4)
    assert (columns["arr_open_now"].share, columns["arr_open_now"].level) == ("open", 1)
    assert columns["rep_staff"].level == 2
    assert columns["rep_debt_ratio"].level == 3


def test_a_column_inherits_the_field_by_which_its_records_are_grouped() -> None:
    buyers = columns_of_region("taizhou")["inv_repeat_buyers_12m"]
    assert ("vat_invoice", "buyer") in buyers.fields
    assert buyers.level == 4


def test_a_column_inherits_the_field_that_its_filter_tells_of() -> None:
    assert ("loan", "class") in columns_of_region("taizhou")["loan_bad_balance"].fields


def test_nothing_that_is_never_shared_becomes_an_indicator() -> None:
    assert all(one.share != "never" for one in columns_of_region("taizhou").values())


def test_every_column_has_a_type_and_a_unit() -> None:
    for one in columns_of_region("taizhou").values():
        assert one.sql_type
        assert one.unit in Unit
        assert any(field for _category, field in one.fields)
