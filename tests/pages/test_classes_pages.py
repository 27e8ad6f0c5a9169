"""Pages of classes: what they are, where an enterprise stands, financing by class and its sheets."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from tests.counting import Counters
from tests.pages.class_support import representative, small_city
from tests.profiles import city
from xinrong.profiles.services import build_profile, classes
from xinrong.trust.models import AuditRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(db: None, settings: Any, store_root: Any) -> None:
    settings.REGION = "taizhou"
    small_city()


def text(response: Any) -> str:
    return str(response.content.decode())


# -- what the classes are -----------------------------------------------------------------------


def test_everybody_reads_the_classes_in_their_order_with_their_sources(settings: Any) -> None:
    settings.REGION = "taizhou"
    page = text(Client().get("/classes"))
    places = [page.index(one.title.zh) for one in classes.classes_now().book.classes]
    assert places == sorted(places)
    assert "国统字〔2017〕213号" in page
    assert "推断" in page
    assert "size_small_micro AND park_in" in page
    assert "全国" not in page


def test_a_region_without_its_own_says_that_the_nation_s_stand_in(settings: Any) -> None:
    settings.REGION = "beijing"
    page = text(Client().get("/classes"))
    assert "按国家" in page
    assert "微型企业" in page


# -- where an enterprise stands -----------------------------------------------------------------


def test_an_enterprise_sees_its_own_class_and_why(filled: None) -> None:
    page = text(representative(3).get(f"/enterprises/{city.code(3)}/class"))
    row = AuditRow.objects.get()
    assert (row.service, row.purpose, row.enterprises) == ("indicators", "self", [3])
    assert "逐类判断" in page
    for one in classes.classes_now().book.classes:
        assert one.title.zh in page
    assert "在园区内" in page, "the condition that decides is said in words"


def test_who_may_not_see_what_a_class_is_made_of_cannot_tell_it(filled: None) -> None:
    page = text(Counters().client("data_officer").get(f"/enterprises/{city.code(3)}/class"))
    assert "无法判定" in page
    assert "不予提供" in page


def test_a_bank_says_for_which_stage_before_it_looks(filled: None) -> None:
    officer = Counters().client("loan_officer")
    page = text(officer.get(f"/enterprises/{city.code(3)}/class"))
    assert "stage" in page
    assert not AuditRow.objects.exists()
    opened = officer.post(
        f"/enterprises/{city.code(3)}/open", {"tab": "enterprise-class", "stage": "approval"}
    )
    assert opened["Location"].endswith("/class")


@pytest.mark.parametrize("code", ["9133", "x" * 300, city.code(999)])
def test_a_code_that_there_is_not_is_not_found(filled: None, code: str) -> None:
    response = Counters().client("operator").get(f"/enterprises/{code}/class")
    assert response.status_code in (400, 404)


# -- financing by class -------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_auditor_sees_figures_charts_and_their_definitions(filled: None) -> None:
    auditor = Counters().client("auditor")
    empty = text(auditor.get("/figures/financing"))
    assert "xinrong profile build" in empty, "before the first profile it says what to do"
    build_profile(city.NOW, city.UNTIL)
    page = text(auditor.get("/figures/financing"))
    assert page.count("data-chart=") == 2
    assert "2024-11" in page
    assert "2026-10" in page
    for figure in classes.figures().values():
        assert figure.definition.zh in page
    row = AuditRow.objects.latest("pk")
    assert (row.service, row.purpose, row.product, row.enterprises) == (
        "count", "oversight", "record", [],
    )  # fmt: skip
    assert str(row.pk) in page
    assert not any(city.code(number) in page for number in range(1, 41))
    drilled = text(auditor.get("/figures/financing?class=cannot_tell&district=温岭市"))
    assert "温岭市" in drilled
    assert "无法判定" in drilled
    assert "余额（万元）" not in drilled, "money is of whole classes only"


@pytest.mark.django_db(transaction=True)
def test_the_sheets_say_what_the_page_says_and_hold_no_formula(filled: None) -> None:
    build_profile(city.NOW, city.UNTIL)
    auditor = Counters().client("auditor")
    told = auditor.get("/figures/financing.csv")
    rows = list(csv.reader(io.StringIO(told.content.decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1
    assert {row[0] for row in rows[1:]} == {"按类别", "按区县", "按行业", "按月"}
    assert sum(row[0] == "按月" for row in rows) == 24
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@")]
    assert auditor.get("/figures/financing.xlsx").content[:2] == b"PK"
    assert auditor.get("/figures/financing.exe").status_code == 404


@pytest.mark.parametrize("name", ["loan_officer", "data_officer", "operator", "adviser"])
def test_others_are_told_for_whom_it_is(filled: None, name: str) -> None:
    who = Counters().client(name)
    page = who.get("/figures/financing")
    assert page.status_code == 403
    assert "审计人员" in text(page)
    assert who.get("/figures/financing.csv").status_code == 403
    assert "data-chart" not in text(page)


def test_what_there_is_not_is_not_found(filled: None) -> None:
    build_profile(city.NOW, city.UNTIL)
    auditor = Counters().client("auditor")
    long = "district=" + "x" * 999
    for asked in ("district=火星", "section=%00", "class=outside", "class='--", long):
        assert auditor.get(f"/figures/financing?{asked}").status_code == 404, asked


def test_a_region_without_loans_says_so(settings: Any, db: None) -> None:
    settings.REGION = "beijing"
    response = Counters().client("auditor").get("/figures/financing")
    assert response.status_code == 200
    assert "没有部门报送贷款" in text(response)
