"""The process of each list holds, whoever moves it; what a restore does with what has ended."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.processes import walks
from tests.profiles import city
from tests.remedy.listing.conftest import HEARD, Town, go
from xinrong.catalogue.lists import Clocked, Colour
from xinrong.catalogue.lists_pack import written_lists
from xinrong.domain.process import lacking
from xinrong.remedy.errors import RemedyRefused
from xinrong.remedy.listing import writing
from xinrong.remedy.listing.catalogue import ListChanged, book, sync
from xinrong.remedy.listing.checking import lint_lists
from xinrong.remedy.listing.errors import ListingRefused
from xinrong.remedy.listing.inventing import invent_entries
from xinrong.remedy.listing.measures import apply
from xinrong.remedy.listing.models import AppliedMeasure, ListEdition, ListEntry, ListGround
from xinrong.remedy.listing.table import list_name, listing_process, process_name
from xinrong.remedy.listing.writing import shown_until
from xinrong.store.services import Entry, Outcome
from xinrong.work.services import waiting_for

LISTS = {one.list: one for one in written_lists("taizhou")}

test_walk_of_a_black_list = walks(listing_process(LISTS["malicious_arrears"]))
test_walk_of_a_red_list = walks(listing_process(LISTS["commended_enterprise"]))


def test_every_list_has_a_process_with_its_own_clocks_and_ways_off() -> None:
    for one in LISTS.values():
        process = listing_process(one)
        assert lacking(process) == ()
        assert list_name(process.name) == one.list
        assert process_name(one.list) == process.name
        waits = {"noticed", "heard", "deciding", "exit_asked", "exit_late"}
        assert {clock.state for clock in process.deadlines} == waits
        assert "entered" not in {state for state in process.states if process.turns(state)}
        ways = {"fulfil", "restructure", "disqualify", "revoke"} & set(process.events)
        assert "revoke" in ways
        assert ("disqualify" in ways) == (one.colour is Colour.RED)
    assert list_name("correction") == ""


def test_the_grounds_of_a_region_read_as_criteria() -> None:
    assert lint_lists("taizhou") == []
    assert lint_lists("beijing") == []


def test_days_are_counted_as_the_civil_code_counts_them(taizhou: None) -> None:
    one = LISTS["honest_taxpayer"]  # a year, and no law of the place is shorter
    assert shown_until(one, date(2028, 2, 29), personal=False) == date(2029, 2, 28)
    assert shown_until(one, date(2027, 2, 28), personal=False) == date(2028, 2, 28)
    assert shown_until(one, date(2026, 12, 31), personal=False) == date(2027, 12, 31)
    black = LISTS["tax_breach"]
    assert shown_until(black, date(2028, 2, 29), personal=False) == date(2031, 2, 28)


def test_a_law_that_is_shorter_than_the_list_ends_the_entry_first(taizhou: None) -> None:
    display = Clocked(years=9, source=LISTS["tax_breach"].display.source)
    longer = LISTS["tax_breach"].model_copy(update={"display": display})
    assert shown_until(longer, date(2026, 11, 10), personal=False) == date(2029, 11, 10)
    debtor = LISTS["judgment_debtor"].model_copy(update={"display": display})
    assert shown_until(debtor, date(2026, 11, 10), personal=False) == date(2028, 11, 10)


def journalled(kind: str, town: Town, case: Any, **more: str) -> Entry:
    return Entry(1, HEARD, kind, {"case": case.number, **more}, "", "")


def test_a_restore_ends_what_has_ended_since_and_enters_nobody(town: Town) -> None:
    case = town.entered()
    apply(town.finance, case.number, "no_subsidy", until=None, why="按目录办理", now=HEARD)
    gone = journalled(writing.SUSPENDED, town, case)
    assert writing.suspend_again(gone) is Outcome.APPLIED
    assert writing.suspend_again(gone) is Outcome.PRESENT
    over = journalled(writing.ENDED, town, case, by="revoked")
    assert writing.end_again(over) is Outcome.APPLIED
    entry, measure = ListEntry.objects.get(), AppliedMeasure.objects.get()
    assert (entry.state, entry.ended_by, measure.state) == ("ended", "revoked", "ended")
    assert writing.end_again(over) is Outcome.PRESENT
    ListEntry.objects.filter(pk=-1).delete()
    case.number = "f" * 32
    assert writing.end_again(journalled(writing.ENDED, town, case, by="x")) is Outcome.ABSENT


def test_what_ends_is_in_the_journal_and_what_begins_is_not(town: Town, settings: Any) -> None:
    case = town.entered()

    def written() -> str:
        files = sorted(settings.JOURNAL.glob("*.jsonl")) or sorted(settings.JOURNAL.glob("*"))
        return "".join(path.read_text() for path in files if path.is_file())

    assert "listing" not in written()
    go(case, "revoke", town.human_resources, HEARD)
    assert f'"case":"{case.number}"' in written().replace(" ", "")
    assert "listing_ended" in written()


def test_a_version_in_use_cannot_say_something_else(town: Town, monkeypatch: Any) -> None:
    changed = dict(book().lists)
    one = changed["malicious_arrears"]
    changed["malicious_arrears"] = one.model_copy(update={"grounds": one.grounds[1:]})
    unused = changed["tax_breach"]
    changed["tax_breach"] = unused.model_copy(update={"departments": ("tax", "court")})
    sync(HEARD)
    town.propose()
    altered = type(book())(changed, book().catalogue)
    monkeypatch.setattr("xinrong.remedy.listing.catalogue.load_lists", lambda _: altered)
    with pytest.raises(ListChanged, match="raise `version:`"):
        sync(HEARD)
    changed["malicious_arrears"] = changed["malicious_arrears"].model_copy(update={"version": 2})
    assert sync(HEARD) == 1
    assert ListGround.objects.filter(list="malicious_arrears", edition=2).count() == 1
    assert ListEdition.objects.filter(list="tax_breach").count() == 1
    assert sync(HEARD) == 0


def test_demonstrations_are_for_invented_enterprises(town: Town, settings: Any) -> None:
    codes = [city.code(number) for number in (1, 2, 3)]
    made = invent_entries(codes, each=2, now=HEARD)
    assert [one.process for one in made] == ["list_malicious_arrears"] * 2
    assert sorted(ListEntry.objects.values_list("state", flat=True)) == ["entered", "noticed"]
    assert AppliedMeasure.objects.count() == 1
    assert waiting_for(town.firm).count() + ListEntry.objects.filter(state="entered").count() >= 1
    settings.REGION = "beijing"
    with pytest.raises(ListingRefused) as refused:
        invent_entries(codes, each=1, now=HEARD)
    assert refused.value.code == "list_real"
    assert not issubclass(ListingRefused, RemedyRefused)
