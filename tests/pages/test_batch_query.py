"""Many clients at once on the pages: the list, the answers in parts, the sheet."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.files.firm import acting, code
from tests.files.test_batching import CODES, banker, clients, firms
from tests.files.test_clients import revoke
from xinrong.accounts.services import Person, Viewer
from xinrong.files import services as files
from xinrong.pages.bank.batch_query import asking, listing, sealed
from xinrong.trust.models import AuditRow

__all__ = ["banker", "clients", "firms"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
LIST = "\n".join([CODES[0], CODES[3], code(77), "123", CODES[0].lower(), CODES[1], CODES[2]])
ASKS = {"service": "signs", "stage": "post_loan"}


@pytest.fixture
def desk(banker: Viewer, clients: list[int]) -> Client:
    return signed_in(banker)


def signed_in(who: Viewer) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=who.person_id))
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def show(desk: Client, codes: str = LIST, **more: Any) -> Any:
    return desk.post("/batch-query/list", {**ASKS, "codes": codes, **more})


def hidden(answer: Any, name: str) -> list[str]:
    return re.findall(rf'name="{name}"[^>]*value="([^"]+)"', text(answer))


def ask(desk: Client, codes: str = LIST, **more: Any) -> Any:
    (plan,) = hidden(show(desk, codes), "plan")
    return desk.post("/batch-query/ask", {"plan": plan, "about": "clients", **more})


def tally(answer: Any) -> dict[str, int]:
    pairs = re.findall(r"<dt>([^<]+)</dt><dd[^>]*>([\d,]+)</dd>", text(answer))
    return {words: int(number.replace(",", "")) for words, number in pairs}


def looked_at() -> Any:
    return AuditRow.objects.exclude(service="search").order_by("pk")


def test_the_form_says_what_a_batch_is_and_offers_the_stages(desk: Client) -> None:
    page = text(desk.get("/batch-query"))
    for words in ("最多 500 家", "贷前", "粘贴代码", "不保存"):
        assert words in page, words


def test_the_list_is_shown_before_anybody_is_asked_about(desk: Client) -> None:
    answer = show(desk)
    counted = tally(answer)
    assert [counted[words] for words in ("已授权客户", "没有授权", "重复", "平台未收录", "不是代码")] == [
        3, 1, 1, 1, 1,
    ]  # fmt: skip
    assert max(counted.values()) == 7
    page = text(answer)
    assert "统一社会信用代码应为18位" in page
    assert "与第 1 行是同一企业" in page
    assert "第0（虚构）有限公司" in page
    assert not looked_at().exists()
    (row,) = AuditRow.objects.all()
    assert (row.service, row.enterprises) == ("search", [])


def test_only_clients_with_consent_are_asked_about_unless_somebody_says_so(
    desk: Client, clients: list[int]
) -> None:
    ask(desk)
    assert [row.enterprises for row in looked_at()] == [[firm] for firm in clients[:3]]
    ask(desk, about="all")
    assert [row.outcome for row in looked_at()][3:].count("denied") == 1


def test_rows_in_are_answered_refused_unknown_faulty_double_and_left_out(desk: Client) -> None:
    for about in ("clients", "all"):
        counted = list(tally(ask(desk, about=about)).values())
        assert counted[0] == 7 == sum(counted[1:]), counted


def test_each_line_has_its_finding_its_coverage_and_its_number_in_the_log(desk: Client) -> None:
    answer = ask(desk, about="all")
    page = text(answer)
    assert page.count('data-status="answered"') == 3
    assert page.count('data-status="denied"') == 1
    assert page.count("无负面记录") >= 3
    assert "没有涵盖此用途和阶段的授权" in page
    for row in looked_at():
        assert f">{row.pk}</td>" in page
    assert answer["Cache-Control"] == "no-store"


def test_a_long_list_is_asked_in_parts_under_one_bundle(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PART", 2)
    first = ask(desk)
    assert text(first).count("data-status=") == 2
    assert "已查询 2 / 3 家" in text(first)
    (plan,) = hidden(first, "plan")
    second = desk.post(
        "/batch-query/ask", {"plan": plan, "start": "2"}, headers={"HX-Request": "true"}
    )
    assert text(second).count("data-status=") == 1
    assert "<html" not in text(second)
    assert "data-next" not in text(second)
    assert looked_at().count() == 3
    assert looked_at().values("bundle").distinct().count() == 1


def test_without_javascript_all_are_asked_at_once(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PART", 1)
    assert 'name="whole"' in text(show(desk))
    assert text(ask(desk, whole="yes")).count("data-status=") == 3


def sheet(desk: Client, answer: Any, kind: str = "csv") -> Any:
    return desk.post(
        "/batch-query/sheet",
        {"plan": hidden(answer, "plan"), "part": hidden(answer, "part"), "as": kind},
    )


def table(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, text(answer)
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_sheet_has_every_row_in_the_order_of_the_list(desk: Client) -> None:
    answer = sheet(desk, ask(desk, about="all"))
    assert answer["Cache-Control"] == "no-store"
    headings, *rows = table(answer)
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5", "6", "7"]
    results = [row[headings.index("结果")] for row in rows]
    assert results[0] == results[5] == results[6] != results[1]
    assert results[2:5] == ["平台未收录", "不是代码", "重复"]
    numbers = [row[headings.index("日志编号")] for row in rows]
    assert [number for number in numbers if number] == [str(row.pk) for row in looked_at()]
    assert looked_at().count() == 4  # taking it out asks nobody again


def test_the_workbook_says_the_same_and_holds_no_formula(desk: Client) -> None:
    answer = ask(desk, LIST + "\n=1+1")
    taken = sheet(desk, answer, "xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(taken.content))
    rows = book.get_sheet_by_index(0).to_python()
    plain = table(sheet(desk, answer))
    assert [[str(cell).removesuffix(".0") for cell in row] for row in rows[1:-1]] == plain[1:-1]
    assert b"<f>" not in taken.content
    assert plain[-1][1] == "'=1+1"


def test_what_ended_since_is_not_taken_out_and_the_others_are(
    desk: Client, banker: Viewer, clients: list[int]
) -> None:
    answer = ask(desk)
    revoke(banker, clients[0])
    headings, *rows = table(sheet(desk, answer))
    result, covered = headings.index("结果"), headings.index("覆盖来源数")
    assert (rows[0][result], rows[0][covered]) == ("授权已终止", "")
    assert int(rows[5][covered]) > 0


def test_a_list_or_an_answer_is_for_whoever_got_it_for_half_an_hour(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ask(desk)
    other = signed_in(acting("别家（虚构）", "guarantor", "guarantee_officer"))
    assert sheet(other, answer).status_code == 400
    assert other.post("/batch-query/ask", {"plan": hidden(answer, "plan")[0]}).status_code == 400
    monkeypatch.setattr(sealed, "LASTS", -1)
    refused = sheet(desk, answer)
    assert refused.status_code == 400
    assert "已失效" in text(refused)


def test_a_list_that_is_not_ours_asks_nobody(desk: Client) -> None:
    for plan in ("", "x", "x:y:z", signing.dumps({"kind": "list"})):
        assert desk.post("/batch-query/ask", {"plan": plan}).status_code == 400
    assert not looked_at().exists()


def test_lines_of_another_list_do_not_come_along(desk: Client) -> None:
    one, two = ask(desk), ask(desk)
    mixed = {"plan": hidden(one, "plan"), "part": hidden(two, "part"), "as": "csv"}
    assert desk.post("/batch-query/sheet", mixed).status_code == 400


def test_a_file_is_read_and_a_broken_row_told_with_its_number(desk: Client) -> None:
    content = f"名称,统一社会信用代码\n甲,{CODES[0]}\n乙\n丙,12\n".encode()
    answer = show(desk, "", file=SimpleUploadedFile("名单.csv", content))
    assert answer.status_code == 200
    page = text(answer)
    assert "列数少于表头" in page
    assert re.search(r'<th scope="row"[^>]*>3</th>', page)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"codes": ""}, "请输入或粘贴代码"),
        ({"codes": CODES[0], "stage": ""}, "请先选择"),
        ({"codes": CODES[0], "service": "search"}, "请选择查询内容"),
        ({"codes": "", "file": SimpleUploadedFile("x.csv", b"%PDF-1.4")}, "不是 CSV 或 XLSX"),
        ({"codes": CODES[0], "file": SimpleUploadedFile("x.csv", b"1")}, "只用一种方式"),
    ],
)
def test_a_form_that_lacks_something_says_what(
    desk: Client, form: dict[str, Any], words: str
) -> None:
    answer = show(desk, **form)
    assert answer.status_code == 422
    assert words in text(answer)
    assert not AuditRow.objects.exists()


def test_over_asking_says_how_to_part_the_list(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_IN_BATCH", 2)
    answer = show(desk)
    assert answer.status_code == 422
    assert "第 5 行" in text(answer)
    assert "第 6 行" in text(answer)
    assert not hidden(answer, "plan")


def test_a_list_of_too_many_rows_is_refused(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_ROWS", 3)
    assert show(desk).status_code == 422


def test_a_hostile_list_is_shown_as_text(desk: Client) -> None:
    page = text(show(desk, '<script>alert(1)</script>\n"><img src=x>'))
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


@pytest.mark.parametrize(
    ("kind", "role", "reference"),
    [("department", "data_officer", "tax"), ("operator", "operator", ""),
     ("bank", "compliance_officer", ""), ("enterprise", "representative", CODES[0])],
)  # fmt: skip
def test_others_have_no_clients(clients: list[int], kind: str, role: str, reference: str) -> None:
    other = signed_in(acting("别人（虚构）", kind, role, reference))
    assert other.get("/batch-query").status_code == 403
    for address in ("list", "ask", "sheet"):
        assert other.post(f"/batch-query/{address}", {}).status_code == 403
    assert "/batch-query" not in text(other.get("/"))


def test_an_adviser_names_no_stage(clients: list[int]) -> None:
    adviser = signed_in(acting("顾问（虚构）", "adviser", "adviser"))
    assert "贷前" not in text(adviser.get("/batch-query"))
    answer = adviser.post("/batch-query/list", {"service": "signs", "codes": CODES[0]})
    assert answer.status_code == 200
    assert tally(answer)["没有授权"] == 1


def test_where_all_is_public_the_page_says_that_a_batch_is_of_no_use(
    desk: Client, settings: Any
) -> None:
    assert "全部公开" not in text(desk.get("/batch-query"))
    settings.REGION = "beijing"
    assert "全部公开" in text(desk.get("/batch-query"))
