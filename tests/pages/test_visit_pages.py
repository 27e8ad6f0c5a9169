"""Officers write needs down on visits; the enterprise confirms them on its own page."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.market.needs.cast import person
from tests.market.needs.test_visits import csv_of
from tests.pages.class_support import representative, signed_in, small_city
from tests.pages.test_need_pages import body
from tests.profiles import city
from xinrong.accounts.services import Person
from xinrong.market.services import needs
from xinrong.trust.models import AuditRow

pytestmark = pytest.mark.django_db
NEED = {"amount": "50万", "purpose": "stock", "months": "12", "first_time": ""}


@pytest.fixture
def town(settings: Any, store_root: Any) -> None:
    settings.REGION = "taizhou"
    small_city()


def officer(name: str = "officer", kind: str = "adviser", role: str = "adviser") -> Client:
    return signed_in(Person.objects.get(pk=person(name, kind, role).person_id or 0))


def send(client: Client, content: bytes, name: str = "visits.csv") -> Any:
    client.cookies.load({"django_language": "en"})
    return client.post("/visits/upload", {"file": SimpleUploadedFile(name, content)})


def test_what_an_officer_writes_down_the_enterprise_reads_checks_and_confirms(town: None) -> None:
    client, firm = officer(), representative(3)
    assert "Nothing written down yet" in body(client, "/visits")
    assert client.post("/visits/new", {"code": city.code(3), **NEED})["Location"] == "/visits"
    assert "waits for the enterprise" in body(client, "/visits")
    one = needs.StatedNeed.objects.get()
    assert "waits for your word" in body(firm, "/needs")
    shown = body(firm, f"/needs/{one.number}/preview")
    assert "adviser" in shown or "officer（虚构） wrote this down" in shown
    firm.post(f"/needs/{one.number}/ask/amount?back=preview", {"amount": "30万"})
    one.refresh_from_db()
    assert "300,000" not in body(client, "/visits"), "what the enterprise changes is its own"
    firm.post(f"/needs/{one.number}/state", {"version": one.version})
    assert "confirmed" in body(client, "/visits")
    assert client.get(f"/needs/{one.number}").status_code == 403


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": "123"}, "No enterprise here has this code"),
        ({"amount": "0"}, "cannot be needed as a loan"),
        ({"amount": ""}, "There is no sum"),
        ({"purpose": ""}, "No purpose is chosen"),
        ({"months": "<b>"}, "is no number of months"),
    ],
)
def test_what_cannot_be_read_is_said_and_what_was_typed_stays(
    town: None, changed: dict[str, str], said: str
) -> None:
    client = officer()
    client.cookies.load({"django_language": "en"})
    answer = client.post("/visits/new", {"code": city.code(3), **NEED, **changed})
    shown = answer.content.decode()
    assert (answer.status_code, said in shown) == (422, True)
    assert "<b>" not in shown.split("<main")[1].split("<form")[1]
    assert not needs.StatedNeed.objects.exists()


def test_a_form_is_previewed_row_by_row_and_entered_once(town: None) -> None:
    client = officer()
    assert client.get("/visits/form.xlsx").content[:2] == b"PK"
    good = [city.code(3), "50万", "备货进料", "12", "", "", "", "", ""]
    bad = [city.code(4), "很多", "备货进料", "12", "", "", "", "", "<script>"]
    rows = AuditRow.objects.count()
    shown = send(client, csv_of(good, good, bad)).content.decode()
    assert AuditRow.objects.count() == rows + 1, "names shown for codes are a look"
    assert "Row 4" in shown
    assert "amount" in shown
    assert "<script>" not in shown.split("<main")[1]
    assert not needs.StatedNeed.objects.exists()
    sealed = shown.split('name="rows" value="')[1].split('"')[0]
    stranger = officer("other")
    assert stranger.post("/visits/enter", {"rows": sealed}).status_code == 422
    assert client.post("/visits/enter", {"rows": sealed}).status_code == 302
    assert client.post("/visits/enter", {"rows": sealed}).status_code == 302
    assert needs.StatedNeed.objects.count() == 1
    for token in ("", "x", sealed[:-2]):
        assert client.post("/visits/enter", {"rows": token}).status_code == 422


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_form_is_said_on_the_page(town: None, content: bytes) -> None:
    assert send(officer(), content).status_code == 422


def test_who_goes_on_no_visits_is_refused(town: None) -> None:
    for client in (representative(3), officer("bank", "bank", "loan_officer")):
        for address in ("/visits", "/visits/new", "/visits/form.xlsx"):
            assert client.get(address).status_code == 403
        assert client.post("/visits/enter", {"rows": ""}).status_code == 403


def test_taken_back_it_is_gone_from_the_enterprises_inbox(town: None) -> None:
    client = officer()
    client.post("/visits/new", {"code": city.code(3), **NEED})
    one = needs.StatedNeed.objects.get()
    assert officer("else").post(f"/visits/{one.number}/withdraw").status_code == 404
    assert client.post(f"/visits/{one.number}/withdraw")["Location"] == "/visits"
    assert client.post(f"/visits/{one.number}/withdraw").status_code == 404
