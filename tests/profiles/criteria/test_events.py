"""Criteria over a record that has just come: asked once, with a profile that knows the record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.profiles import city
from xinrong.profiles.criteria import events, packs
from xinrong.profiles.criteria.events import ask_events, results_after
from xinrong.profiles.criteria.models import EventCursor
from xinrong.profiles.services import catch_up
from xinrong.store.services import compact, retract_batch

pytestmark = pytest.mark.django_db

PACK = """
criteria:
- id: large
  over: event
  category: tax_payment
  title: {zh: 大额, en: Large}
  versions:
  - {text: record.amount >= 50000, valid_from: 2020-01-01, source: {document: 试, article: 一}}
- id: most_of_all
  over: event
  category: tax_payment
  title: {zh: 占比, en: Most of all}
  versions:
  - text: record.amount * 2 >= tax_paid_12m AND tax_paid_12m > 0
    valid_from: 2020-01-01
    source: {document: 试, article: 二}
- id: ended
  over: event
  category: tax_payment
  title: {zh: 旧, en: Ended}
  versions:
  - text: record.amount > 0
    valid_from: 2020-01-01
    valid_until: 2021-01-01
    source: {document: 试, article: 三}
"""


@pytest.fixture
def asked(filled: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    folder = tmp_path / "taizhou" / "criteria"
    folder.mkdir(parents=True)
    (folder / "events.yaml").write_text(PACK, encoding="utf-8")
    monkeypatch.setattr(packs, "regions_root", lambda: tmp_path)
    packs.load_criteria.cache_clear()
    catch_up(city.TODAY)
    assert ask_events(city.TODAY).records == 0, "what was there before is no event"
    yield filled
    packs.load_criteria.cache_clear()


def pay(*amounts: tuple[int, int | None], first: int = 900) -> Any:
    """Tax payments of some enterprises in yuan, in one batch."""
    rows = [
        {"subject": subject, "event_date": date(2026, 10, 20), "key": first + number,
         "digest": first + number, "amount": None if yuan is None else yuan * 100}
        for number, (subject, yuan) in enumerate(amounts)
    ]  # fmt: skip
    return city.put(city.rows_of("tax_payment", *rows))


def said() -> set[tuple[str, int, bool | None]]:
    return {(one.criterion, one.enterprise, one.answer) for one in results_after(0)}


def test_a_record_is_asked_about_once_with_a_profile_that_knows_it(asked: Any) -> None:
    pay((3, 10_000_000_000), (4, 60_000), (5, 5), (6, None))
    assert ask_events(city.TODAY).records == 0, "profiles have not followed yet"
    catch_up(city.TODAY)
    found = ask_events(city.TODAY)
    assert found.records == 4
    assert {
        ("large", 3, True),
        ("most_of_all", 3, True),
        ("large", 4, True),
        ("large", 6, None),
    } <= said()
    assert not {one for one in said() if one[0] == "ended" or one[1] == 5}
    one = results_after(0)[0]
    assert (one.category, one.as_of, one.valid_from) == (
        "tax_payment",
        city.TODAY,
        date(2020, 1, 1),
    )
    again = ask_events(city.TODAY)
    assert (again.records, again.results, again.seq) == (0, 0, found.seq)
    # whoever follows goes on after the last number
    last = results_after(0)[-1].number
    assert results_after(last) == []
    # a second batch; and one that is taken back before it was looked at is no event
    pay((7, 70_000), first=950)
    gone = pay((8, 80_000), first=960)
    retract_batch(gone.batch, reason="wrong", at=city.NOW)
    catch_up(city.TODAY)
    assert ask_events(city.TODAY).records == 1
    assert {one.enterprise for one in results_after(last)} == {7}


def test_records_in_parts_and_profiles_that_wait_are_asked_alike(
    asked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay((3, 10_000_000_000), (4, 60_000), (5, 5))
    monkeypatch.setattr(events, "FEW", 1)  # a scan of the category, not a look-up
    catch_up(city.TODAY)
    compact(city.NOW)
    assert ask_events(city.TODAY).records == 3
    assert {("large", 3, True), ("most_of_all", 3, True), ("large", 4, True)} <= said()


def test_two_processes_say_nothing_twice(asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pay((3, 10_000_000_000))
    catch_up(city.TODAY)
    before = EventCursor.objects.get().seq
    results = events._results

    def slow(*given: Any) -> Any:
        """Another process asks while this one is about to commit."""
        monkeypatch.setattr(events, "_results", results)
        ask_events(city.TODAY)
        return results(*given)

    monkeypatch.setattr(events, "_results", slow)
    assert ask_events(city.TODAY).results == 0
    assert EventCursor.objects.get().seq > before
    found = [one.criterion for one in results_after(0)]
    assert sorted(found) == sorted(set(found))
