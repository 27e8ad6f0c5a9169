"""The pages of an objection: from the button beside the record to the answer in writing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.pages.support import FIRM, HOSTILE, QUIET, Town
from xinrong.files import services as files
from xinrong.remedy.models import Objection
from xinrong.store.models import Suppression
from xinrong.trust.models import Consent
from xinrong.trust.services import Stage, grant_consent
from xinrong.work.models import Case
from xinrong.work.services import deliver

FILE = f"/enterprises/{FIRM}"
STATEMENT = "该案件当事人是同名企业"
WHY = "处理决定书第一页的地址不是我公司"


def as_(town: Town, name: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(town.people[name])
    return client


def read(client: Client, address: str, **query: Any) -> str:
    response = client.get(address, query)
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode()


def button(client: Client, place: str = "comprehensive/", category: str = "") -> str:
    """The address behind the first button beside a record."""
    page = read(client, f"{FILE}/{place}", category=category)
    return re.search(r'href="(/objections/ask\?record=[^"]+)"', page).group(1)


def ref_of(address: str) -> str:
    return address.partition("record=")[2].replace("%2F", "/")


def form(ref: str, **more: Any) -> dict[str, Any]:
    return {"record": ref, "statement": STATEMENT, "why": WHY} | more


def object_to(town: Town, **more: Any) -> str:
    """Object through both steps; the number of the case."""
    firm = as_(town, "representative")
    ref = ref_of(button(firm, category="major_tax_violation"))
    sent = form(ref, **more)
    assert firm.post("/objections/ask", sent).status_code == 200
    answer = firm.post("/objections/ask", sent | {"step": "object"})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"].rsplit("/", 1)[1]


def go(client: Client, number: str, event: str, text: str = "因为如此") -> int:
    case = Case.objects.get(number=number)
    sent = {"event": event, "text": text, "version": case.version}
    status = client.post(f"/cases/{number}/move", sent).status_code
    deliver(timezone.now())
    return status


@pytest.fixture
def consented(town: Town) -> Town:
    """The bank may see everything about the firm."""
    now = timezone.now()
    bank = town.people["loan_officer"].memberships.get().organisation
    from xinrong.catalogue.region import load_region

    shared = [name for name, one in load_region("beijing").contracts.items()]
    grant_consent(
        town.firm, bank.pk, shared, list(Stage), now=now - timedelta(minutes=1),
        valid_until=now + timedelta(days=30), max_level=4,
    )  # fmt: skip
    assert Consent.objects.exists()
    return town


def bank_sees(town: Town) -> str:
    bank = as_(town, "loan_officer")
    bank.post(f"{FILE}/open", {"stage": "approval", "tab": "comprehensive"})
    return read(bank, f"{FILE}/comprehensive/", category="major_tax_violation")


def test_the_enterprise_finds_a_button_beside_each_of_its_records_and_nobody_else(
    consented: Town,
) -> None:
    firm = as_(consented, "representative")
    for place in ("", "comprehensive/", "signs/"):
        assert "Object to this record" in read(firm, f"{FILE}/{place}")
    for name in ("operator", "data_officer"):
        assert "Object to this record" not in read(as_(consented, name), f"{FILE}/comprehensive/")
    assert "Object to this record" not in bank_sees(consented)


def test_before_anything_is_written_a_preview_shows_the_mark(town: Town) -> None:
    firm = as_(town, "representative")
    address = button(firm, category="major_tax_violation")
    page = read(firm, address)
    assert "stands beside the record" in page
    assert "征信业管理条例" in page
    answer = firm.post("/objections/ask", form(ref_of(address), fields=["case_kind"]))
    page = answer.content.decode()
    assert "This is how it will look" in page
    assert re.search(r"Under objection since \d{4}-\d\d-\d\d", page)
    assert STATEMENT in page
    assert not Objection.objects.exists()
    back = firm.post("/objections/ask", form(ref_of(address), step="back")).content.decode()
    assert "See how it will look" in back
    assert STATEMENT in back, "what was typed is still there"
    assert not Objection.objects.exists()


def test_the_bank_sees_the_mark_and_the_statement(consented: Town) -> None:
    assert "Under objection" not in bank_sees(consented)
    object_to(consented)
    page = bank_sees(consented)
    assert "Under objection since" in page
    assert STATEMENT in page
    assert WHY not in page, "the reasons are for those who check it"
    firm = read(as_(consented, "representative"), f"{FILE}/signs/")
    assert "See your objection" in firm


def test_from_the_objection_to_the_answer_in_writing(consented: Town) -> None:
    number = object_to(consented)
    firm, office = as_(consented, "representative"), as_(consented, "data_officer")
    operator = as_(consented, "operator")
    assert "Objection to a record" in read(operator, "/inbox")
    page = read(operator, f"/cases/{number}")
    assert STATEMENT in page
    assert WHY in page
    assert "shown, marked as under objection" in page
    assert "罚款" not in page, "what the record says stands in the file, behind the gate"
    assert firm.get(f"/objections/{number}/letter").status_code == 404, "nothing is answered yet"

    assert go(operator, number, "forward") == 302
    assert "No record fits" in bank_sees(consented)
    assert STATEMENT not in bank_sees(consented)
    assert "shown to nobody since" in read(firm, f"/cases/{number}")
    assert "Objection to a record" in read(office, "/inbox")

    assert go(office, number, "uphold", "与案卷一致") == 302
    page = bank_sees(consented)
    assert "The enterprise disputes this; its source stands by it" in page
    assert STATEMENT in page
    letter = read(firm, f"/objections/{number}/letter")
    for words in ("与案卷一致", "Object again within 30 days", "Complain to the regulator"):
        assert words in letter
    letter = read(as_(consented, "representative", "zh-hans"), f"/objections/{number}/letter")
    assert "异议答复书" in letter
    assert "核实无误" in letter


def test_a_case_whose_source_is_not_here_says_that_nobody_can_act(town: Town) -> None:
    from xinrong.accounts.models import Organisation

    Organisation.objects.filter(reference="taxation").update(closed_at=timezone.now())
    number = object_to(town)
    operator = as_(town, "operator")
    assert go(operator, number, "forward") == 302
    for who in (operator, as_(town, "representative")):
        assert "Nobody on the platform can act on it now" in read(who, f"/cases/{number}")


def test_the_list_is_the_own_sides_and_says_when_it_is_empty(town: Town) -> None:
    firm = as_(town, "representative")
    assert "You object to nothing" in read(firm, "/objections")
    assert "No objection" in read(as_(town, "data_officer"), "/objections")
    object_to(town)
    assert "marked, the platform checks its own part" in read(firm, "/objections")
    assert "marked, the platform" in read(as_(town, "operator"), "/objections?show=open")
    assert "None of these" in read(firm, "/objections?show=over")
    assert "No objection" in read(as_(town, "registrar"), "/objections"), "another department"
    assert as_(town, "loan_officer").get("/objections").status_code == 403
    assert Client().get("/objections").status_code == 302


def test_a_record_that_is_not_the_own_is_answered_like_none(town: Town) -> None:
    firm = as_(town, "representative")
    real = ref_of(button(firm))
    category, key, batch = real.split("/")
    said = set()
    for ref in (
        f"{category}/{key}1/{batch}", f"{category}/{key}/99", "x/1/1", "", "../../etc", HOSTILE,
    ):  # fmt: skip
        for answer in (
            firm.get("/objections/ask", {"record": ref}),
            firm.post("/objections/ask", form(ref)),
            firm.post("/objections/ask", form(ref, step="object")),
        ):
            assert answer.status_code == 422
            said.add(re.search(r'role="alert">.*?<p>(.*?)</p>', answer.content.decode()).group(1))
    assert len(said) == 1
    assert not Case.objects.exists()


def test_of_another_enterprise_it_is_answered_the_same(town: Town) -> None:
    from xinrong.accounts.services import viewer_of
    from xinrong.subjects.services import enterprise_by_code
    from xinrong.trust.services import Purpose

    who = viewer_of(town.people["operator"])
    other = enterprise_by_code(QUIET).pk
    theirs = files.comprehensive(who, other, Purpose.OPERATION).content.records[0].ref
    firm = as_(town, "representative")
    page = firm.post("/objections/ask", form(theirs, step="object"))
    assert page.status_code == 422
    assert "There is no such record in your file" in page.content.decode()


def test_objecting_twice_leads_to_what_is_open(town: Town) -> None:
    firm = as_(town, "representative")
    ref = ref_of(button(firm, category="major_tax_violation"))
    object_to(town)
    for answer in (
        firm.get("/objections/ask", {"record": ref}),
        firm.post("/objections/ask", form(ref, step="object")),
    ):
        assert answer.status_code == 422
        assert "is open already" in answer.content.decode()
    assert Objection.objects.count() == 1


def test_after_an_answer_only_something_new_is_taken(town: Town) -> None:
    number = object_to(town)
    go(as_(town, "operator"), number, "forward")
    go(as_(town, "data_officer"), number, "uphold")
    firm = as_(town, "representative")
    address = button(firm, category="major_tax_violation")
    assert "has not seen yet" in read(firm, address)
    answer = firm.post("/objections/ask", form(ref_of(address)))
    assert answer.status_code == 422
    assert "Say what is new" in answer.content.decode()
    assert object_to(town, new="找到了送达回证") != number


def test_what_is_missing_is_said_beside_what_was_typed(town: Town) -> None:
    firm = as_(town, "representative")
    ref = ref_of(button(firm))
    for more, said in (
        ({"statement": " "}, "Write your statement"),
        ({"statement": "字" * 301}, "at most 300"),
        ({"why": ""}, "Say what is wrong"),
        ({"why": "字" * 2001}, "at most 2000"),
    ):
        answer = firm.post("/objections/ask", form(ref, **more))
        assert answer.status_code == 422
        page = answer.content.decode()
        assert said in page
        assert 'aria-invalid="true"' in page
    assert not Objection.objects.exists()


def test_hostile_words_are_text_on_every_page(consented: Town) -> None:
    firm = as_(consented, "representative")
    ref = ref_of(button(firm, category="major_tax_violation"))
    preview = firm.post("/objections/ask", form(ref, statement=HOSTILE, why=HOSTILE))
    number = object_to(consented, statement=HOSTILE, why=HOSTILE)
    pages = [preview.content.decode(), bank_sees(consented)]
    go(as_(consented, "operator"), number, "forward", HOSTILE)
    go(as_(consented, "data_officer"), number, "uphold", HOSTILE)
    pages += [
        read(firm, f"/cases/{number}"), read(firm, f"/objections/{number}/letter"),
        read(firm, "/objections"), read(firm, f"{FILE}/signs/"), bank_sees(consented),
    ]  # fmt: skip
    for page in pages:
        assert "<img src=x" not in page
    assert sum("&lt;img src=x" in page for page in pages) >= 5


def test_nobody_else_reads_the_case_or_its_letter(town: Town) -> None:
    number = object_to(town)
    go(as_(town, "representative"), number, "withdraw")
    for name in ("loan_officer", "registrar"):
        assert as_(town, name).get(f"/cases/{number}").status_code == 404
    assert as_(town, "registrar").get(f"/objections/{number}/letter").status_code == 404
    assert as_(town, "loan_officer").get(f"/objections/{number}/letter").status_code == 403
    assert not Suppression.objects.filter(to_seq=None).exists()


def test_the_operator_reads_it_only_while_it_concerns_them(town: Town) -> None:
    number = object_to(town)
    go(as_(town, "representative"), number, "withdraw")
    assert "You withdrew" in read(as_(town, "operator"), f"/objections/{number}/letter")
