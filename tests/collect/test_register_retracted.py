"""When a register's batch is retracted, what it said of enterprises is turned back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.collect.city import CLOCK, code
from tests.collect.test_register import Office, feed, firm
from xinrong.collect.models import Receipt
from xinrong.collect.services import retract
from xinrong.domain.names import fold
from xinrong.store import services as store
from xinrong.store.backups.journal import Position, read
from xinrong.store.backups.replaying import replay
from xinrong.store.models import Batch, DeadRow
from xinrong.subjects.models import Enterprise, EnterpriseName, RegisterChange
from xinrong.subjects.register.models import RetractedName
from xinrong.subjects.services import (
    Identity,
    NamePeriod,
    ensure_subjects,
    enterprise_by_code,
    history_of,
    link_new,
    name_periods,
    names_of_enterprise,
    search,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
A, B, C = "甲一（虚构）有限公司", "甲二（虚构）有限公司", "甲三（虚构）有限公司"


@pytest.fixture(autouse=True)
def journal(settings: Any, tmp_path: Path) -> Path:
    settings.JOURNAL = tmp_path / "journal"
    return tmp_path / "journal"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def take_back(receipt: Receipt) -> int:
    return retract(receipt.batch, "wrong", clock=CLOCK)


def one() -> Enterprise:
    return enterprise_by_code(code(1))


def told(seq: int | None = None) -> list[tuple[str, str, str]]:
    """What the history tells of the enterprise, after its entry."""
    events = history_of(one().pk, seq=seq)
    return [(event.what, event.before, event.after) for event in events[1:]]


def names(seq: int) -> list[str]:
    return [name for name, _ in names_of_enterprise(one().pk, seq=seq)]


def test_a_name_that_a_retracted_delta_brought_is_gone_and_its_seqs_still_show_it(
    office: Office,
) -> None:
    office.full(firm(1, A))
    wrong = office.delta("2026-02-01", ("改", firm(1, B, 类型="店")))
    then = store.last_seq()
    seq = take_back(wrong)
    assert (one().name, one().folded_name, one().kind) == (A, fold(A), "company")
    assert told() == []
    assert told(then) == [("name", A, B), ("kind", "company", "sole_trader")]
    assert (names(then), names(seq)) == ([A, B], [A])
    assert B not in {hit.matched_text for hit in search(B)}  # the other one is like it
    assert not EnterpriseName.objects.filter(name=B).exists()
    assert list(name_periods([one().pk])) == [NamePeriod(one().pk, fold(A), None, None)]


def test_what_another_batch_says_again_stays_until_that_one_is_retracted_too(
    office: Office,
) -> None:
    office.full(firm(1, A))
    first = office.delta("2026-02-01", ("改", firm(1, B)))
    second = office.delta("2026-02-02", ("改", firm(1, B)))
    take_back(first)
    assert (one().name, told()) == (B, [("name", A, B)])
    take_back(second)
    assert (one().name, told()) == (A, [])


def test_a_retracted_name_between_two_others_is_passed_over(office: Office) -> None:
    office.full(firm(1, A))
    wrong = office.delta("2026-02-01", ("改", firm(1, B)))
    last = office.delta("2026-02-03", ("改", firm(1, C)))
    take_back(wrong)
    assert (one().name, told()) == (C, [("name", A, C)])
    day = date(2026, 2, 3)
    assert set(name_periods([one().pk])) == {
        NamePeriod(one().pk, fold(A), None, day),
        NamePeriod(one().pk, fold(C), day, None),
    }
    take_back(last)
    assert (one().name, told()) == (A, [])
    assert sorted(RetractedName.objects.values_list("name", flat=True)) == sorted([B, C])


def test_a_deregistration_is_turned_back_and_so_is_its_end(office: Office) -> None:
    office.full(firm(1))
    gone = office.delta("2026-02-01", ("销", firm(1, 状态="注销", 注销日="2026-01-31")))
    back = office.delta("2026-02-02", ("改", firm(1)))
    assert not one().cancelled
    take_back(back)
    assert (one().cancelled, one().cancelled_on) == (True, date(2026, 1, 31))
    take_back(gone)
    assert (one().cancelled, one().cancelled_on, told()) == (False, None, [])


def test_who_was_provisional_is_so_again(office: Office) -> None:
    [subject] = ensure_subjects([Identity(code(1), A, "tax")])
    link_new({subject: A}, 0, register=False)
    done = office.full(firm(1, B))
    assert (one().provisional, one().name) == (False, B)
    take_back(done)
    assert (one().provisional, one().name) == (True, A)


def test_whom_a_retracted_batch_entered_stays_with_its_name(office: Office) -> None:
    done = office.full(firm(1, A), firm(2))
    take_back(done)
    assert one().name == A
    assert [hit.code for hit in search(A)] == [code(1)]
    again = office.full(firm(1, B), firm(2))
    assert (again.accepted, one().name, told()) == (2, B, [("name", A, B)])


def test_a_name_that_came_back_after_a_retraction_is_searched_again(office: Office) -> None:
    office.full(firm(1, A))
    take_back(office.delta("2026-02-01", ("改", firm(1, B))))
    office.delta("2026-02-02", ("改", firm(1, B)))
    assert one().name == B
    assert told() == [("name", A, B)]
    assert [hit.code for hit in search(B)] == [code(1)]


def test_others_of_the_batch_and_other_registers_are_not_touched(office: Office) -> None:
    office.full(firm(1, A), firm(2))
    other = feed()
    done = office.delta("2026-02-01", ("改", firm(1, B)), ("改", firm(2, 地址="新路")), of=other)
    RegisterChange.objects.create(
        enterprise=enterprise_by_code(code(2)), seq=0, what="kind", before="branch", after="company"
    )
    take_back(done)
    assert enterprise_by_code(code(2)).kind == "company"
    assert RegisterChange.objects.filter(retracted_seq=None).count() == 1


def test_a_restore_that_repeats_the_retraction_turns_back_as_well(
    office: Office, journal: Path
) -> None:
    office.full(firm(1, A))
    wrong = office.delta("2026-02-01", ("改", firm(1, B)))
    before = {"name": B, "folded_name": fold(B)}
    take_back(wrong)
    Enterprise.objects.filter(code=code(1)).update(**before)  # as the backup has it
    RegisterChange.objects.update(retracted_seq=None)
    Batch.objects.update(retracted_seq=None)
    DeadRow.objects.all().delete()
    [line] = [entry for entry in read(journal) if entry.kind == "retracted"]
    done = replay(journal, Position(), line.at)
    assert done.counts["retracted"]["applied"] == 1
    assert (one().name, told()) == (A, [])
