"""Key projects on the pages: everybody, who keeps the list, who owns a project."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.market.projects.cast import TOLD, Board, a_board, csv_of, firms
from tests.pages.support import client_of
from tests.profiles import city
from tests.profiles.conftest import taizhou
from xinrong.domain.clock import SystemClock
from xinrong.market.services import needs, projects
from xinrong.subjects.services import enterprise_by_code

__all__ = ["taizhou"]
pytestmark = pytest.mark.django_db
as_ = client_of


@pytest.fixture
def board(taizhou: None) -> Board:
    """As in the tests of the market, today."""
    firms()
    made = a_board()
    made.now = SystemClock().now()
    return made


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()
    return str(answer.content.decode())


def sent(content: bytes, name: str = "list.csv") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, content)}


def test_everybody_reads_titles_documents_and_sums_and_no_owner(board: Board) -> None:
    assert "没有列入清单的重点项目" in text_of(Client().get("/projects"))
    board.add()
    told = text_of(Client().get("/projects"))
    for words in ("智能泵阀二期", "重点项目计划（虚构） 第三条", "30,000,000"):
        assert words in told
    owner = enterprise_by_code(TOLD["code"])
    assert owner.name not in told
    assert owner.code not in told
    assert "涉及的企业不足十家" in told
    assert "FROM contracts" in told, "the query is the one that runs"
    assert "/projects/own" not in told
    assert 'href="/projects"' in told, "it is in the navigation"


def test_a_project_goes_from_the_form_to_its_owners_need(board: Board) -> None:
    officer, firm = as_(board.officer), as_(board.firm)
    assert "统一社会信用代码" in text_of(officer.get("/projects/new"))
    made = officer.post("/projects/new", TOLD)
    assert made.status_code == 302, made.content.decode()
    address = made["Location"]
    assert "已列入清单" in text_of(officer.get(address))
    assert "您的项目已列入重点项目清单" in text_of(firm.get("/notices"))
    assert address in text_of(firm.get("/projects/own"))
    page = text_of(firm.get(address))
    assert "看不到贷款机构名称" in page, "who presses it knows what the department reads"
    begun = firm.post(f"{address}/need")
    assert begun.status_code == 302
    number = begun["Location"].split("/")[2]
    found = needs.need_for(board.firm, number)
    assert (found.amount, found.months) == (3_000_000_000, 36)
    assert text_of(firm.get(begun["Location"]))
    assert f"/needs/{number}" in text_of(firm.get(address))
    assert "业主还没有" in text_of(officer.get(address)), "a draft is the owner's"
    found = needs.answer(board.firm, number, "purpose", {"purpose": ["stock"]}, now=board.now)
    needs.state(board.firm, number, version=found.version, now=board.now)
    seen = text_of(officer.get(address))
    assert "尚未申请" in seen or "还没有申请" in seen
    assert number not in seen


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"code": "1" * 18}, "code"),
        ({"amount": "0"}, "amount"),
        ({"amount": "1000000000000"}, "amount"),
        ({"listed_until": "2025-01-01"}, "listed_until"),
    ],
)
def test_what_cannot_be_listed_is_said_beside_its_field(
    board: Board, more: dict[str, str], field: str
) -> None:
    told = text_of(as_(board.officer).post("/projects/new", TOLD | more), 422)
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', told)
    assert "智能泵阀二期" in told, "what was typed stands"
    assert not projects.KeyProject.objects.exists()


def test_the_same_project_twice_is_said(board: Board) -> None:
    board.add()
    told = text_of(as_(board.officer, "en").post("/projects/new", TOLD), 422)
    assert "listed already" in told


def test_it_is_corrected_and_taken_off_with_a_reason(board: Board) -> None:
    address, officer = f"/projects/{board.add().number}", as_(board.officer)
    assert 'value="30000000.00"' in text_of(officer.get(f"{address}/correct"))
    assert officer.post(f"{address}/correct", TOLD | {"amount": "4000万"}).status_code == 302
    shown = text_of(officer.get(address))
    assert "30,000,000.00" in shown, "what stood there before"
    wrong = text_of(officer.post(f"{address}/correct", TOLD | {"months": "x"}), 422)
    assert 'aria-invalid="true"' in wrong
    assert "请写明移出清单的原因" in text_of(officer.post(f"{address}/end"), 422)
    assert officer.post(f"{address}/end", {"why": "项目停建"}).status_code == 302
    told = text_of(as_(board.firm).get(address))
    assert "项目停建" in told
    assert f"{address}/need" not in told
    assert "智能泵阀二期" not in text_of(Client().get("/projects"))
    assert "已经移出" in text_of(officer.post(f"{address}/end", {"why": "再次"}), 422)


def test_a_sheet_is_shown_row_by_row_before_it_is_written(board: Board) -> None:
    officer = as_(board.officer)
    rows = csv_of({}, {"title": "三期", "code": city.code(6)}, {"amount": "0", "title": "四期"})
    page = text_of(officer.post("/projects/upload", sent(rows.encode())))
    assert "第 4 行" in page or "4" in page
    assert not projects.KeyProject.objects.exists()
    found = re.search(r'name="rows" value="([^"]+)"', page)
    assert found is not None
    token = found.group(1)
    assert "预览已失效" in text_of(
        as_(board.stranger).post("/projects/enter", {"rows": token}), 422
    )
    assert "预览已失效" in text_of(officer.post("/projects/enter", {"rows": f"{token}x"}), 422)
    assert officer.post("/projects/enter", {"rows": token}).status_code == 302
    assert "三期" in text_of(officer.get("/projects/own"))
    assert projects.KeyProject.objects.count() == 2
    assert officer.post("/projects/enter", {"rows": token}).status_code == 302
    assert projects.KeyProject.objects.count() == 2, "sent twice, written once"


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2", b"\x00\x01\x02\x03" * 20])
def test_what_is_no_sheet_is_said_on_the_page(board: Board, content: bytes) -> None:
    answer = as_(board.officer).post("/projects/upload", sent(content) if content else {})
    assert 'role="alert"' in text_of(answer, 422)


def test_the_list_goes_out_with_nothing_that_a_spreadsheet_runs(board: Board) -> None:
    board.add(title="=1+1", document="@cmd")
    officer = as_(board.officer)
    told = text_of(officer.get("/projects/sheet.csv"))
    assert "'=1+1" in told
    assert "'@cmd" in told
    book = officer.get("/projects/sheet.xlsx")
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0)
    assert rows.to_python()[1][1] == "'=1+1"
    empty = officer.get("/projects/sheet.empty").content
    found = CalamineWorkbook.from_filelike(io.BytesIO(empty)).get_sheet_by_index(0).to_python()
    assert [len(found), found[0][1]] == [1, "项目名称 title"]


def test_nobody_sees_or_does_what_is_not_theirs(board: Board) -> None:
    address = f"/projects/{board.add().number}"
    for who in (board.other, board.stranger):
        assert as_(who).get(address).status_code == 404
    assert as_(board.other).post(f"{address}/need").status_code == 404
    for page in (f"{address}/correct", f"{address}/end"):
        assert as_(board.stranger).post(page, TOLD | {"why": "x"}).status_code == 404
        assert as_(board.firm).post(page, TOLD | {"why": "x"}).status_code == 403
    for page in ("/projects/new", "/projects/sheet.csv"):
        assert as_(board.firm).get(page).status_code == 403
        assert Client().get(page).status_code == 302
    assert as_(board.officer).post(f"{address}/need").status_code == 403
    assert "还没有重点项目" in text_of(as_(board.other).get("/projects/own"))
