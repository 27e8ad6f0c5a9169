"""Measures: only what the catalogue names, on entries that stand, within their days."""

from __future__ import annotations

from datetime import date

import pytest

from tests.remedy.listing.conftest import DAY, HEARD, Town, go, hide
from xinrong.remedy.listing.errors import ListingRefused
from xinrong.remedy.listing.following import follow_listings
from xinrong.remedy.listing.measures import apply, offered, report, stop
from xinrong.remedy.listing.models import AppliedMeasure, ListEntry
from xinrong.store import services as store

TODAY = date(2026, 11, 10)


def applied(town: Town, case: str, measure: str = "no_subsidy", **change: object) -> AppliedMeasure:
    given = {"until": None, "why": "按目录办理", "now": HEARD, **change}
    return apply(town.finance, case, measure, **given)  # type: ignore[arg-type]


def test_a_department_applies_what_the_catalogue_names_for_it(town: Town) -> None:
    case = town.entered()
    names = [one.measure.id for one in offered(town.finance, "malicious_arrears", TODAY)]
    assert names == ["no_procurement", "no_subsidy"]
    made = applied(town, case.number)
    assert (made.from_on, made.until_on, made.live) == (TODAY, date(2029, 11, 10), 1)
    report(town.finance, made.pk, "已停发两笔补助", now=HEARD)
    stop(town.finance, made.pk, "企业已清偿一半，先行解除", now=HEARD + DAY)
    made.refresh_from_db()
    assert (made.state, made.live, made.effect) == ("ended", None, "已停发两笔补助")


WRONG = (
    ("fast_lane", {}, "measure_unknown"),  # a reward, of red lists
    ("key_inspection", {}, "measure_unknown"),  # of other departments
    ("no_measure", {}, "measure_unknown"),
    ("no_subsidy", {"until": date(2026, 11, 9)}, "measure_days"),
    ("no_subsidy", {"until": date(2029, 11, 11)}, "measure_days"),
    ("no_subsidy", {"why": " "}, "measure_text"),
    ("no_subsidy", {"why": "长" * 501}, "measure_text"),
)


def test_what_cannot_be_applied_is_refused(town: Town) -> None:
    case = town.entered()
    for measure, change, code in WRONG:
        with pytest.raises(ListingRefused) as refused:
            applied(town, case.number, measure, **change)
        assert refused.value.code == code, measure
    for who in (town.court, town.firm, town.operator):
        with pytest.raises(ListingRefused):
            apply(who, case.number, "no_subsidy", until=None, why="x", now=HEARD)
    assert not AppliedMeasure.objects.exists()
    applied(town, case.number)
    with pytest.raises(ListingRefused) as refused:
        applied(town, case.number)
    assert refused.value.code == "measure_again"


def test_nothing_follows_from_what_was_only_told_or_is_over(town: Town) -> None:
    case = town.propose()
    for number in (case.number, "0" * 32, ""):
        with pytest.raises(ListingRefused) as refused:
            applied(town, number)
        assert refused.value.code == "measure_entry"


def test_measures_end_with_their_entry_and_none_is_applied_after_it(town: Town) -> None:
    case = town.entered()
    made = applied(town, case.number)
    assert go(case, "revoke", town.human_resources, HEARD + DAY) == "revoked"
    made.refresh_from_db()
    assert (made.state, made.ended_why, made.live) == ("ended", "entry", None)
    with pytest.raises(ListingRefused) as refused:
        applied(town, case.number)
    assert refused.value.code == "measure_entry"


def test_a_hidden_basis_stops_measures_before_the_worker_has_looked(town: Town) -> None:
    case = town.entered()
    record = hide("objection")
    with pytest.raises(ListingRefused):
        applied(town, case.number)
    store.lift([record], basis="objection", reason="查无此事", at=HEARD)
    made = applied(town, case.number)
    hide("objection")
    follow_listings(now=HEARD)
    made.refresh_from_db()
    assert (made.state, made.live) == ("suspended", None)
    store.lift([record], basis="objection", reason="查无此事", at=HEARD)
    follow_listings(now=HEARD)
    made.refresh_from_db()
    assert (made.state, made.live) == ("applied", 1)


def test_a_measure_ends_after_its_own_last_day(town: Town) -> None:
    case = town.entered()
    made = applied(town, case.number, until=TODAY)
    assert follow_listings(now=HEARD) == 0
    assert follow_listings(now=HEARD + DAY) == 1
    made.refresh_from_db()
    assert made.state == "ended"
    assert ListEntry.objects.get().state == "entered"


def test_anothers_measure_is_not_mine_to_end(town: Town) -> None:
    case = town.entered()
    made = applied(town, case.number)
    for verb in (report, stop):
        with pytest.raises(ListingRefused) as refused:
            verb(town.economy, made.pk, "不归我管", now=HEARD)
        assert refused.value.code == "measure_unknown"


def test_a_measure_of_an_edition_that_does_not_hold_is_not_offered(town: Town) -> None:
    assert offered(town.finance, "malicious_arrears", date(2017, 12, 31)) == []
    [one, _] = offered(town.finance, "malicious_arrears", date(2018, 1, 1))
    assert one.edition.edition == "zhejiang-2018"
