"""A reason whose record is under objection says so, to whoever may see the record."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone

from tests.profiles import city
from tests.rating.test_released import FIRM, asked, bank, consent, person
from xinrong.accounts.services import Viewer
from xinrong.api.v1.grades import GradeContent
from xinrong.cli.grade import command
from xinrong.domain.clock import SystemClock
from xinrong.files import services as files
from xinrong.rating import carried
from xinrong.rating.backing import Backer
from xinrong.store.services import MarkKind, RecordId, mark, snapshot, unmark
from xinrong.subjects.services import subjects_of
from xinrong.trust.services import Permits
from xinrong.trust.types import Permit

__all__ = ["bank"]
pytestmark = pytest.mark.django_db
CATEGORY = "dishonest_judgment_debtor"


@pytest.fixture
def debtor(carded: Any) -> int:
    """Five entries as a dishonest debtor, the newest of which is key 75."""
    for key in range(71, 76):
        day = city.UNTIL - timedelta(days=80 - key)
        line = {"subject": FIRM, "event_date": day, "polarity": -1, "key": key}
        city.put(city.rows_of(CATEGORY, line))
    return FIRM


def objection(key: int, kind: MarkKind = MarkKind.OBJECTION) -> RecordId:
    record = RecordId(CATEGORY, key, subjects_of([FIRM])[FIRM][0])
    mark(record, kind=kind, on=city.UNTIL, statement="不是我方", at=timezone.now())
    return record


def behind(found: Any) -> Any:
    return found.behind["dish_now"]


def reason(found: Any) -> dict[str, Any]:
    told = found.payload()["reasons"]["against"]
    return next(one["records"] for one in told if one["column"] == "dish_now")


def test_it_says_which_and_how_many_and_nothing_where_there_is_none(
    debtor: int, bank: Viewer
) -> None:
    consent(bank, 4)
    before = asked(bank).content.payload()
    assert "objection" not in json.dumps(before)
    assert "objected" not in json.dumps(before)
    records = [objection(key) for key in (71, 75)]  # an older one, which is not named, and the last
    found = asked(bank).content
    told = behind(found)
    assert (told.number, len(told.newest), told.objected) == (5, 3, 2)
    assert [one.objection is not None for one in told.newest] == [True, False, False]
    said = reason(found)
    assert said["objected"] == 2
    assert said["newest"][0]["objection"] == {
        "state": "under_objection", "since": city.UNTIL.isoformat(),
    }  # fmt: skip
    assert "不是我方" not in json.dumps(found.payload(), ensure_ascii=False)
    GradeContent.model_validate(found.payload())
    for record in records:
        unmark(record, at=timezone.now())
    assert asked(bank).content.payload() == before


def test_the_grade_is_the_same_and_the_sources_word_is_no_objection(
    debtor: int, bank: Viewer
) -> None:
    consent(bank, 4)
    grade = asked(bank).content.graded
    objection(75, MarkKind.STATEMENT)
    found = asked(bank).content
    assert found.graded == grade
    assert behind(found).objected == 0
    assert behind(found).newest[0].objection.state == "statement"


def test_of_a_record_that_the_viewer_may_not_see_nothing_is_said(debtor: int, bank: Viewer) -> None:
    objection(71)
    objection(75)
    since = city.UNTIL - timedelta(days=6)  # the three newest
    with snapshot() as snap:
        for permit, objected in (
            (Permit(CATEGORY, True, 4), 2),
            (Permit(CATEGORY, True, 4, data_from=since), 1),
            (Permit(CATEGORY, False), 0),
        ):
            permits = Permits({FIRM: {CATEGORY: permit}})
            backer = Backer(FIRM, snap, permits, "taizhou")
            names = frozenset({"dish_now"})
            told = backer.of(names, city.UNTIL, names)["dish_now"]
            assert (told.number, told.objected) == (5, objected)


def test_an_auditor_has_it_made_again_as_it_was(debtor: int, bank: Viewer) -> None:
    consent(bank, 4)
    auditor = person("regulator", "auditor")
    numbers = [asked(bank).audit_id]
    record = objection(75)
    numbers.append(asked(bank).audit_id)
    unmark(record, at=timezone.now())
    for number in numbers:
        found = files.reproduce(auditor, number, clock=SystemClock())
        assert found.verdict == "same", found


def test_the_terminal_and_the_carried_report_say_so(debtor: int) -> None:
    owner = person("enterprise", "representative", reference=city.code(FIRM))
    objection(71)
    objection(75)
    words = ["show", city.code(FIRM), "--as", "representative@example.cn"]
    words += ["--as-of", city.UNTIL.isoformat()]
    said = CliRunner().invoke(command, words, catch_exceptions=False).output
    assert f"(under_objection since {city.UNTIL})" in said
    assert "! 2 under objection" in said
    [claim] = carried.claims(owner, FIRM, city.UNTIL, None)
    [line] = [one for one in claim["rows"] if "所依据的记录中有 2 条存在异议" in one["text"]["zh"]]
    assert "Under objection, of the records behind it: 2" in line["text"]["en"]
