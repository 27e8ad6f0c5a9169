"""The bank's decision aid on the pages: files in, every fault named, a plan out, all deleted."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from tests.pages.support import PASSWORD, Town
from xinrong.accounts.models import Organisation
from xinrong.accounts.services import create_organisation, create_person
from xinrong.domain.clock import FixedClock
from xinrong.market.models import AllocationPlan
from xinrong.market.services import deciding, planning

APPLICANTS = """applicant,grade,probability_of_default,least,most,group
=cmd|' /C calc'!A0,A,0.5%,100000,1000000,
E2,A,1.2%,100000,1000000,first
E3,B,3%,100000,800000,
E4,B,4.5%,100000,1000000,first
E5,D,30%,100000,500000,
"""
RATES = "rate,A,B\n4%,0,0\n5.45%,0.30,0.28\n7.05%,0.5,0.46\n"
FORM = {
    "budget": "120万", "budget_on": "drawn", "lgd": "45%", "funds": "2.2%", "least": "100000",
    "most": "1000000", "never": "D",
    "limit-0-counts": "offers", "limit-0-side": "most", "limit-0-value": "3",
    "limit-1-counts": "drawn", "limit-1-side": "most", "limit-1-value": "60%",
    "limit-1-whom": "grade", "limit-1-which": "A",
}  # fmt: skip


def sent(applicants: Any = APPLICANTS, rates: Any = RATES, **more: str) -> dict[str, Any]:
    """The form as a browser sends it."""

    def file(name: str, content: Any) -> SimpleUploadedFile:
        ending = "csv" if isinstance(content, str) else "xlsx"
        data = content.encode() if isinstance(content, str) else content
        return SimpleUploadedFile(f"{name}.{ending}", data)

    return {**FORM, **more, "applicants": file("a", applicants), "rates": file("r", rates)}


def workbook(text: str) -> bytes:
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(csv.reader(io.StringIO(text))):
            for column, cell in enumerate(row):
                page.write_string(number, column, cell)
    return out.getvalue()


@pytest.fixture
def desk(town: Town) -> Client:
    client = Client()
    client.force_login(town.people["loan_officer"])
    return client


def ask(desk: Client, **more: Any) -> str:
    """A question that was read; its key."""
    answer = desk.post("/bank/allocation", sent(**more))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"].rsplit("/", 1)[1])


def faults(answer: Any) -> list[list[str]]:
    """The table of what is wrong: file, row, field, words."""
    body = re.search(r"<tbody>(.*?)</tbody>", answer.content.decode(), re.DOTALL)
    assert body is not None
    rows = re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row)]
        for row in rows
    ]


def test_only_a_banks_loan_and_compliance_officers_plan_here(town: Town) -> None:
    for name, person in town.people.items():
        client = Client()
        client.force_login(person)
        assert client.get("/bank/allocation").status_code == (
            200 if name == "loan_officer" else 403
        ), name
    bank = create_organisation("又一银行（虚构）", "bank")
    risk = create_person(
        "risk@example.cn", PASSWORD, name="风险", organisation=bank, role="compliance_officer"
    )
    client = Client()
    client.force_login(risk)
    assert client.get("/bank/allocation").status_code == 200
    assert Client().get("/bank/allocation").status_code == 302


def test_the_form_says_how_long_anything_is_kept(desk: Client) -> None:
    page = desk.get("/bank/allocation").content.decode()
    assert "文件本身不保存" in page
    assert "一小时后删除" in page


def test_a_plan_is_looked_at_made_shown_and_taken_out(desk: Client) -> None:
    key = ask(desk)
    looked = desk.get(f"/bank/allocation/{key}").content.decode()
    assert "5 个申请人，3 档利率" in looked
    assert "不予放款" in looked
    desk.post(f"/bank/allocation/{key}/start")
    assert "正在计算方案" in desk.get(f"/bank/allocation/{key}").content.decode()
    planning.make(key)
    page = desk.get(f"/bank/allocation/{key}").content.decode()
    for words in ("预期年收益", "各限额的代价", "如果损失率", "当前假设", "该评级不予放款"):
        assert words in page, words
    assert re.search(r'<td class="number" data-label="[^"]+">3</td>', page), "the limit of offers"
    rows = list(
        csv.reader(
            io.StringIO(desk.get(f"/bank/allocation/{key}/plan.csv").content.decode("utf-8-sig"))
        )
    )
    assert tuple(rows[0]) == deciding.HEADINGS
    assert rows[1][0].startswith("'=cmd"), "nothing that a spreadsheet runs"
    assert sum(row[4] == "offered" for row in rows) <= 3
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(desk.get(f"/bank/allocation/{key}/plan.xlsx").content)
    )
    assert book.sheet_names == ["decisions", "limits", "sensitivity"]
    assert len(book.get_sheet_by_name("sensitivity").to_python()) == 10


def test_workbooks_are_read_as_csv_is(desk: Client) -> None:
    key = ask(desk, applicants=workbook(APPLICANTS), rates=workbook(RATES))
    from_csv = ask(desk)
    given = {one.key: one.given for one in AllocationPlan.objects.all()}
    assert given[key] == given[from_csv]


def test_the_sheets_to_fill_in_can_be_sent_as_they_are(desk: Client) -> None:
    applicants = desk.get("/bank/allocation/template").content
    rates = desk.get("/bank/allocation/template?of=rates").content
    key = ask(desk, applicants=applicants, rates=rates, never="", **{"limit-0-value": ""})
    assert len(AllocationPlan.objects.get(key=key).given["applicants"]) == 5


def test_every_fault_is_named_with_its_row_and_field(desk: Client) -> None:
    broken = (
        "applicant,grade,probability_of_default,least,most,group\n"
        "E1,A,lots,100000,1000000,\nE2,A,3%,5,1,\nE3,A,1%,,,\nE3,A,1%,,,\n,A,1%,,,\n"
    )
    answer = desk.post("/bank/allocation", sent(broken, budget="0", lgd="much"))
    assert answer.status_code == 422
    told = faults(answer)
    assert [(row, field) for file, row, field, _words in told if file == "a.csv"] == [
        ("2", "probability_of_default"), ("3", "least"), ("5", "applicant"), ("6", "applicant"),
    ]  # fmt: skip
    assert {"年度预算", "违约损失率"} <= {field for _file, _row, field, _words in told}
    assert all(words for *_place, words in told)
    assert not AllocationPlan.objects.exists()


def test_a_grade_that_the_table_does_not_know_is_named_by_its_row(desk: Client) -> None:
    told = faults(desk.post("/bank/allocation", sent(never="")))
    assert [one[:3] for one in told] == [["a.csv", "6", "grade"]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"applicants": ""}, "请选择文件"),
        ({"rates": "rate,A\n5%,0\n4%,0.1\n"}, "从低到高"),
        ({"rates": b"\x00\x01\x02binary"}, "不是文本"),
        ({"applicants": b"PK\x03\x04 no workbook"}, ""),
        ({"applicants": "a,b\n1,2\n"}, "企业"),
        ({"limit-0-value": "many"}, "预算的百分比"),
        ({"limit-0-whom": "group", "limit-0-which": "nobody"}, "不涉及任何申请人"),
        ({"budget_on": "everything"}, "请选择其一"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_to_do(
    desk: Client, change: dict[str, Any], words: str
) -> None:
    form = sent(**{name: one for name, one in change.items() if name != "applicants"})
    if "applicants" in change:
        if change["applicants"] == "":
            del form["applicants"]
        else:
            form = sent(applicants=change["applicants"])
    answer = desk.post("/bank/allocation", form)
    assert answer.status_code == 422, answer
    assert words in answer.content.decode()


def test_more_applicants_than_a_page_takes_are_refused(desk: Client) -> None:
    head, *_rows = APPLICANTS.splitlines()
    many = "\n".join([head, *(f"E{number},A,1%,,,first" for number in range(1_001))])
    answer = desk.post("/bank/allocation", sent(many, never=""))
    assert answer.status_code == 422
    assert "最多 1,000 个" in answer.content.decode()


def test_limits_that_contradict_each_other_end_with_words_not_with_a_plan(desk: Client) -> None:
    key = ask(desk, **{"limit-2-counts": "offers", "limit-2-side": "least", "limit-2-value": "4"})
    desk.post(f"/bank/allocation/{key}/start")
    planning.make(key)
    answer = desk.get(f"/bank/allocation/{key}")
    assert answer.status_code == 422
    assert "没有任何方案能同时满足全部限额" in answer.content.decode()
    assert AllocationPlan.objects.get(key=key).given == {}


def test_nothing_outlives_its_hour_and_deleting_is_at_once(desk: Client) -> None:
    key, other = ask(desk), ask(desk)
    planning.sweep(clock=FixedClock(timezone.now() + timedelta(minutes=59)))
    assert AllocationPlan.objects.count() == 2
    desk.post(f"/bank/allocation/{key}/delete")
    assert [one.key for one in AllocationPlan.objects.all()] == [other]
    AllocationPlan.objects.update(ends_at=timezone.now())
    assert desk.get(f"/bank/allocation/{other}").status_code == 404, "before it is swept"
    planning.sweep(clock=FixedClock(timezone.now() + timedelta(seconds=1)))
    assert not AllocationPlan.objects.exists()


def test_a_plan_that_was_deleted_while_it_was_made_leaves_nothing(desk: Client) -> None:
    key = ask(desk)
    desk.post(f"/bank/allocation/{key}/start")
    desk.post(f"/bank/allocation/{key}/delete")
    planning.make(key)
    assert not AllocationPlan.objects.exists()


def test_what_was_asked_goes_once_there_is_a_plan(desk: Client) -> None:
    key = ask(desk)
    desk.post(f"/bank/allocation/{key}/start")
    planning.make(key)
    plan = AllocationPlan.objects.get(key=key)
    assert plan.given == {}
    assert plan.steps_done == plan.steps == 2 + 3 + 9, "the plan, three limits, nine assumptions"
    planning.make(key)
    assert AllocationPlan.objects.get(key=key).found == plan.found, "once is enough"


def test_a_plan_that_kills_its_worker_thrice_is_given_up(desk: Client) -> None:
    key = ask(desk)
    AllocationPlan.objects.update(state="running", tries=planning.MOST_TRIES)
    planning.make(key)
    assert AllocationPlan.objects.get(key=key).state == "failed"


def test_nobody_else_sees_a_plan(desk: Client, town: Town) -> None:
    key = ask(desk)
    bank = Organisation.objects.get(name="海丰银行（虚构）")
    colleague = create_person(
        "b@example.cn", PASSWORD, name="同事", organisation=bank, role="loan_officer"
    )
    client = Client()
    client.force_login(colleague)
    for path in ("", "/progress", "/plan.csv"):
        assert client.get(f"/bank/allocation/{key}{path}").status_code == 404, path
    assert client.post(f"/bank/allocation/{key}/delete").status_code == 404


def test_one_person_keeps_five_plans_at_most(desk: Client) -> None:
    keys = [ask(desk) for _time in range(6)]
    assert set(AllocationPlan.objects.values_list("key", flat=True)) == set(keys[1:])
