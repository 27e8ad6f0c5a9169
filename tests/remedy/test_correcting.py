"""An enterprise asks for a correction of its register data; the source answers in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from xinrong.accounts.services import create_organisation, create_person, viewer_of
from xinrong.catalogue.region import load_region
from xinrong.domain.law import Topic
from xinrong.domain.process import MoveRefused
from xinrong.domain.uscc import check_digit
from xinrong.remedy.correcting import carrying
from xinrong.remedy.correcting.law import RIGHT
from xinrong.remedy.correcting.table import correction_process
from xinrong.remedy.law import shortest
from xinrong.remedy.models import Correction
from xinrong.remedy.processes import CORRECTION
from xinrong.remedy.services import (
    RemedyRefused,
    Wanted,
    ask,
    correctable,
    follow_corrections,
    to_carry,
)
from xinrong.subjects.services import Identity, ensure_subjects, link_new
from xinrong.work.models import Case
from xinrong.work.services import deliver, move, tick, waiting_for

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
DAY = timedelta(days=1)
PASSWORD = "a long enough passphrase 7"
FIRM = "91110108MA0000001" + check_digit("91110108MA0000001")
REGION = load_region("beijing")
NAME = "恒远（虚构）有限公司"


class Cast:
    def __init__(self):
        [subject] = ensure_subjects([Identity(FIRM, NAME, "market_regulation")])
        link_new({subject: NAME}, 0, register=True)
        for name, kind, role, reference in (
            ("firm", "enterprise", "representative", FIRM),
            ("registrar", "department", "data_officer", "market_regulation"),
            ("taxman", "department", "data_officer", "taxation"),
            ("operator", "operator", "operator", ""),
        ):
            made = create_organisation(f"{name}（虚构）", kind, reference=reference)
            person = create_person(
                f"{name}@example.cn", PASSWORD, name=name, organisation=made, role=role
            )
            setattr(self, name, viewer_of(person))


@pytest.fixture
def cast(db):
    return Cast()


@pytest.fixture
def wanted():
    one = correctable(REGION)[0]
    assert one.field.name == "enterprise_name"
    return Wanted(one.category, one.field.name, NAME, "恒源（虚构）有限公司", "执照上是“源”字")


def asked(cast, wanted, now=NOW):
    return ask(cast.firm, wanted, region=REGION, now=now)


def go(case, event, who, now=NOW, text="因为如此"):
    case.refresh_from_db()
    move(case.number, event, who, version=case.version, now=now, text=text)
    deliver(now)
    case.refresh_from_db()
    return case.state


def test_the_department_that_sends_it_is_asked_and_nobody_else(cast, wanted):
    case = asked(cast, wanted)
    assert waiting_for(cast.registrar).get().case_id == case.pk
    assert not waiting_for(cast.taxman).exists()
    assert not waiting_for(cast.operator).exists()


def test_the_content_is_in_no_event_and_not_in_the_case(cast, wanted):
    from xinrong.work.models import OutboxEvent

    case = asked(cast, wanted)
    said = [*OutboxEvent.objects.values_list("about", flat=True), case.data]
    assert not any(word in str(said) for word in (wanted.right, wanted.why, NAME))


def test_accepted_it_is_a_proposal_until_the_register_says_so(cast, wanted):
    case = asked(cast, wanted)
    assert go(case, "accept", cast.registrar) == "accepted"
    assert [one.right for one in to_carry(cast.registrar)] == [wanted.right]
    assert to_carry(cast.taxman) == []
    assert follow_corrections(REGION, now=NOW + DAY) == 0
    from xinrong.subjects.models import Enterprise

    Enterprise.objects.update(name=wanted.right)  # the register feed brought it
    assert follow_corrections(REGION, now=NOW + DAY) == 1
    deliver(NOW + DAY)
    case.refresh_from_db()
    assert case.state == "corrected"
    assert to_carry(cast.registrar) == []
    assert Correction.objects.get().carried_at == NOW + DAY


@pytest.mark.parametrize(
    ("type_", "value", "right", "same"),
    [
        ("money", 123450, "1,234.5", True), ("money", 123450, "1234.50", True),
        ("money", 123450, "12345", False), ("money", 123450, "许多", False),
        ("text", " 某路 1 号", "某路 1 号", True), ("text", "某路1号", "某路2号", False),
        ("text", None, "某路", False),
    ],
)  # fmt: skip
def test_what_the_register_says_is_compared_as_people_write_it(type_, value, right, same):
    field = replace_field(correctable(REGION)[1].field, type_)
    assert carrying._same(field, value, right) is same


def replace_field(field, type_):
    return field.model_copy(update={"type": type_, "values": {}})


def test_a_rejection_has_a_reason_and_can_be_reopened_with_something_new(cast, wanted):
    case = asked(cast, wanted)
    with pytest.raises(Exception, match="a few words"):
        go(case, "reject", cast.registrar, text=" ")
    assert go(case, "reject", cast.registrar) == "rejected"
    assert go(case, "reopen", cast.firm, NOW + DAY) == "asked"
    assert go(case, "reject", cast.registrar, NOW + 2 * DAY) == "rejected"
    with pytest.raises(MoveRefused) as refused:
        go(case, "reopen", cast.firm, NOW + 60 * DAY)
    assert refused.value.code == "move_late"


def test_more_is_asked_for_once_and_an_enterprise_that_says_nothing_drops_it(cast, wanted):
    case = asked(cast, wanted)
    assert go(case, "ask_more", cast.registrar) == "more_wanted"
    assert waiting_for(cast.firm).exists()
    assert go(case, "supply", cast.firm) == "asked"
    with pytest.raises(MoveRefused, match="more was asked for before"):
        go(case, "ask_more", cast.registrar)
    go(case, "reject", cast.registrar)
    go(case, "reopen", cast.firm)
    assert go(case, "ask_more", cast.registrar) == "more_wanted"
    tick(NOW + 60 * DAY)
    case.refresh_from_db()
    assert case.state == "dropped"


def test_what_nobody_answers_comes_before_the_operator(cast, wanted):
    case = asked(cast, wanted)
    tick(NOW + 19 * DAY)
    case.refresh_from_db()
    assert case.state == "asked"
    tick(NOW + 22 * DAY)
    case.refresh_from_db()
    assert case.state == "overdue"
    assert waiting_for(cast.operator).exists()
    assert waiting_for(cast.registrar).exists(), "the department can still answer"
    assert go(case, "give_up", cast.operator, NOW + 23 * DAY) == "unresolved"


def test_a_mistake_of_the_platform_is_the_operators_to_mend(cast, wanted):
    case = asked(cast, wanted)
    assert go(case, "sent_right", cast.registrar) == "ours"
    assert not waiting_for(cast.registrar).exists()
    assert go(case, "not_ours", cast.operator) == "asked"
    go(case, "sent_right", cast.registrar)
    assert go(case, "mend", cast.operator) == "corrected"


def test_agreed_but_not_sent_in_time_it_comes_before_the_operator(cast, wanted):
    case = asked(cast, wanted)
    go(case, "accept", cast.registrar)
    tick(NOW + 30 * DAY)
    case.refresh_from_db()
    assert case.state == "carry_late"
    assert waiting_for(cast.operator).exists()
    assert go(case, "carry", cast.registrar, NOW + 31 * DAY) == "corrected"


def test_the_same_field_is_asked_for_once_at_a_time(cast, wanted):
    case = asked(cast, wanted)
    with pytest.raises(RemedyRefused) as refused:
        asked(cast, wanted)
    assert refused.value.code == "correction_open"
    go(case, "withdraw", cast.firm)
    asked(cast, wanted)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"field": "amount"}, "correction_field"),
        ({"category": "major_tax_violations"}, "correction_field"),
        ({"right": " "}, "correction_value"),
        ({"right": f" {NAME} "}, "correction_value"),
        ({"right": "字" * 501}, "correction_value"),
        ({"why": ""}, "correction_why"),
        ({"why": "字" * 2001}, "correction_why"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_before_a_case_is_there(cast, wanted, change, code):
    with pytest.raises(RemedyRefused) as refused:
        asked(cast, replace(wanted, **change))
    assert refused.value.code == code
    assert not Case.objects.exists()


@pytest.mark.parametrize("who", ["registrar", "operator"])
def test_only_a_representative_asks(cast, wanted, who):
    with pytest.raises(RemedyRefused) as refused:
        ask(getattr(cast, who), wanted, region=REGION, now=NOW)
    assert refused.value.code == "correction_role"


def test_without_the_department_nobody_is_asked_in_its_place(cast, wanted):
    from xinrong.accounts.models import Organisation

    Organisation.objects.filter(reference="market_regulation").update(closed_at=NOW)
    with pytest.raises(RemedyRefused) as refused:
        asked(cast, wanted)
    assert refused.value.code == "correction_source"


def test_the_shortest_duty_that_binds_a_place_runs_there():
    answer = Topic.CORRECTION_ANSWER
    assert shortest(answer, ("CN", "CN-11")).length.in_language("en") == "20 days"
    near = shortest(answer, ("CN", "CN-33", "CN-3310"))
    assert near.length.in_language("en") == "5 working days"
    assert near.jurisdiction == "CN-3310"
    assert shortest(answer, ()).jurisdiction == "CN"
    with pytest.raises(KeyError):
        shortest(Topic.FILE_UPDATE, ("CN",))


def test_a_clock_that_no_law_knows_says_that_it_was_agreed():
    assert shortest(Topic.CORRECTION_OWN, ("CN", "CN-33")).source.agreed
    assert not shortest(Topic.CORRECTION_ANSWER, ("CN", "CN-33")).source.agreed


def test_a_duty_is_that_of_the_law_in_force_on_its_day():
    before = shortest(Topic.CORRECTION_ANSWER, ("CN", "CN-33"), on=date(2017, 12, 31))
    assert before.jurisdiction == "CN"
    after = shortest(Topic.CORRECTION_ANSWER, ("CN", "CN-33"), on=date(2018, 1, 1))
    assert after.jurisdiction == "CN-33"


def test_every_clock_rests_on_a_document_and_says_what_happens_if_nobody_acts():
    assert RIGHT.document
    for place in (("CN",), ("CN", "CN-33", "CN-3310")):
        process = correction_process(place)
        assert {one.state for one in process.deadlines} == set(process.states) - process.ends
        assert all(one.source.document for one in process.deadlines)
    assert CORRECTION.name == "correction"
