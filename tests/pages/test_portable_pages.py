"""My report on the pages: chosen, seen, signed, fetched, withdrawn; and checked by anybody."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.files.printing.support import needs_fonts
from tests.pages.support import EVIL, FIRM, HOSTILE, Town
from xinrong.accounts.services import create_organisation, create_person
from xinrong.domain.portable import MOST_BYTES, State
from xinrong.files.portable.ended import end
from xinrong.files.portable.models import PortableReport
from xinrong.trust.models import AuditRow

FORM = {"part": ["register", "negative", "positive", "sources"], "days": "30", "to": "海丰 银行"}


def as_(town: Town, name: str) -> Client:
    client = Client()
    client.force_login(town.people[name])
    return client


@pytest.fixture
def firm(town: Town) -> Client:
    return as_(town, "representative")


def signed(client: Client, **more: Any) -> str:
    """The number of a report that was made as people make it."""
    page = client.post("/reports/new", FORM | more).content.decode()
    hidden: dict[str, list[str]] = {}
    form = page[page.index('action="/reports/make"') : page.index("</form>", page.index("/make"))]
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form):
        hidden.setdefault(name, []).append(value)
    hidden.pop("csrfmiddlewaretoken", None)
    answer = client.post("/reports/make", hidden)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"]).rsplit("/", 1)[1]


def file_of(client: Client, number: str, **more: Any) -> bytes:
    answer = client.post(f"/reports/{number}/json", more)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "attachment" in answer["Content-Disposition"]
    return bytes(answer.content)


def check(text: bytes = b"", qr: str = "", client: Client | None = None) -> str:
    form: dict[str, Any] = {"qr": qr}
    if text:
        form["file"] = SimpleUploadedFile("report.json", text)
    return (client or Client()).post("/verify", form).content.decode()


def test_an_enterprise_without_a_report_is_told_what_it_is_for(firm: Client) -> None:
    page = firm.get("/reports").content.decode()
    assert "尚未出具报告" in page
    assert 'href="/reports/new"' in page


def test_what_is_chosen_is_shown_then_signed_then_listed(firm: Client) -> None:
    page = firm.post("/reports/new", FORM).content.decode()
    assert "恒远精密（虚构）有限公司" in page
    assert "偷税" in page
    assert "未列入" in page  # sums and others
    assert not PortableReport.objects.exists()
    number = signed(firm)
    listed = firm.get("/reports").content.decode()
    assert number in listed
    assert "海丰 银行" in listed
    shown = firm.get(f"/reports/{number}").content.decode()
    assert "data:image/svg+xml;base64," in shown
    assert AuditRow.objects.filter(service="own_copy", outcome="released").count() == 3


def test_what_was_not_seen_is_not_signed(firm: Client) -> None:
    answer = firm.post("/reports/make", FORM)
    assert answer.status_code == 409
    assert "请重新查看预览" in answer.content.decode()
    assert not PortableReport.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"part": []}, {"days": "91"}, {"days": "0"}, {"days": "x"}, {"days": "9" * 99},
     {"to": "x" * 81}, {"part": ["secrets"]}],
)  # fmt: skip
def test_a_form_that_cannot_be_says_why(firm: Client, wrong: dict[str, Any]) -> None:
    answer = firm.post("/reports/new", FORM | wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_the_file_is_fetched_whole_and_in_part_and_anybody_checks_it(firm: Client) -> None:
    number = signed(firm)
    whole = file_of(firm, number)
    part = file_of(firm, number, part=["register"])
    page = check(whole)
    assert "可以采信" in page
    assert "偷税" in page
    page = check(part)
    assert "可以采信" in page
    assert "未出示" in page
    assert "偷税" not in page
    assert FIRM in page


def test_paper_and_file_belong_together(firm: Client) -> None:
    number, other = signed(firm), signed(firm)
    page = firm.get(f"/reports/{number}").content.decode()
    found = re.search(r"XRR1\.[A-Z2-7]+", page)
    assert found
    assert "二维码与文件属于同一份报告" in check(file_of(firm, number), found[0])
    assert "不可采信" in check(file_of(firm, other), found[0])
    alone = check(qr=found[0])
    assert "可以采信" in alone
    assert "纸上其余内容须以文件核验" in alone


@needs_fonts
def test_the_paper_is_a_download(firm: Client) -> None:
    answer = firm.post(f"/reports/{signed(firm)}/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"


def test_a_withdrawn_report_is_refused_by_whoever_checks_it(firm: Client) -> None:
    number = signed(firm)
    text = file_of(firm, number)
    assert "撤回这份报告" in firm.get(f"/reports/{number}/withdraw").content.decode()
    firm.post(f"/reports/{number}/withdraw")
    assert "企业已撤回本报告" in check(text)
    assert firm.post(f"/reports/{number}/json").status_code == 409
    assert "已撤回" in firm.get(f"/reports/{number}").content.decode()
    listed = json.loads(Client().get("/.well-known/xinrong-report-status.json").content)
    assert [row["number"] for row in listed["payload"]["reports"]] == [number]


def test_of_a_changed_file_nothing_is_shown_and_nobody_is_said_to_have_left_it_out(
    firm: Client,
) -> None:
    text = file_of(firm, signed(firm))
    whole = check(text)
    assert "偷税" in whole
    page = check(text.replace("偷税".encode(), "纳税".encode()))
    assert "不可采信" in page
    assert "无法区分哪些内容被改动过" in page
    assert "偷税" not in page
    assert "未出示" not in page


def test_a_superseded_report_waits_in_the_inbox_until_a_newer_one_is_made(firm: Client) -> None:
    number = signed(firm)
    report = PortableReport.objects.get(number=number)
    assert "不再成立" not in firm.get("/inbox").content.decode()
    end(number, State.SUPERSEDED, report.last_day, timezone.now())
    inbox = firm.get("/inbox").content.decode()
    assert "您交出的一份报告不再成立" in inbox
    assert f'href="/reports/{number}"' in inbox
    signed(firm)
    assert f'href="/reports/{number}"' not in firm.get("/inbox").content.decode()


def test_nobody_reaches_a_report_of_somebody_else(town: Town, firm: Client) -> None:
    number = signed(firm)
    rival = create_person(
        "rival@example.cn", "a long enough passphrase 7", name="rival",
        organisation=create_organisation("恶（虚构）", "enterprise", reference=EVIL),
        role="representative",
    )  # fmt: skip
    client = Client()
    client.force_login(rival)
    for address in (f"/reports/{number}", f"/reports/{number}/withdraw"):
        assert client.get(address).status_code == 404
    assert client.post(f"/reports/{number}/json").status_code == 404
    for name in ("loan_officer", "data_officer", "operator"):
        assert as_(town, name).get("/reports").status_code == 403
        assert as_(town, name).post(f"/reports/{number}/json").status_code == 403


def test_a_hostile_name_stays_text(town: Town) -> None:
    person = create_person(
        "evil@example.cn", "a long enough passphrase 7", name="evil",
        organisation=create_organisation("恶（虚构）", "enterprise", reference=EVIL),
        role="representative",
    )  # fmt: skip
    client = Client()
    client.force_login(person)
    number = signed(client, to="</script><b>行</b>")
    text = file_of(client, number)
    for page in (check(text), client.get(f"/reports/{number}").content.decode()):
        assert HOSTILE not in page
        assert "<b>行</b>" not in page
    assert "&lt;img src=x" in check(text)


@pytest.mark.parametrize(
    "text",
    [b"x", b"{", b"[" * 100_000, b'{"core":1,"core":1,"claims":[]}', b"\xff", b"{}", b"null"],
)
def test_what_is_no_report_is_refused_and_breaks_nothing(db: None, text: bytes) -> None:
    assert "不可采信" in check(text)


def test_what_is_too_large_is_not_read(db: None, store_root: Any) -> None:
    assert "不可采信" in check(b" " * (MOST_BYTES + 1))
    answer = Client().post("/verify", {"file": SimpleUploadedFile("r", b" " * (10 << 20))})
    assert answer.status_code == 413


def test_an_empty_form_says_what_to_do(db: None) -> None:
    answer = Client().post("/verify", {})
    assert answer.status_code == 422
    assert "请选择报告文件" in answer.content.decode()


def test_the_verifier_is_there_for_anybody(db: None) -> None:
    answer = Client().get("/verify/xinrong-verify.pyz")
    assert answer.content.startswith(b"#!/usr/bin/env python3\nPK")
