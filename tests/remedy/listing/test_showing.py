"""What of a list is shown to whom: through the gate, by the list's own catalogue, read anew."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.profiles import city
from tests.remedy.listing.conftest import DAY, HEARD, NOW, Town, go, hide
from xinrong.accounts.services import PUBLIC
from xinrong.remedy.listing.errors import ListingRefused
from xinrong.remedy.listing.measures import apply
from xinrong.remedy.listing.models import ListEntry
from xinrong.remedy.listing.reading import (
    desk_entries,
    desk_entry,
    desk_rows,
    figures,
    own_entries,
    public_entries,
    unmet,
)
from xinrong.store import services as store
from xinrong.subjects.models import Enterprise
from xinrong.trust.models import AuditRow
from xinrong.trust.services import words_digest

WAGES = "malicious_arrears"


def names(now: datetime = HEARD, words: str = "") -> list[str]:
    return [one.name for one in public_entries(PUBLIC, WAGES, words, now=now).entries]


def test_everybody_sees_what_the_list_publishes_and_no_more(town: Town) -> None:
    town.entered()
    [one] = public_entries(PUBLIC, WAGES, now=HEARD).entries
    assert (one.name, one.code, one.ground) == ("企业1", city.code(1), "wages")
    assert (one.entered_on, one.shown_until) == (date(2026, 11, 10), date(2029, 11, 10))
    assert one.responsible == (("虚构人", "法定代表人"),)
    assert (one.case, one.measures, one.noticed_on) == ("", (), None)


def test_what_was_only_told_is_nobody_elses_business(town: Town) -> None:
    case = town.propose()
    assert names(NOW) == []
    assert [one.state for one in own_entries(town.firm, now=NOW)] == ["noticed"]
    go(case, "drop", town.human_resources)
    assert names(NOW) == []


def test_a_public_look_names_whom_it_showed_and_keeps_no_words(town: Town) -> None:
    town.entered()
    names(words="企业1")
    row = AuditRow.objects.latest("pk")
    assert (row.purpose, row.service, row.product) == ("public", "lists", "record")
    assert (row.enterprises, row.organisation_id, row.person_id) == ([1], None, None)
    assert row.parameters == {
        "product": "list_entries", "way": "public", "day": "2026-11-10", "list": WAGES,
        "words": words_digest("企业1"),
    }  # fmt: skip
    assert names(words="无此企业") == []
    row = AuditRow.objects.latest("pk")
    assert (row.enterprises, row.parameters["words"]) == ([], words_digest("无此企业"))


def test_a_search_finds_a_part_of_a_name_or_a_whole_code(town: Town) -> None:
    town.entered()
    for words in ("企业1", " 企业1 ", city.code(1), city.code(1).lower()):
        assert names(words=words) == ["企业1"], words
    for words in ("企业9", city.code(1)[:9], "%", "' OR 1=1 --", "企" * 500):
        assert names(words=words) == [], words


def test_a_hidden_basis_hides_the_entry_before_the_worker_has_looked(town: Town) -> None:
    town.entered()
    for basis in ("repair", "objection", "display_over"):
        record = hide(basis)
        assert names() == []
        rows = list(desk_rows(town.finance, now=HEARD))
        assert desk_entries(town.finance, rows, now=HEARD) == []
        assert own_entries(town.firm, now=HEARD) != ()
        assert ListEntry.objects.get().state == "entered"
        store.lift([record], basis=basis, reason="测试", at=HEARD)
        assert names() == ["企业1"]
    store.erase([store.RecordId("wage_arrears", 11, 1)], article="示例", reason="测试", at=HEARD)
    assert names() == []


def test_it_is_shown_up_to_its_last_day_in_china(town: Town) -> None:
    town.entered()
    ListEntry.objects.update(shown_until=date(2026, 11, 20))
    assert names(datetime(2026, 11, 20, 15, 59, tzinfo=UTC)) == ["企业1"]
    assert names(datetime(2026, 11, 20, 16, tzinfo=UTC)) == []


def test_a_person_is_in_no_public_list(town: Town) -> None:
    Enterprise.objects.filter(pk=1).update(kind="sole_trader")
    town.entered()
    assert names() == []
    assert own_entries(town.firm, now=HEARD) != ()


def test_a_list_that_is_not_published_shows_nobody(town: Town) -> None:
    for name in ("honest_taxpayer", "no_list"):
        with pytest.raises(ListingRefused) as refused:
            public_entries(PUBLIC, name, now=HEARD)
        assert refused.value.code == "list_unknown"


def test_an_enterprise_sees_its_own_entries_measures_and_nobody_elses(town: Town) -> None:
    case = town.entered()
    town.propose(code=city.code(2), record=town.ref(2))
    apply(town.finance, case.number, "no_subsidy", until=None, why="按目录办理", now=HEARD)
    [one] = own_entries(town.firm, now=HEARD)
    assert [(each.measure, each.state) for each in one.measures] == [("no_subsidy", "applied")]
    with pytest.raises(ListingRefused):
        own_entries(town.finance, now=HEARD)


def test_a_desk_holds_what_is_a_departments_business(town: Town) -> None:
    case = town.entered()
    for who, seen in ((town.human_resources, 1), (town.finance, 1), (town.tax, 1), (town.court, 0)):
        rows = list(desk_rows(who, now=HEARD))
        assert len(desk_entries(who, rows, now=HEARD)) == seen, who.reference
    with pytest.raises(ListingRefused):
        desk_entry(town.court, case.number, now=HEARD)
    assert desk_entry(town.finance, case.number, now=HEARD).responsible
    [watched] = desk_entries(town.operator, list(desk_rows(town.operator, now=HEARD)), now=HEARD)
    assert watched.responsible == ()
    assert desk_entries(town.firm, list(ListEntry.objects.all()), now=HEARD) == []


def test_what_a_department_has_not_answered_waits_for_it(town: Town) -> None:
    case = town.entered()
    assert unmet(town.finance, now=HEARD).count() == 1
    assert unmet(town.court, now=HEARD).count() == 0
    apply(town.finance, case.number, "no_subsidy", until=None, why="按目录办理", now=HEARD)
    assert unmet(town.finance, now=HEARD).count() == 0


def test_a_red_entry_shows_its_commendation(town: Town) -> None:
    honour = {
        "subject": 4, "key": 41, "polarity": 1, "code": "证1", "t1": "示范企业", "t2": "某局",
        "event_date": date(2025, 1, 1), "end_date": date(2028, 1, 1),
    }  # fmt: skip
    city.put(city.rows_of("honour", honour), NOW)
    from xinrong.remedy.listing.proposing import Proposed, candidates, propose
    from xinrong.work.services import tick

    [found] = candidates(town.economy, "commended_enterprise", city.code(4), now=NOW)
    case = propose(
        town.economy,
        Proposed("commended_enterprise", city.code(4), "honoured", found.record.ref, "持有荣誉"),
        now=NOW,
    )
    tick(HEARD)
    assert go(case, "enter", town.economy, HEARD) == "entered"
    [one] = public_entries(PUBLIC, "commended_enterprise", now=HEARD).entries
    assert one.responsible == ()
    made = apply(town.finance, case.number, "subsidy_first", until=None, why="优先", now=HEARD)
    go(case, "disqualify", town.economy, HEARD + DAY)
    made.refresh_from_db()
    assert made.state == "ended"


def test_figures_count_each_list(town: Town) -> None:
    case = town.entered()
    apply(town.finance, case.number, "no_subsidy", until=None, why="按目录办理", now=HEARD)
    go(case, "revoke", town.human_resources, HEARD + DAY)
    one = next(each for each in figures() if each.list.list == WAGES)
    assert dict(one.states) == {"ended": 1}
    assert dict(one.exits) == {"revoked": 1}
    assert (dict(one.measures), one.reported) == ({"ended": 1}, 0)
