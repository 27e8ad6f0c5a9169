"""Only institutions that were shown the record are told, and they acknowledge it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.remedy.repair_support import DAY, NOW, TODAY
from tests.remedy.repairing.steps import PENALTY, accept, ask, shown
from xinrong.remedy.models import Withdrawal, WithdrawalTold
from xinrong.remedy.services import RemedyRefused, telling
from xinrong.store import services as store


def test_only_institutions_that_were_shown_it_are_told_and_without_content(cast):
    from xinrong.notices.models import Notice

    shown(cast, "bank")
    accept(cast, ask(cast))
    [told] = WithdrawalTold.objects.all()
    assert told.organisation_id == cast.bank.organisation_id
    assert told.due_on == date(2026, 11, 26)
    assert list(telling.entries(cast.rival)) == []
    notice = Notice.objects.get(kind="record_withdrawn")
    assert notice.person == cast.people["bank"]
    assert not notice.label
    held = Withdrawal.objects.get()
    assert (held.kind, held.category, held.key) == ("record_repaired", PENALTY, 1)


def test_who_looks_after_the_repair_is_not_told(cast):
    accept(cast, ask(cast))
    shown(cast, "bank")
    assert telling.tell_late(now=NOW + DAY / 1440) == 0
    assert not WithdrawalTold.objects.exists()


def test_a_later_look_as_of_before_is_not_shown_it_and_so_not_told(cast):
    from xinrong.trust.models import AuditRow

    before = store.last_seq()
    accept(cast, ask(cast))
    shown(cast, "ecology")  # somebody has read what stands since
    assert shown(cast, "bank", at_seq=before) == {f"{PENALTY}/2", f"{PENALTY}/3"}
    late = AuditRow.objects.filter(purpose="credit")
    late.update(at=late.get().at + timedelta(minutes=5))
    assert telling.tell_late(now=NOW + DAY / 1440) == 0
    assert telling.shown_to(telling.Withdrawn(PENALTY, 1, cast.enterprises["firm"])) == []


def test_an_answer_that_was_under_way_is_found_later(cast):
    from xinrong.trust.models import AuditRow

    shown(cast, "bank")
    row = AuditRow.objects.filter(purpose="credit").get()
    AuditRow.objects.filter(pk=row.pk).update(outcome="failed")  # as if it were not written yet
    shown(cast, "rival")
    accept(cast, ask(cast))
    told = WithdrawalTold.objects.values_list("organisation", flat=True)
    assert set(told) == {cast.rival.organisation_id}
    AuditRow.objects.filter(pk=row.pk).update(outcome="released")
    assert telling.tell_late(now=NOW + DAY / 1440) == 1
    assert telling.tell_late(now=NOW + DAY / 1440) == 0
    assert telling.entries(cast.bank).count() == 1


def test_the_feed_goes_on_from_a_number_and_is_acknowledged_once(cast):
    shown(cast, "bank")
    accept(cast, ask(cast))
    [one] = telling.entries(cast.bank)
    assert list(telling.entries(cast.bank, since=one.withdrawal.number)) == []
    with pytest.raises(RemedyRefused) as refused:
        telling.acknowledge(cast.rival, [one.withdrawal.number], by="key 1", now=NOW)
    assert refused.value.code == "withdrawal_unknown"
    assert telling.overdue(TODAY + 3 * DAY).count() == 0
    assert telling.overdue(TODAY + 4 * DAY).count() == 1
    done = [
        telling.acknowledge(cast.bank, [one.withdrawal.number], by="key 1", now=NOW)
        for _ in range(2)
    ]
    assert done == [1, 0]
    assert telling.overdue(TODAY + 4 * DAY).count() == 0


def test_a_restore_tells_again_what_was_told_and_gives_no_number_twice(cast):
    from xinrong.remedy.telling.telling import tell_again
    from xinrong.store.backups import journal

    shown(cast, "bank")
    accept(cast, ask(cast))
    number = Withdrawal.objects.get().number
    entry = [one for one in journal.read() if one.kind == "record_told"][-1]
    assert tell_again(entry) == store.Outcome.PRESENT
    WithdrawalTold.objects.all().delete()
    Withdrawal.objects.all().delete()  # as in the backup
    assert tell_again(entry) == store.Outcome.APPLIED
    assert Withdrawal.objects.get().number == number
    assert telling.entries(cast.bank).count() == 1
