"""The pages of proof: a claimer's way from search to role, and the operators' queue."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.accounts.proof import support as s
from tests.pages.support import EVIL, FIRM, HOSTILE, QUIET, Town
from xinrong.accounts.models import Claim, Person
from xinrong.accounts.proof.sniffing import LARGEST
from xinrong.accounts.services import viewer_of


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def wang(town: Town) -> Person:
    return s.person("王")


@pytest.fixture
def operators(town: Town) -> list[Client]:
    return [client_of(one) for one in s.operators("op1", "op2")]


def claimed(client: Client, code: str = QUIET, way: str = "documents") -> int:
    answer = client.post(f"/represent/enterprises/{code}", {"way": way, "true": "yes"})
    assert answer.status_code == 302, answer.content.decode()
    return int(answer["Location"].rsplit("/", 1)[1])


def give(client: Client, number: int, kind: str, content: bytes, name: str = "a.pdf") -> Any:
    sent = SimpleUploadedFile(name, content, content_type="text/html")
    return client.post(f"/represent/claims/{number}/papers", {"kind": kind, "file": sent})


def give_all(client: Client, number: int) -> None:
    for kind, content in (("licence", s.PDF), ("identity", s.JPEG), ("authority", s.PNG)):
        assert give(client, number, kind, content).status_code == 302


def check(client: Client, number: int, code: str = QUIET) -> str:
    ticked = {"licence": "yes", "identity": "yes", "authority": "yes"}
    form = {**ticked, "legal_representative": "王建国"}
    return client.post(f"/claims/{code}/{number}/check", form, follow=True).content.decode()


def test_a_person_without_a_role_finds_an_enterprise_and_claims_it(wang: Person) -> None:
    client = client_of(wang)
    assert "静水" in client.get("/represent?q=静水").content.decode()
    page = client.get(f"/represent/enterprises/{QUIET}").content.decode()
    assert 'value="documents"' in page
    assert 'value="letter"' not in page, "this region's register gives no address"
    number = claimed(client)
    assert client.get(f"/represent/claims/{number}").status_code == 200
    assert viewer_of(wang).role == "public"


def test_a_claim_is_made_with_a_way_and_a_declaration(wang: Person) -> None:
    client = client_of(wang)
    for form in ({"true": "yes"}, {"way": "documents"}, {"way": "demo", "true": "yes"}):
        answer = client.post(f"/represent/enterprises/{QUIET}", form)
        assert answer.status_code == 422
    assert not Claim.objects.exists()


def test_from_claim_to_role_by_documents(wang: Person, operators: list[Client]) -> None:
    client = client_of(wang)
    number = claimed(client)
    give_all(client, number)
    client.post(f"/represent/claims/{number}/hand-in")
    assert "静水" in operators[0].get("/claims").content.decode()
    check(operators[0], number)
    check(operators[0], number)
    assert Claim.objects.get().state == "checked_once"
    check(operators[1], number)
    assert Claim.objects.get().state == "proven"
    assert viewer_of(wang).reference == QUIET


def test_an_operator_ticks_each_document(wang: Person, operators: list[Client]) -> None:
    client = client_of(wang)
    number = claimed(client)
    give_all(client, number)
    client.post(f"/represent/claims/{number}/hand-in")
    operators[0].post(f"/claims/{QUIET}/{number}/check", {"licence": "yes"})
    assert Claim.objects.get().state == "documents_given"


def test_a_document_is_downloaded_and_never_shown(wang: Person, operators: list[Client]) -> None:
    client = client_of(wang)
    number = claimed(client)
    give(client, number, "licence", s.PDF, "../../../etc/passwd<script>.pdf")
    paper = Claim.objects.get().papers.get()
    answer = operators[0].get(f"/claims/papers/{paper.pk}")
    assert answer.content == s.PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="claim-{number}-licence.pdf"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert client.get(f"/claims/papers/{paper.pk}").status_code == 403


@pytest.mark.parametrize("content", [b"", b"MZ", b"PK\x03\x04", b"<script>alert(1)</script>"])
def test_what_is_no_document_is_refused_whatever_it_is_called(wang: Person, content: bytes) -> None:
    client = client_of(wang)
    number = claimed(client)
    assert give(client, number, "licence", content, "licence.pdf").status_code == 422
    assert not Claim.objects.get().papers.exists()


def test_an_oversized_document_is_refused_before_it_is_read(wang: Person) -> None:
    client = client_of(wang)
    number = claimed(client)
    assert give(client, number, "licence", b"%PDF-" + b"\0" * LARGEST).status_code == 422
    assert give(client, number, "licence", b"%PDF-" + b"\0" * (LARGEST << 1)).status_code == 413


def test_a_document_needs_the_forms_token(wang: Person) -> None:
    number = claimed(client_of(wang))
    client = Client(enforce_csrf_checks=True)
    client.force_login(wang)
    assert give(client, number, "licence", s.PDF).status_code == 403


def test_somebody_elses_claim_is_not_found(wang: Person) -> None:
    number = claimed(client_of(wang))
    other = client_of(s.person("李"))
    assert other.get(f"/represent/claims/{number}").status_code == 404
    for step in ("hand-in", "code", "way", "withdraw", "identity"):
        assert other.post(f"/represent/claims/{number}/{step}").status_code in (404, 302)
    assert give(other, number, "licence", s.PDF).status_code == 404
    assert Claim.objects.get().state == "claimed"


def test_only_operators_see_the_queue(town: Town, wang: Person) -> None:
    claimed(client_of(wang))
    for client in (client_of(wang), client_of(town.people["loan_officer"])):
        for address in ("/claims", f"/claims/{QUIET}/"):
            assert client.get(address).status_code == 403
    assert Client().get("/claims").status_code == 302


def test_both_sides_see_that_they_are_frozen_and_why(town: Town, operators: list[Client]) -> None:
    client = client_of(s.person("李"))
    number = claimed(client, FIRM)
    assert "已冻结" in client.get(f"/represent/claims/{number}").content.decode()
    present = client_of(town.people["representative"])
    assert "另有人" in present.get("/represent").content.decode()
    assert present.get(f"/enterprises/{FIRM}/").status_code == 403
    page = operators[0].get(f"/claims/{FIRM}/").content.decode()
    assert "李" in page
    for operator in operators:
        form = {"outcome": "present", "why": "电话核实"}
        operator.post(f"/claims/{FIRM}/decide", form)
    assert present.get(f"/enterprises/{FIRM}/").status_code == 200
    assert "电话核实" in client.get(f"/represent/claims/{number}").content.decode()


def test_a_hostile_name_is_text_everywhere(operators: list[Client], town: Town) -> None:
    wang = Person.objects.create_user("x@example.cn", s.PASSWORD, "<script>alert(1)</script>")
    client = client_of(wang)
    number = claimed(client, EVIL)
    pages = [
        client.get("/represent?q=有限公司"),
        client.get(f"/represent/enterprises/{EVIL}"),
        client.get(f"/represent/claims/{number}"),
        operators[0].get(f"/claims/{EVIL}/"),
    ]
    for page in pages:
        content = page.content.decode()
        assert HOSTILE not in content
        assert "<script>alert" not in content


def test_the_pages_speak_both_languages(wang: Person) -> None:
    client = client_of(wang)
    assert "我代表企业" in client.get("/represent").content.decode()
    client.cookies["django_language"] = "en"
    assert "I represent an enterprise" in client.get("/represent").content.decode()
