"""The pages of a case: an enterprise asks, a department answers, each sees every step."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.pages.support import HOSTILE
from tests.pages.test_inbox import as_, open_correction
from xinrong.remedy.models import Correction
from xinrong.subjects.models import Enterprise
from xinrong.work.models import Case, CaseMove
from xinrong.work.services import deliver, tick

FIELD = "enterprise_registration.enterprise_name"
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<<>>\n%%EOF\n"
RIGHT = "恒源精密（虚构）有限公司"


def go(client, number, event, text="", version=None):
    if version is None:
        version = Case.objects.get(number=number).version
    form = {"event": event, "text": text, "version": version}
    return client.post(f"/cases/{number}/move", form)


def test_from_the_wrong_name_to_the_corrected_register(town):
    """The whole way, over HTTP: ask, be asked for more, answer, be agreed with, be corrected."""
    firm, office = as_(town, "representative"), as_(town, "registrar")
    form = firm.get("/corrections/ask").content.decode()
    assert "恒远精密（虚构）有限公司" in form
    assert "2019-02-17" in form, "what stands comes from the enterprise's own file"
    sent = {"field": FIELD, "right": RIGHT, "why": "营业执照第一行"}
    answer = firm.post("/corrections/ask", sent)
    number = answer["Location"].rsplit("/", 1)[1]
    assert Correction.objects.get().stands == "恒远精密（虚构）有限公司"

    page = office.get(f"/cases/{number}").content.decode()
    assert "It is your turn." in page
    assert RIGHT in page
    assert "征信业管理条例" in page, "the article that the clock rests on"
    assert go(office, number, "ask_more", "请补充新执照").status_code == 302
    page = firm.get(f"/cases/{number}").content.decode()
    assert "请补充新执照" in page
    assert "registrar" not in page, "the other side is its organisation, not a person's name"
    assert go(firm, number, "supply", "新执照 2026 年 11 月 1 日核发").status_code == 302
    assert go(office, number, "accept").status_code == 302
    deliver(timezone.now())
    carry = office.get("/corrections").content.decode()
    assert RIGHT in carry
    assert RIGHT in office.get("/corrections.csv").content.decode("utf-8-sig")
    assert RIGHT not in as_(town, "data_officer").get("/corrections").content.decode()

    from xinrong.catalogue.region import load_region
    from xinrong.remedy.services import follow_corrections

    Enterprise.objects.filter(pk=town.firm).update(name=RIGHT)  # as the register feed does
    assert follow_corrections(load_region("beijing"), now=timezone.now()) == 1
    page = firm.get(f"/cases/{number}").content.decode()
    assert "It ended on" in page
    steps = re.findall(r"<time[^>]*>[^<]*</time> ([^<]*?) <span", page)
    assert steps[0].startswith("The corrected data is here → corrected")
    assert len(steps) == 5
    assert "over" in firm.get("/cases?show=over").content.decode()
    assert number in firm.get("/cases").content.decode()


def test_what_cannot_be_asked_for_is_said_beside_what_was_typed(town):
    firm = as_(town, "representative")
    for sent, said in (
        ({"field": "", "right": RIGHT, "why": "执照"}, "Choose one of the fields"),
        ({"field": FIELD, "right": "恒远精密（虚构）有限公司", "why": "x"}, "Write what is right"),
        ({"field": FIELD, "right": RIGHT, "why": " "}, "Say why"),
    ):
        answer = firm.post("/corrections/ask", sent)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert 'value="恒源精密（虚构）有限公司"' in answer.content.decode()
    assert not Case.objects.exists()
    for other in ("registrar", "operator", "loan_officer"):
        assert as_(town, other).get("/corrections/ask").status_code == 403


def test_nobody_else_learns_that_there_is_a_case(town):
    case = open_correction(town)
    said = set()
    for name in ("loan_officer", "data_officer"):
        client = as_(town, name)
        for number in (case.number, "0" * 32):
            said.add(client.get(f"/cases/{number}").content.count(b"There is nothing here"))
            assert client.get(f"/cases/{number}").status_code == 404
            assert go(client, number, "accept", version=1).status_code == 404
            assert client.post(f"/cases/{number}/hand", {"what": "take"}).status_code == 404
    assert len(said) == 1
    assert Client().get(f"/cases/{case.number}").status_code == 302
    assert CaseMove.objects.count() == 1


def test_a_move_from_an_old_page_changes_nothing_and_keeps_what_was_typed(town):
    case = open_correction(town)
    firm, office = as_(town, "representative"), as_(town, "registrar")
    go(firm, case.number, "withdraw", version=1)
    answer = go(office, case.number, "reject", "执照上就是这样", version=1)
    assert answer.status_code == 422
    assert "Somebody moved this case while you were looking" in answer.content.decode()
    other = open_correction(town)
    for event, text, version, said in (
        ("reject", "执照上就是这样", 99, "Somebody moved this case"),
        ("reject", "  ", 1, "Say it in your own words"),
        ("reject", "x" * 2001, 1, "in at most 2,000"),
        ("mend", "x", 1, "no longer possible"),
        ("withdraw", "", 1, "another side"),
        ("overrun", "", 1, "another side"),
        ("reject", "x", "a", "Somebody moved"),
    ):
        answer = go(office, other.number, event, text, version)
        assert answer.status_code == 422, event
        assert said in answer.content.decode(), event
    assert (
        "执照上就是这样"
        in go(office, other.number, "reject", "执照上就是这样", 99).content.decode()
    )
    other.refresh_from_db()
    assert other.version == 1


def test_hostile_words_are_text_everywhere(town):
    case = open_correction(town, right=HOSTILE, why=HOSTILE)
    office = as_(town, "registrar")
    go(office, case.number, "ask_more", HOSTILE)
    for name in ("registrar", "representative", "operator"):
        page = as_(town, name).get(f"/cases/{case.number}").content.decode()
        assert "<img src=x" not in page
        assert page.count("&lt;img src=x") >= 3


def test_a_colleague_sees_who_has_it_and_takes_it_over(town):
    from xinrong.accounts.services import create_person

    case = open_correction(town)
    office = town.people["registrar"].memberships.get().organisation
    town.people["two"] = create_person(
        "two@example.cn", "a long enough passphrase 7", name="二号", organisation=office,
        role="data_officer",
    )  # fmt: skip
    first, second = as_(town, "registrar"), as_(town, "two")
    first.post(f"/cases/{case.number}/hand", {"what": "take"})
    page = second.get(f"/cases/{case.number}").content.decode()
    assert "registrar has taken this on." in page
    assert "What you can do now" not in page
    assert second.post(f"/cases/{case.number}/hand", {"what": "take"}).status_code == 422
    over = {"what": "take", "over": town.people["registrar"].pk}
    assert second.post(f"/cases/{case.number}/hand", over).status_code == 302
    assert "What you can do now" in second.get(f"/cases/{case.number}").content.decode()
    given = {"what": "hand_over", "to": town.people["registrar"].pk}
    assert second.post(f"/cases/{case.number}/hand", given).status_code == 302
    wrong = {"what": "hand_over", "to": town.people["representative"].pk}
    assert first.post(f"/cases/{case.number}/hand", wrong).status_code == 422


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_overdue_case_is_seen_by_all_three(town, language):
    case = open_correction(town)
    tick(timezone.now() + timedelta(days=25))
    words = {"en": "overdue, before the operator", "zh-hans": "已逾期，督办中"}[language]
    for name in ("registrar", "representative", "operator"):
        page = as_(town, name, language).get(f"/cases/{case.number}").content.decode()
        assert words in page


def give(client, number, title="营业执照", content=PDF, **more):
    file = SimpleUploadedFile("执照.exe", content, content_type="text/html")
    return client.post(f"/case-papers/{number}", {"title": title, "file": file}, **more)


def test_documents_are_handed_in_read_by_the_sides_and_by_nobody_else(town):
    case = open_correction(town)
    firm, office = as_(town, "representative"), as_(town, "registrar")
    assert give(firm, case.number).status_code == 302
    assert give(firm, case.number, title=HOSTILE[:100]).status_code == 302
    page = office.get(f"/cases/{case.number}").content.decode()
    assert "<img src=x" not in page
    (first, *_more) = re.findall(rf"/cases/{case.number}/papers/\d+", page)
    answer = office.get(first)
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")
    assert "document read" in firm.get(f"/cases/{case.number}").content.decode()
    assert as_(town, "data_officer").get(first).status_code == 404
    assert give(as_(town, "data_officer"), case.number).status_code == 404
    assert office.get(first[:-1] + "999999").status_code == 404


def test_documents_that_cannot_be_taken_are_refused_in_words(town):
    case = open_correction(town)
    firm = as_(town, "representative")
    for title, content, said in (
        ("执照", b"<html>", "no whole PDF"),
        ("", PDF, "what the document is"),
        ("执照", PDF.replace(b"/Type", b"/JavaScript"), "script"),
    ):
        answer = give(firm, case.number, title, content)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    answer = give(firm, case.number, content=b"%PDF-" + b"x" * (11 << 20))
    assert answer.status_code == 413
    assert "larger than 10 MB" in answer.content.decode()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(town.people["representative"])
    assert give(strict, case.number).status_code == 403
