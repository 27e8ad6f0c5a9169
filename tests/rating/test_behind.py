"""Some indicators are those of the whole profile, and the records behind them are what they count."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import settings

from tests.profiles import city
from xinrong.profiles.compiling import compiled, compiled_part
from xinrong.profiles.services import load_indicators, profile_of, records_behind
from xinrong.profiles.single import profile_now
from xinrong.rating.cards import load_cards
from xinrong.store.services import snapshot

pytestmark = pytest.mark.django_db
FIRMS = range(1, 41, 3)


def test_some_indicators_are_those_of_the_whole_computed_now_and_published(profiled: Any) -> None:
    names = load_cards("taizhou").reads
    part, all_of_them = compiled_part("taizhou", names), compiled(settings.REGION)
    assert len(part.statements) < len(all_of_them.statements)
    with snapshot() as snap:
        for number in FIRMS:
            whole = profile_of(number, snap, city.UNTIL)
            for row in (
                profile_now(snap, number, city.UNTIL, names),
                profile_of(number, snap, city.UNTIL, names),
            ):
                assert set(row.values) == names
                assert all(whole.values[name] == value for name, value in row.values.items())
                for category in part.categories:
                    assert row.reason(category, part) == whole.reason(category, all_of_them)


def test_the_records_behind_a_count_are_as_many_as_it_counts(filled: Any) -> None:
    known = load_indicators("taizhou").all
    counts = frozenset(
        name for name, one in known.items() if one.sql.upper().replace(" ", "") == "COUNT(*)"
    )
    assert len(counts) > 20
    seen = 0
    with snapshot() as snap:
        for number in FIRMS:
            row = profile_now(snap, number, city.UNTIL, counts)
            found = records_behind(number, snap, city.UNTIL, counts, among=counts)
            for name in counts:
                assert len(found[name]) == (row.values[name] or 0), (number, name)
                seen += len(found[name])
                assert all(one.category == known[name].category for one in found[name])
    assert seen > 50


def test_what_lies_after_the_day_or_is_not_asked_about_is_behind_nothing(filled: Any) -> None:
    names = load_cards("taizhou").reads
    with snapshot() as snap:
        early = records_behind(5, snap, date(2000, 1, 1), ["tax_paid_12m"], among=names)
        assert early == {"tax_paid_12m": ()}
        assert records_behind(5, snap, city.UNTIL, [], among=names) == {}
        days = [one.day for one in records_behind(
            5, snap, city.UNTIL, ["tax_paid_12m"], among=names)["tax_paid_12m"]]  # fmt: skip
    assert days
    assert days == sorted(days, reverse=True)
