"""The page of a printed file, the download, and the page where anybody checks a number."""

from __future__ import annotations

from hashlib import sha256

import pytest
from django.test import Client
from django.utils import timezone

from tests.files.printing.support import needs_fonts
from tests.pages.support import EVIL, FIRM, Town
from xinrong.files import services as files
from xinrong.files.printing import typesetting
from xinrong.files.printing.checking import MISSES
from xinrong.files.printing.models import IssuedPaper
from xinrong.files.printing.numbering import number_of
from xinrong.trust.models import AuditRow

ADDRESS = f"/enterprises/{FIRM}/paper"


def as_(town: Town, name: str) -> Client:
    client = Client()
    client.force_login(town.people[name])
    return client


@pytest.fixture
def officer(town: Town) -> Client:
    client = as_(town, "loan_officer")
    client.post(f"/enterprises/{FIRM}/open", {"stage": "approval"})
    return client


def test_the_page_says_what_it_costs_and_asks_nothing_of_the_gate(officer: Client) -> None:
    answer = officer.get(ADDRESS)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "一次单独的查询" in page
    assert "海丰银行（虚构）" in page
    assert not AuditRow.objects.exists()


def test_the_file_leads_to_it(officer: Client) -> None:
    assert f'href="{ADDRESS}"' in officer.get(f"/enterprises/{FIRM}/").content.decode()


def test_a_loan_officer_names_the_stage_first_and_comes_back(town: Town) -> None:
    client = as_(town, "loan_officer")
    for answer in (client.get(ADDRESS), client.post(ADDRESS)):
        assert 'name="stage"' in answer.content.decode()
    assert not AuditRow.objects.exists()
    back = client.post(f"/enterprises/{FIRM}/open", {"stage": "approval", "tab": "paper"})
    assert back["Location"] == ADDRESS


@needs_fonts
@pytest.mark.parametrize("language", ["zh-hans", "en", "tlh", ""])
def test_the_pdf_is_a_download_that_nobody_keeps(officer: Client, language: str) -> None:
    answer = officer.post(ADDRESS, {"language": language})
    pdf = b"".join(answer) if answer.streaming else answer.content
    row = IssuedPaper.objects.get()
    assert pdf.startswith(b"%PDF-")
    assert sha256(pdf).hexdigest() == row.file_digest
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="xinrong-{row.year}-{row.serial:06d}.pdf"'
    )
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Xinrong-Audit"] == str(row.audit_id)
    assert row.language == (language if language in ("zh-hans", "en") else "zh-hans")


@needs_fonts
def test_a_hostile_name_stands_in_no_header(town: Town) -> None:
    answer = as_(town, "operator").post(f"/enterprises/{EVIL}/paper", {"language": "en"})
    assert answer.status_code == 200
    told = answer["Content-Disposition"] + answer["Content-Type"]
    assert "img" not in told
    assert "有限公司" not in told


@needs_fonts
def test_each_press_is_a_paper_and_a_query_of_its_own(officer: Client) -> None:
    for _ in range(2):
        officer.post(ADDRESS)
    assert [row.serial for row in IssuedPaper.objects.order_by("pk")] == [1, 2]
    assert AuditRow.objects.filter(service="paper").count() == 2


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_not_taken(officer: Client, method: str) -> None:
    assert getattr(officer, method)(ADDRESS).status_code == 405


def test_a_form_from_elsewhere_makes_no_paper(town: Town) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.people["operator"])
    assert client.post(ADDRESS).status_code == 403
    assert not IssuedPaper.objects.exists()


@pytest.mark.parametrize(
    ("code", "status"),
    [("paper_busy", 503), ("paper_fonts", 500), ("paper_failed", 500), ("paper_refused", 403)],
)
def test_what_stops_it_is_said_on_the_page(
    officer: Client, code: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_given: object, **_more: object) -> bytes:
        raise files.PaperError("no", code=code)

    monkeypatch.setattr("xinrong.files.printing.issuing.typeset", stopped)
    answer = officer.post(ADDRESS)
    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()
    assert IssuedPaper.objects.get().void == code


def test_without_fonts_the_page_says_so(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "FONTS", ("No Such Face",))
    answer = officer.post(ADDRESS)
    assert answer.status_code == 500
    assert "字体未安装" in answer.content.decode()


@pytest.mark.parametrize("wrong", ["1", "没有", "..%2F..%2Fetc"])
def test_an_enterprise_that_is_not_there_is_a_404(town: Town, wrong: str) -> None:
    assert as_(town, "operator").post(f"/enterprises/{wrong}/paper").status_code == 404


def issued(town: Town) -> IssuedPaper:
    organisation = town.people["loan_officer"].memberships.get().organisation_id
    return IssuedPaper.objects.create(
        year=2026, serial=7, control="K3M9Q2TXHB7D", audit_id=4711, enterprise_id=town.firm,
        organisation_id=organisation, language="en", issued_at=timezone.now(),
        content_digest="9f" * 32, file_digest="ab" * 32,
    )  # fmt: skip


def test_anybody_checks_a_number_and_learns_nothing_about_the_enterprise(town: Town) -> None:
    paper = issued(town)
    answer = Client().get("/papers", {"number": str(number_of(paper)).lower()})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "真实：由本平台出具" in page
    for told in (
        "海丰银行（虚构）",
        " ".join(["9f" * 4] * 8),
        "ab" * 32,
        "XR-2026-000007-K3M9-Q2TX-HB7D",
    ):
        assert told in page
    for kept in (FIRM, "恒远精密", "4711"):
        assert kept not in page
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "typed",
    [
        "XR-2026-000007-0000-0000-0000",
        "x",
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "\x00",
        "9" * 5000,
    ],
)
def test_a_wrong_number_is_answered_in_words(town: Town, typed: str) -> None:
    issued(town)
    answer = Client().get("/papers", {"number": typed})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "没有出具过此编号" in page
    assert "<script>alert" not in page


def test_the_empty_form_opens_for_everybody(db: None) -> None:
    answer = Client().get("/papers")
    assert answer.status_code == 200
    assert "真实" not in answer.content.decode().split("</form>")[1]


def test_guessing_shuts_the_door(town: Town) -> None:
    paper, client = issued(town), Client()
    for _ in range(MISSES):
        client.get("/papers", {"number": "x"})
    answer = client.get("/papers", {"number": str(number_of(paper))})
    assert answer.status_code == 429
    assert "15 分钟" in answer.content.decode()
