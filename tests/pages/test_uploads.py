"""Sending a file on the page: by script in pieces, by the plain form, with its preview."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.pages.support import FIRM, QUIET, Town
from xinrong.collect.models import Receipt, Upload

FEED = "major_tax_violations"
HEADINGS = (
    "地区,纳税人名称,纳税人识别号,组织机构代码,注册地址,案件状态,案件类型,发布时间,"
    "检查机构,主要税收违法行为,相关法律依据及税务处理处罚情况"
)
GOOD = f"海淀,静水（虚构）有限公司,{QUIET},,某路2号,已公布,虚开,2025-05-06,稽查局,虚开发票,罚款"
BAD = "海淀,坏码（虚构）有限公司,123,,某路3号,已公布,虚开,2025-05-07,稽查局,虚开发票,罚款"
LINES = [HEADINGS, GOOD, BAD]
HTML = "<b>报送</b>&\"'.csv"


@pytest.fixture(autouse=True)
def uploads_root(settings: Any, tmp_path: Path) -> Path:
    settings.UPLOADS_ROOT = tmp_path / "uploads"
    return tmp_path / "uploads"


@pytest.fixture
def officer(town: Town) -> Client:
    client = Client()
    client.force_login(town.people["data_officer"])
    return client


def file_of(lines: list[str] = LINES) -> bytes:
    return "\n".join([*lines, ""]).encode("gb18030")


def by_form(client: Client, content: bytes, name: str = "十月.csv", feed: str = FEED) -> Any:
    sent = SimpleUploadedFile(name, content)
    return client.post("/uploads/new", {"feed": feed, "file": sent})


def start(client: Client, size: int, name: str = "十月.csv", feed: str = FEED) -> Any:
    asked = {"feed": feed, "name": name, "size": size}
    return client.post("/uploads/start", json.dumps(asked), content_type="application/json")


def chunk(client: Client, page: str, offset: int, data: bytes) -> Any:
    return client.post(
        f"{page}/chunk", data, content_type="application/octet-stream",
        headers={"Upload-Offset": str(offset)},
    )  # fmt: skip


def finish(client: Client, page: str, digest: str = "") -> Any:
    return client.post(
        f"{page}/finish", json.dumps({"digest": digest}), content_type="application/json"
    )


def text(response: Any) -> str:
    found: str = response.content.decode()
    return found


def test_an_empty_list_says_what_to_do(officer: Client) -> None:
    page = text(officer.get("/uploads"))
    assert "这里还没有报送过文件" in page
    assert 'href="/uploads/new"' in page


def test_only_the_own_feeds_are_offered_with_their_freshness(officer: Client) -> None:
    page = text(officer.get("/uploads/new"))
    assert f"?feed={FEED}" in page
    assert "?feed=little_giants" not in page
    assert "上次" in page
    found = text(officer.get("/uploads/new?q=没有", headers={"HX-Request": "true"}))
    assert "<html" not in found
    assert "没有符合条件的数据源" in found


@pytest.mark.parametrize("name", ["loan_officer", "operator", "representative"])
def test_only_a_department_sends(town: Town, name: str) -> None:
    client = Client()
    client.force_login(town.people[name])
    assert client.get("/uploads").status_code == 403
    assert client.get("/uploads/new").status_code == 403
    refused = start(client, 10)
    assert (refused.status_code, refused.json()["code"]) == (403, "denied")


def test_a_stranger_is_told_to_sign_in_as_page_and_as_json(town: Town) -> None:
    assert Client().get("/uploads")["Location"].startswith("/sign-in")
    refused = start(Client(), 10)
    assert (refused.status_code, refused.json()["code"]) == (401, "signed_out")


def test_the_feed_of_another_department_is_refused(officer: Client) -> None:
    assert officer.get("/uploads/new?feed=little_giants").status_code == 403
    assert by_form(officer, file_of(), feed="little_giants").status_code == 403
    assert start(officer, 10, feed="little_giants").status_code == 403
    assert officer.get("/uploads/new?feed=no_such").status_code == 404
    assert start(officer, 10, feed="no_such").status_code == 404
    assert not Upload.objects.exists()


def test_pieces_then_preview_then_receipt(officer: Client) -> None:
    content = file_of()
    begun = start(officer, len(content)).json()
    page = begun["page"]
    assert chunk(officer, page, 0, content[:40]).json()["offset"] == 40
    assert officer.get(f"{page}/offset").json()["offset"] == 40
    assert chunk(officer, page, 40, content[40:]).json()["offset"] == len(content)
    done = finish(officer, page, hashlib.sha256(content).hexdigest()).json()
    assert done["page"] == page
    preview = text(officer.get(page))
    assert "全部行都已检查" in preview
    assert "静水（虚构）有限公司" in preview
    assert QUIET in preview
    assert "“123”" in preview
    assert not Receipt.objects.filter(source_name="十月.csv").exists()
    answer = officer.post(f"{page}/confirm")
    receipt = Receipt.objects.get(source_name="十月.csv")
    assert answer["Location"] == f"/batches/{receipt.batch}"
    assert (receipt.rows_in, receipt.accepted, receipt.quarantined) == (2, 1, 1)
    assert "文件已入库" in text(officer.get(answer["Location"]))
    assert f"/batches/{receipt.batch}" in text(officer.get("/uploads"))


def test_a_wrong_offset_is_answered_with_the_right_one(officer: Client) -> None:
    page = start(officer, 100).json()["page"]
    chunk(officer, page, 0, b"x" * 10)
    for offset in (0, 11, 99):
        refused = chunk(officer, page, offset, b"x" * 10)
        assert (refused.status_code, refused.json()["offset"]) == (409, 10)
    for odd in ("", "x", "-1", "9" * 30, "²"):
        refused = officer.post(
            f"{page}/chunk", b"x", content_type="application/octet-stream",
            headers={"Upload-Offset": odd},
        )  # fmt: skip
        assert refused.json()["offset"] == 10


def test_what_is_too_much_is_refused_in_json(officer: Client, settings: Any) -> None:
    page = start(officer, 10_000_000).json()["page"]
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert chunk(officer, page, 0, b"x" * 1001).status_code == 413
    settings.UPLOAD_CHUNK_BYTES = 100
    assert chunk(officer, page, 0, b"x" * 101).status_code == 413
    assert start(officer, settings.UPLOAD_BYTES + 1).status_code == 413
    assert start(officer, 0).json()["code"] == "empty_upload"
    assert start(officer, -5).json()["code"] == "empty_upload"
    assert officer.post("/uploads/start", b"{", content_type="text/plain").status_code == 400


def test_a_piece_needs_the_token_against_forged_requests(town: Town) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.people["data_officer"])
    assert start(client, 10).status_code == 403
    assert by_form(client, file_of()).status_code == 403
    assert not Upload.objects.exists()


def test_the_plain_form_does_the_same(officer: Client, uploads_root: Path) -> None:
    answer = by_form(officer, file_of())
    assert answer["Location"].startswith("/uploads/")
    assert "全部行都已检查" in text(officer.get(answer["Location"]))
    officer.post(f"{answer['Location']}/confirm")
    assert list(uploads_root.iterdir()) == []


def test_the_plain_form_says_what_is_wrong(officer: Client, settings: Any) -> None:
    nothing = officer.post("/uploads/new", {"feed": FEED})
    assert nothing.status_code == 422
    assert "请先选择一个文件" in text(nothing)
    empty = by_form(officer, b"")
    assert empty.status_code == 422
    assert "0 字节" in text(empty)
    settings.UPLOAD_FORM_BYTES = 0
    large = by_form(officer, b"x" * 70_000)
    assert large.status_code == 413
    assert "JavaScript" in text(large)


def test_a_file_name_with_html_is_shown_as_text(officer: Client) -> None:
    address = by_form(officer, file_of(), HTML)["Location"]
    officer.post(f"{address}/confirm")
    receipt = Receipt.objects.latest("pk")
    for page in ("/uploads", f"/batches/{receipt.batch}", "/batches"):
        shown = text(officer.get(page))
        assert "<b>报送" not in shown
        assert "_b_" in shown or "b_&amp;" in shown


def test_a_file_that_would_be_refused_says_so_before_it_is_confirmed(officer: Client) -> None:
    page = by_form(officer, "\n".join(LINES).encode("utf-8"))["Location"]
    preview = text(officer.get(page))
    assert "文件会被退回" in preview
    assert "另存为 GB18030" in preview
    assert "/confirm" not in preview
    answer = officer.post(f"{page}/confirm")
    assert answer["Location"] == page
    assert not Receipt.objects.filter(source_name="十月.csv").exists()


def renamed_file(extra: str = "") -> bytes:
    header = HEADINGS.replace("纳税人识别号", "企业信用号").replace("发布时间", "公布时间")
    return file_of([header, GOOD + extra])


def test_a_renamed_column_is_guessed_mapped_and_offered_next_time(officer: Client) -> None:
    page = by_form(officer, renamed_file())["Location"]
    preview = text(officer.get(page))
    assert "文件会被退回" in preview
    assert re.search(r'<option value="企业信用号" selected', preview)
    assert re.search(r'<option value="公布时间" selected', preview)
    mapping = {"column:纳税人识别号": "企业信用号", "column:发布时间": "公布时间"}
    assert officer.post(f"{page}/columns", mapping)["Location"].startswith(page)
    again = text(officer.get(page))
    assert "文件会被退回" not in again
    assert QUIET in again
    officer.post(f"{page}/confirm")
    receipt = Receipt.objects.latest("pk")
    assert (receipt.accepted, receipt.quarantined) == (1, 0)
    assert receipt.renamed == {"企业信用号": "纳税人识别号", "公布时间": "发布时间"}
    assert "企业信用号" in text(officer.get(f"/batches/{receipt.batch}"))
    following = by_form(officer, renamed_file("两万"))["Location"]
    offered = text(officer.get(following))
    assert "文件会被退回" not in offered
    assert "企业信用号" in offered


def test_two_headings_for_one_column_are_refused(officer: Client) -> None:
    page = by_form(officer, renamed_file())["Location"]
    officer.get(page)
    officer.post(f"{page}/columns", {"column:纳税人识别号": "企业信用号",
                                     "column:纳税人名称": "企业信用号"})  # fmt: skip
    assert "文件会被退回" in text(officer.get(page))


def test_a_large_file_is_waited_for_and_leads_to_its_receipt(
    officer: Client, settings: Any
) -> None:
    from django_ox.testing import run_tasks

    settings.UPLOAD_AT_ONCE_BYTES = 1
    page = by_form(officer, file_of())["Location"]
    assert officer.post(f"{page}/confirm")["Location"] == page
    assert "正在入库" in text(officer.get(page))
    assert "hx-get" in text(officer.get(f"{page}/progress"))
    run_tasks(raise_failures=True)
    receipt = Receipt.objects.latest("pk")
    led = officer.get(f"{page}/progress")
    assert led["HX-Redirect"] == f"/batches/{receipt.batch}"
    assert f"/batches/{receipt.batch}" in text(officer.get(page))


def test_the_same_bytes_lead_to_the_first_receipt(officer: Client) -> None:
    first, second = (by_form(officer, file_of())["Location"] for _ in range(2))
    one = officer.post(f"{first}/confirm")["Location"]
    other = officer.post(f"{second}/confirm")["Location"]
    assert one == other
    assert "已经报送过" in text(officer.get(other))


def test_an_upload_is_seen_by_its_department_only(town: Town, officer: Client) -> None:
    page = by_form(officer, file_of())["Location"]
    other = Client()
    other.force_login(town.people["registrar"])
    for address in (page, f"{page}/offset", f"{page}/progress"):
        assert other.get(address).status_code == 404
    for act in ("confirm", "discard", "columns", "finish"):
        assert other.post(f"{page}/{act}").status_code == 404
    assert chunk(other, page, 0, b"x").status_code == 404
    assert page not in text(other.get("/uploads"))
    assert officer.get(page).status_code == 200


def test_a_discarded_upload_is_gone(officer: Client, uploads_root: Path) -> None:
    page = by_form(officer, file_of())["Location"]
    assert officer.post(f"{page}/discard")["Location"] == "/uploads"
    assert list(uploads_root.iterdir()) == []
    assert "已放弃" in text(officer.get("/uploads"))
    assert officer.get(page).status_code == 200
    assert officer.post(f"{page}/confirm").status_code == 409


def test_rejected_rows_come_back_corrected_in_the_file_that_was_downloaded(
    officer: Client,
) -> None:
    page = by_form(officer, file_of())["Location"]
    officer.post(f"{page}/confirm")
    receipt = Receipt.objects.latest("pk")
    shown = text(officer.get(f"/batches/{receipt.batch}"))
    assert f"/uploads/new?feed={FEED}&amp;corrects={receipt.batch}" in shown
    assert officer.get(f"/uploads/new?feed={FEED}&corrects={receipt.batch}").status_code == 200
    rejects = officer.get(f"/batches/{receipt.batch}/rejects").content
    for corrected in (rejects.replace(b"123", FIRM.encode()),
                      rejects.decode("utf-8-sig").replace("123", FIRM).encode("gb18030")):  # fmt: skip
        back = by_form(officer, corrected, "更正.csv")["Location"]
        assert "更正后的隔离行文件" in text(officer.get(back))
        officer.post(f"{back}/confirm")
    first, second = Receipt.objects.filter(source_name="更正.csv").order_by("pk")
    assert (first.rows_in, first.accepted) == (1, 1)
    assert (second.rows_in, second.duplicates) == (1, 1)


def test_a_department_sees_what_retracting_its_batch_would_do(town: Town, officer: Client) -> None:
    number = town.batches["violations"]
    page = text(officer.get(f"/batches/{number}/retract"))
    assert re.search(r"<dd>1</dd>", page)
    assert "请输入批次号" in page
    answer = officer.post(f"/batches/{number}/retract", {"reason": "误报", "confirm": str(number)})
    assert answer["Location"] == f"/batches/{number}"
