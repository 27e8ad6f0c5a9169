"""Grades that are kept: the same as those computed now, and a line of history for each change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.profiles import city
from tests.rating.support import APPROVED, other, put_in_force
from tests.rating.test_released import FIRM, consent, person
from xinrong.accounts.services import Viewer
from xinrong.profiles.services import build_profile, catch_up
from xinrong.rating.cards import load_cards
from xinrong.rating.kept.building import folder
from xinrong.rating.models import GradeBatch, GradeOverlay, GradeRow
from xinrong.rating.services import build_grades, grade_now, grade_of, keep_grades, versions
from xinrong.subjects.models import Enterprise, IdentityLink, Subject
from xinrong.trust.services import Purpose, Stage

pytestmark = pytest.mark.django_db
NEW = 900


def debtor(key: int = 71) -> None:
    """A court names the firm a dishonest judgment debtor."""
    city.put(
        city.rows_of(
            "dishonest_judgment_debtor",
            {"subject": FIRM, "event_date": city.UNTIL - timedelta(days=3), "polarity": -1,
             "key": key},
        )
    )  # fmt: skip


def told(graded: Any) -> tuple[Any, ...]:
    one = graded.scored
    return (graded.card.name, one.points, one.low, one.high, one.grade.name, one.lowest.name,
            one.highest.name, [part.points for part in one.parts])  # fmt: skip


def kept(batch: GradeBatch) -> dict[int, tuple[Any, ...]]:
    rows = pq.read_table(folder() / batch.name).to_pylist()
    return {row.pop("enterprise"): tuple(row.values()) for row in rows}


def test_all_are_graded_after_the_profile_as_each_is_alone_part_by_part(profiled: Any) -> None:
    batch = build_grades(city.NOW)
    found = kept(batch)
    assert len(found) == batch.rows == batch.changed == 40
    assert all(one == told(grade_now(number, city.UNTIL)) for number, one in found.items())
    assert sum(sum(one.values()) for one in batch.figures.values()) == 40
    assert GradeRow.objects.count() == 40


def test_made_again_nobody_has_another_grade_and_the_replaced_file_goes_after_an_hour(
    profiled: Any,
) -> None:
    first = build_grades(city.NOW)
    assert keep_grades(city.NOW) == (0, False)
    build_profile(city.NOW, city.UNTIL)
    assert keep_grades(city.NOW + timedelta(hours=2)) == (40, True)
    assert GradeRow.objects.count() == 40
    build_grades(city.NOW + timedelta(hours=4))
    assert not (folder() / first.name).exists()


def test_a_record_that_comes_gives_its_enterprise_another_grade_and_a_line_of_history(
    profiled: Any,
) -> None:
    keep_grades(city.NOW)
    debtor()
    catch_up(city.UNTIL)
    assert keep_grades(city.NOW) == (1, False)
    assert keep_grades(city.NOW) == (0, False)
    newest = GradeRow.objects.filter(enterprise=FIRM).order_by("-pk")
    assert newest.count() == 2
    assert newest[0].points < newest[1].points - 100
    assert told(grade_now(FIRM, city.UNTIL))[:2] == (newest[0].card, newest[0].points)
    build_profile(city.NOW, city.UNTIL)
    assert keep_grades(city.NOW) == (40, True)
    assert GradeRow.objects.filter(enterprise=FIRM).count() == 2
    assert not GradeOverlay.objects.exists()


def test_another_version_grades_everybody_anew(profiled: Any, both: tuple[Viewer, Viewer]) -> None:
    keep_grades(city.NOW)
    put_in_force(both, other(load_cards("taizhou"), 7), now=APPROVED + timedelta(days=1))
    assert keep_grades(city.NOW) == (40, True)
    assert GradeRow.objects.filter(version=2).count() == 40


def test_where_no_version_is_in_force_nothing_is_made(
    profiled: Any, both: tuple[Viewer, Viewer]
) -> None:
    versions.retire(both[0], 1, "wrong", now=APPROVED)
    assert keep_grades(city.NOW) == (0, False)
    assert not GradeBatch.objects.exists()


def test_an_enterprise_learns_what_changed_since_last_time_with_the_record_behind_it(
    profiled: Any,
) -> None:
    keep_grades(city.NOW)
    owner = person("enterprise", "representative", reference=city.code(FIRM))
    before = grade_of(owner, FIRM, Purpose.SELF, as_of=city.UNTIL).content
    assert before.before is None
    assert len(before.history) == 1
    debtor()
    catch_up(city.UNTIL)
    keep_grades(city.NOW)
    now = grade_of(owner, FIRM, Purpose.SELF, as_of=city.UNTIL).content
    assert now.before.line.points == before.graded.scored.points
    [changed] = now.told.changed
    assert changed.column == "dish_now"
    [record] = now.behind["dish_now"].newest
    assert record.ref.startswith("dishonest_judgment_debtor/71/")
    assert record.day == city.UNTIL - timedelta(days=3)
    assert record.seq > now.before.line.seq, "it came since"
    payload = now.payload()
    assert payload["reasons"]["changed"][0]["records"]["number"] == 1
    assert len(payload["history"]) == 2


def test_a_bank_is_told_reasons_with_records_and_no_history(profiled: Any) -> None:
    debtor()
    catch_up(city.UNTIL)
    keep_grades(city.NOW)
    bank = person("bank", "loan_officer")
    consent(bank, 4)
    found = grade_of(bank, FIRM, Purpose.CREDIT, Stage.APPROVAL, as_of=city.UNTIL).content
    assert found.history == ()
    assert found.before is None
    worst = found.told.counts_against[0]
    assert worst.column == "dish_now"
    assert found.behind["dish_now"].number == 1
    assert {one.category for one in found.behind["dish_now"].newest} == {
        "dishonest_judgment_debtor"
    }


def test_no_record_is_named_behind_what_is_withheld(profiled: Any) -> None:
    bank = person("bank", "loan_officer")
    consent(bank, 3)
    found = grade_of(bank, FIRM, Purpose.CREDIT, Stage.APPROVAL, as_of=city.UNTIL).content
    withheld = {one.column for one in found.graded.scored.parts if one.reason == "withheld"}
    assert withheld
    assert not withheld & set(found.behind)


def unknown_enterprise(number: int, *, provisional: bool) -> None:
    """One that the register does not know."""
    city.make_enterprises([number])
    Enterprise.objects.filter(pk=number).update(provisional=provisional)
    assert Subject.objects.filter(pk=number).exists()
    assert IdentityLink.objects.filter(enterprise_id=number).exists()


@pytest.mark.parametrize("provisional", [True, False], ids=["provisional", "no-record-at-all"])
def test_of_whom_nothing_is_known_the_whole_range_is_open_and_no_silent_middle(
    carded: Any, provisional: bool
) -> None:
    unknown_enterprise(NEW, provisional=provisional)
    if provisional:  # another department sent one bill of it
        bill = {"subject": NEW, "event_date": city.UNTIL, "amount": 100, "code": "vat", "t1": "x"}
        city.put(city.rows_of("tax_payment", {**bill, "key": 5}))
    build_profile(city.NOW, city.UNTIL)
    build_grades(city.NOW)
    graded = grade_now(NEW, city.UNTIL)
    assert kept(GradeBatch.objects.get())[NEW] == told(graded)
    scale = load_cards("taizhou").scale
    assert graded.scored.is_thin
    assert scale.steps_between(graded.scored.lowest, graded.scored.highest) >= 6
    assert graded.undecided, "nor can it be told which card is meant"
