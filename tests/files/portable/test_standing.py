"""Reports that end before their time, and who is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.files.firm import FIRM, honour, penalty, send
from tests.files.portable.support import ago, checked, handed, listed, made, says, state
from tests.store.rows import row
from xinrong.accounts.services import Viewer
from xinrong.files.portable import ended
from xinrong.files.portable.models import PortableReport, ReportEnd, StatusMark
from xinrong.files.services import portable
from xinrong.store import services as store
from xinrong.subjects.services import subjects_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "taizhou")]


def suppress(firm: int, category: str, key: int) -> None:
    [subject] = subjects_of([firm])[firm]
    store.suppress(
        [store.RecordId(category, key, subject)],
        basis="repair", article="信用修复管理办法第一条", reason="修复", at=timezone.now(),
    )  # fmt: skip


def test_a_report_stands_until_the_enterprise_takes_it_back(owner: Viewer, filled: int) -> None:
    report = made(owner, filled)
    text = handed(owner, report)
    assert state(text) == "not_withdrawn"
    portable.withdraw(report.number, filled, now=timezone.now())
    assert state(text, 2) == "withdrawn"
    with pytest.raises(portable.PortableRefused) as caught:
        portable.hand_out(owner, report)
    assert caught.value.code == "report_ended"
    first = ReportEnd.objects.get().at
    portable.withdraw(report.number, filled, now=timezone.now() + timedelta(hours=1))
    assert ReportEnd.objects.get().at == first


def test_nobody_takes_back_a_report_of_somebody_else(owner: Viewer, filled: int) -> None:
    report = made(owner, filled)
    with pytest.raises(portable.PortableRefused):
        portable.withdraw(report.number, filled + 1, now=timezone.now())
    assert not ReportEnd.objects.exists()


def test_a_repaired_record_ends_the_reports_that_hold_it_and_no_others(
    owner: Viewer, filled: int
) -> None:
    holds, other = made(owner, filled), made(owner, filled, "register", "positive")
    one, two = handed(owner, holds), handed(owner, other)
    assert (state(one), state(two)) == ("not_withdrawn", "not_withdrawn")
    suppress(filled, "administrative_penalty", 50)
    # Already before anybody looked through the store it is handed out no more.
    with pytest.raises(portable.PortableRefused) as caught:
        portable.hand_out(owner, holds)
    assert caught.value.code == "report_changed"
    assert (state(one, 2), state(two, 2)) == ("superseded", "not_withdrawn")


def test_a_corrected_record_and_a_new_registration_end_a_report(owner: Viewer, filled: int) -> None:
    report = made(owner, filled, "positive")
    text = handed(owner, report)
    send("honour", "reform_honours", {**honour(30, ago(200)), "digest": 31, "t1": "另一称号"})
    assert state(text) == "superseded"


def test_a_new_record_ends_nothing(owner: Viewer, filled: int) -> None:
    text = handed(owner, made(owner, filled))
    send("administrative_penalty", "health_penalties", penalty(61, ago(1)))
    send("tax_payment", "tax_payments", row(FIRM, 62, 62, event_date=ago(1), amount=5))
    assert state(text) == "not_withdrawn"


def test_a_record_past_its_period_ends_a_report_on_the_next_day(owner: Viewer, firm: int) -> None:
    send("administrative_penalty", "health_penalties", penalty(70, ago(20)))
    [first] = says(checked(handed(owner, made(owner, firm))), "negative")
    shown = date.fromisoformat(first["shown_until"]) - ago(20)
    began = ago(0) - shown + timedelta(days=5)
    send("administrative_penalty", "health_penalties", penalty(71, began))
    text = handed(owner, made(owner, firm))
    last = min(date.fromisoformat(one["shown_until"]) for one in says(checked(text), "negative"))
    days = (last - ago(0)).days
    assert 0 < days < 20
    assert state(text, days * 24 * 60) == "not_withdrawn"
    assert state(text, (days + 1) * 24 * 60) == "superseded"


def test_the_list_names_nobody(owner: Viewer, filled: int) -> None:
    report = made(owner, filled)
    portable.withdraw(report.number, filled, now=timezone.now())
    text = listed().decode()
    assert report.number in text
    assert FIRM not in text
    assert "虚构" not in text


def test_an_ended_report_leaves_the_list_when_it_would_be_over(owner: Viewer, filled: int) -> None:
    report = made(owner, filled)
    portable.withdraw(report.number, filled, now=timezone.now())
    ReportEnd.objects.update(last_day=ago(1))
    PortableReport.objects.update(last_day=ago(1))
    assert report.number not in listed().decode()


def test_the_store_is_looked_through_for_what_changed_and_not_each_time(
    owner: Viewer, filled: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(owner, filled)
    looked: list[str] = []

    def note(report: PortableReport, _today: object) -> bool:
        looked.append(report.number)
        return False

    monkeypatch.setattr("xinrong.files.portable.standing.overtaken", note)
    now = timezone.now()
    portable.look_through(now)
    assert len(looked) == 1  # the first look of a day is at all
    portable.look_through(now + timedelta(seconds=1))
    portable.look_through(now + timedelta(seconds=60))
    assert len(looked) == 1  # nothing came
    send("honour", "reform_honours", honour(33, ago(1)))
    portable.look_through(now + timedelta(seconds=61))
    assert len(looked) == 1  # asked again within seconds
    portable.look_through(now + timedelta(seconds=120))
    assert len(looked) == 2
    assert StatusMark.objects.count() == 1


def test_a_restore_brings_no_report_back_to_life(owner: Viewer, filled: int) -> None:
    report = made(owner, filled)
    told = {"number": report.number, "state": "withdrawn", "last_day": f"{report.last_day}"}
    entry = store.Entry(1, timezone.now(), ended.ENDED, told, "", "")
    PortableReport.objects.all().delete()  # made after the backup
    assert ended.end_again(entry) == store.Outcome.APPLIED
    assert ended.end_again(entry) == store.Outcome.PRESENT
    assert report.number in listed().decode()
