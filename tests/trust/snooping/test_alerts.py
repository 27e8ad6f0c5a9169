"""From audit rows to a decided alert: who sees it, what is logged, what a repeated run does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from xinrong.accounts.models import Organisation, Person
from xinrong.accounts.services import Viewer, create_organisation, create_person, viewer_of
from xinrong.domain.clock import FixedClock
from xinrong.domain.uscc import check_digit
from xinrong.subjects.models import Enterprise
from xinrong.trust.models import AuditRow, AuditSubject
from xinrong.trust.services import snooping
from xinrong.trust.snooping.models import SnoopCount
from xinrong.trust.snooping.running import judge_due

pytestmark = pytest.mark.django_db
BEGIN = datetime(2025, 3, 3, 2, tzinfo=UTC)  # a Monday, ten in the morning in China
WEEKS = 12
PASSWORD = "a long enough passphrase 7"


def member(name: str, organisation: Organisation, role: str) -> Person:
    return create_person(
        f"{name}@example.cn", PASSWORD, name=name, organisation=organisation, role=role
    )


@pytest.fixture
def bank() -> dict[str, Any]:
    """A bank with six officers; one of them goes through strange firms in the last two weeks."""
    house = create_organisation("甲银行（虚构）", "bank")
    outlet = create_organisation("甲银行（虚构）东支行", "bank", parent=house)
    other = create_organisation("乙银行（虚构）", "bank")
    officers = [member(f"o{n}", outlet, "loan_officer") for n in range(6)]
    firms = []
    for n in range(200):
        first = f"91110108MA{n:07d}"
        code = first + check_digit(first)
        firms.append(Enterprise(code=code, name=f"虚构{n}", folded_name=f"虚构{n:04}"))
    Enterprise.objects.bulk_create(firms)
    firms = list(Enterprise.objects.order_by("code"))
    looks = [
        (week * 7 + day, officer, firms[officer_no * 10 + (day + week) % 5])
        for week in range(WEEKS)
        for officer_no, officer in enumerate(officers)
        for day in range(5)
    ]
    looks += [(7 * (WEEKS - 2) + step // 6, officers[0], firms[100 + step]) for step in range(60)]
    for day, officer, firm in looks:
        write(day, officer, outlet, firm)
    return {
        "bank": house, "outlet": outlet, "snooper": officers[0],
        "compliance": viewer_of(member("c", house, "compliance_officer")),
        "other": viewer_of(member("x", other, "compliance_officer")),
        "officer": viewer_of(officers[1]),
        "watched": member("w", outlet, "compliance_officer"),
    }  # fmt: skip


def write(day: int, person: Person, organisation: Organisation, firm: Enterprise) -> None:
    at = BEGIN + timedelta(days=day)
    row = AuditRow.objects.create(
        at=at, person=person, organisation=organisation, role="loan_officer", service="basic",
        purpose="credit", stage="pre_loan", product="record", enterprises=[firm.pk],
        outcome="released",
    )  # fmt: skip
    AuditSubject.objects.create(row=row, enterprise=firm)


def run(days: int = 7 * WEEKS + 30) -> snooping.Ran:
    return judge_due(clock=FixedClock(BEGIN + timedelta(days=days)))


def the_alert() -> snooping.SnoopAlert:
    (alert,) = snooping.SnoopAlert.objects.all()
    return alert


def test_who_goes_through_strange_firms_is_alerted_and_colleagues_are_not(bank: Any) -> None:
    assert run().raised == 1
    alert = the_alert()
    assert alert.person == bank["snooper"]
    assert alert.institution == bank["bank"]
    assert alert.organisation == bank["outlet"]
    rows = AuditRow.objects.filter(pk__in=snooping.rows_of(alert))
    assert rows
    assert {row.person_id for row in rows} == {bank["snooper"].pk}


def test_a_week_is_judged_once_and_only_when_its_days_of_grace_are_over(bank: Any) -> None:
    assert run(7 + 13).weeks == 0
    assert run(7 + 14).weeks == 1
    assert run(7 + 14).weeks == 0
    done = run()
    assert done.weeks > 1
    assert run().weeks == 0
    assert the_alert().person == bank["snooper"]


def test_week_by_week_finds_what_one_run_finds(bank: Any) -> None:
    for days in range(14, 7 * WEEKS + 31, 7):
        run(days)
    alert = the_alert()
    counted = list(SnoopCount.objects.order_by("monday", "person_id").values_list("counts"))
    step = [alert.week, alert.score, alert.reasons]
    for model in (snooping.SnoopAct, snooping.SnoopAlert, SnoopCount, snooping.SnoopWeek):
        model.objects.all().delete()
    run()
    assert [the_alert().week, the_alert().score, the_alert().reasons] == step
    assert list(
        SnoopCount.objects.order_by("monday", "person_id").values_list("counts")
    ) == counted  # fmt: skip


def test_only_the_compliance_officer_of_the_institution_sees_it(bank: Any) -> None:
    run()
    alert = the_alert()
    assert list(snooping.alerts_for(bank["compliance"])) == [alert]
    for nobody in (bank["other"], bank["officer"]):
        assert not snooping.alerts_for(nobody).exists()
        with pytest.raises(snooping.UnknownAlert):
            snooping.alert_for(nobody, alert.pk)


def test_nobody_decides_about_themselves(bank: Any) -> None:
    run()
    snooping.SnoopAlert.objects.update(person=bank["watched"])
    watched: Viewer = viewer_of(bank["watched"])
    assert snooping.can_see_alerts(watched)
    assert not snooping.alerts_for(watched).exists()


def test_a_decision_needs_a_reason_and_stays_with_those_before(bank: Any) -> None:
    run()
    alert, who = the_alert(), bank["compliance"]
    for state, text in (("open", "long enough"), ("explained", " "), ("pardoned", "long enough")):
        with pytest.raises(snooping.DecisionRefused):
            snooping.decide(who, alert.pk, alert.revision, state, text, now=BEGIN)
    first = snooping.decide(who, alert.pk, alert.revision, "explained", "名单由支行下发", now=BEGIN)
    with pytest.raises(snooping.DecisionRefused):  # somebody else decided meanwhile
        snooping.decide(who, alert.pk, alert.revision, "confirmed", "another reason", now=BEGIN)
    snooping.decide(who, alert.pk, first.revision, "confirmed", "没有这样的名单", now=BEGIN)
    acts = [act.state for act in snooping.acts_of(the_alert()) if act.act == "decided"]
    assert acts == ["confirmed", "explained"]


def test_opening_and_taking_out_are_logged_with_the_name(bank: Any) -> None:
    run()
    alert, who = the_alert(), bank["compliance"]
    snooping.note_opened(alert, who, now=BEGIN)
    text = b"".join(snooping.export(alert, who, now=BEGIN)).decode()
    acts = {(act.act, act.by_id) for act in snooping.acts_of(alert)}
    assert {("opened", who.person_id), ("exported", who.person_id)} <= acts
    assert text.count("\r\n") == len(snooping.rows_of(alert)) + 1


def test_the_pages_show_the_evidence_and_take_the_decision(bank: Any, client: Any) -> None:
    run()
    alert = the_alert()
    client.force_login(Person.objects.get(pk=bank["compliance"].person_id))
    assert snooping.reasons_of(alert)[0].title.zh in client.get("/compliance/alerts").text
    page = client.get(f"/compliance/alerts/{alert.pk}")
    assert "虚构" in page.text
    address = f"/compliance/alerts/{alert.pk}/decide"
    refused = client.post(address, {"state": "explained", "text": "", "revision": alert.revision})
    assert refused.status_code == 422
    client.post(
        address, {"state": "referred", "text": "已移交监察部门", "revision": alert.revision}
    )
    assert the_alert().state == "referred"
    client.force_login(Person.objects.get(pk=bank["other"].person_id))
    assert client.get(f"/compliance/alerts/{alert.pk}").status_code == 404
    assert "虚构0" not in client.get("/compliance/alerts?state=all").text
