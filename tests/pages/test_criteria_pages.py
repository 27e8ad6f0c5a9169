"""The builder and the pages of criteria, used by a person who makes mistakes."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
import yaml
from django.test import Client

from tests.counting import Counters, figure_on
from tests.profiles import city
from xinrong.profiles.criteria.models import WrittenCriterion, WrittenVersion
from xinrong.profiles.services import build_profile
from xinrong.trust.models import AuditRow

pytestmark = pytest.mark.django_db
TEXT = "reg_active AND (hon_high_tech OR pat_count >= 3)"


@pytest.fixture(autouse=True)
def taizhou(settings: Any) -> None:
    settings.REGION = "taizhou"


@pytest.fixture
def operator() -> Client:
    return Counters().client("operator")


def page_of(response: Any) -> str:
    return unescape(response.content.decode())


def text_of(response: Any) -> str:
    """What stands in the text of the criterion."""
    found = re.search(
        r'<textarea[^>]*id="c-text"[^>]*>(.*?)</textarea>', page_of(response), re.DOTALL
    )
    assert found is not None
    return found[1]


def do(client: Client, button: str, text: str = "", **more: str) -> Any:
    return client.post("/criteria/build", {"do": button, "text": text, **more})


def test_a_criterion_is_made_of_columns_operators_and_values_without_scripts(
    operator: Client,
) -> None:
    page = page_of(operator.get("/criteria/build"))
    assert "还没有条件" in page
    assert 'value="reg_capital"' in page
    chosen = page_of(do(operator, "column", column="reg_capital"))
    assert "单位： 元" in chosen
    first = do(operator, "add", column="reg_capital", operator=">=", value="1,000,000")
    assert text_of(first) == "reg_capital >= 1000000"
    assert "注册资本不低于 1,000,000 元" in page_of(first)
    second = do(operator, "add", text_of(first), column="hon_high_tech", operator="yes", joint="OR")
    assert text_of(second) == "reg_capital >= 1000000 OR hon_high_tech"
    third = do(operator, "add", text_of(second), column="reg_kind", operator="in",
               value="公司、农民专业合作社", joint="AND")  # fmt: skip
    assert text_of(third) == (
        "(reg_capital >= 1000000 OR hon_high_tech) AND reg_kind IN ('company', 'cooperative')"
    )
    editing = do(operator, "edit:0.0", text_of(third))
    assert 'name="editing" value="0.0"' in page_of(editing)
    assert 'value="1000000"' in page_of(editing)
    changed = do(operator, "add", text_of(third), column="reg_capital", operator="between",
                 value="10", value2="20000", editing="0.0")  # fmt: skip
    assert "(reg_capital BETWEEN 10 AND 20000 OR hon_high_tech)" in text_of(changed)
    turned = do(operator, "turn:0", text_of(third))
    assert "reg_capital >= 1000000 AND hon_high_tech" in text_of(turned)
    assert text_of(do(operator, "remove:0", text_of(third))).startswith("reg_kind IN")
    assert text_of(do(operator, "remove:whole", text_of(third))) == ""


@pytest.mark.parametrize(
    ("text", "piece", "said"),
    [
        ("reg_capitol > 5", "reg_capitol", "没有列 reg_capitol"),
        ("reg_capital >= 50万", "50万", "不是数字"),
        ("reg_capital > (SELECT 1)", "SELECT", "不支持 SELECT"),
        ("reg_active AND", "⌷", "文本在此结束"),
        ("reg_kind LIKE 'a%'", "LIKE", "LIKE"),
        ("x" * 10_001, "", "10,000"),
        ("<script>alert(1)</script>", "", "script"),
    ],
)
def test_what_cannot_be_read_is_marked_at_its_token_and_nothing_is_lost(
    operator: Client, text: str, piece: str, said: str
) -> None:
    response = do(operator, "read", text)
    assert response.status_code == 422
    page = page_of(response)
    assert said in page
    if piece:
        assert f"<mark>{piece}" in page
    assert text_of(response).startswith(text[:1000])
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"column": "reg_capital", "operator": ">=", "value": "fifty"}, "没有列 fifty"),
        ({"column": "reg_capital", "operator": ">=", "value": ""}, "这里应是列名或值"),
        ({"column": "reg_established_on", "operator": "<", "value": "last May"}, "日期"),
        ({"column": "no_such", "operator": "<", "value": "1"}, "没有选择指标"),
        ({}, "没有选择指标"),
        ({"column": "reg_capital", "operator": "; DROP", "value": "1 OR reg_active"}, "reg_"),
    ],
)
def test_a_wrong_value_is_said_where_it_was_entered(
    operator: Client, given: dict[str, str], said: str
) -> None:
    response = do(operator, "add", TEXT, **given)
    page = page_of(response)
    if response.status_code == 422:
        assert said in page
        assert text_of(response) == TEXT
    else:  # it could be read as something, and stands in the text to be seen
        assert said in text_of(response)


def test_htmx_gets_the_part_that_changes(operator: Client) -> None:
    part = {"HX-Request": "true"}
    told = operator.post("/criteria/build?part=told", {"text": TEXT}, headers=part)
    assert "<html" not in page_of(told)
    assert "专利数不低于 3 个" in page_of(told)
    asked = operator.post("/criteria/build?part=columns", {"q": "专利 发明"}, headers=part)
    assert "pat_invention" in page_of(asked)
    assert "reg_capital" not in page_of(asked)
    column = operator.post("/criteria/build?part=column", {"column": "reg_kind"}, headers=part)
    assert "个体工商户" in page_of(column)


def test_a_criterion_that_contradicts_itself_says_so(operator: Client) -> None:
    page = page_of(do(operator, "read", "pat_count > 5 AND pat_count < 2"))
    assert "互相矛盾" in page


def test_a_draft_becomes_a_version_and_the_next_one_ends_it(operator: Client) -> None:
    more = {"code": "inventive", "title_zh": "创新企业", "title_en": "Inventive"}
    assert "没有名称" in page_of(do(operator, "draft", TEXT, code="inventive"))
    assert "代码无效" in page_of(do(operator, "draft", TEXT, **{**more, "code": "In ventive"}))
    taken = do(operator, "draft", TEXT, **{**more, "code": "tax_credit_loan"})
    assert "已有使用该代码" in page_of(taken)
    kept = do(operator, "draft", TEXT, **more)
    assert kept.status_code == 302
    assert "草稿" in page_of(operator.get(kept["Location"]))
    basis = {"document": "创新办法（虚构）", "article": "第三条"}
    without = do(operator, "version", TEXT, **more, valid_from="2026-01-01")
    assert "依据文件和条款" in page_of(without)
    wrong = do(operator, "version", TEXT, **more, **basis, valid_from="soon")
    assert "日期无效" in page_of(wrong)
    do(operator, "version", TEXT, **more, **basis, valid_from="2026-01-01")
    later = f"{TEXT} AND reg_capital > 1000"
    assert WrittenVersion.objects.get().text == TEXT
    overlap = do(operator, "version", later, **more, **basis, valid_from="2025-01-01")
    assert "两个版本会在同一天有效" in page_of(overlap)
    made = do(operator, "version", later, **more, **basis, valid_from="2026-06-01")
    first, second = WrittenVersion.objects.all()
    assert str(first.valid_until) == "2026-05-31"
    assert second.valid_until is None
    page = page_of(operator.get(made["Location"]))
    assert "第 2 版" in page
    assert "第三条" in page
    assert WrittenCriterion.objects.get().draft == ""
    saved = yaml.safe_load(operator.get("/criteria/inventive/file").content)
    assert [one["valid_from"] for one in saved["criteria"][0]["versions"]] == [
        "2026-01-01", "2026-06-01",
    ]  # fmt: skip
    table = operator.get("/criteria/criteria.csv").content.decode()
    assert "inventive" in table
    assert "in_business" in table
    assert "创新企业" in page_of(operator.get("/criteria", {"q": "创新"}))
    # nobody of another organisation sees it
    other = Counters().client("loan_officer")
    assert "创新企业" not in page_of(other.get("/criteria"))
    assert other.get("/criteria/inventive").status_code == 404
    assert other.get("/criteria/build", {"from": "inventive"}).status_code == 404


def test_the_list_says_when_nothing_fits(operator: Client) -> None:
    assert "没有符合的判断条件" in page_of(operator.get("/criteria", {"q": "'; --"}))
    assert operator.get("/criteria/no_such").status_code == 404
    page = page_of(operator.get("/criteria/tax_credit_loan"))
    assert "示例产品说明书（2026年版）" in page
    assert "近12个月实缴税额不低于 20,000 元" in page


@pytest.mark.parametrize("name", ["adviser", "compliance_officer"])
def test_who_counts_nothing_writes_nothing(name: str) -> None:
    client = Counters().client(name)
    for address in ("/criteria", "/criteria/build", "/criteria/tax_credit_loan"):
        assert client.get(address).status_code == 403
    assert client.post("/criteria/build", {"do": "count", "text": TEXT}).status_code == 403
    assert Client().get("/criteria/build").status_code == 302


def test_counting_and_answers_go_through_the_gate(store_root: Any) -> None:
    operator = Counters().client("operator")
    none_yet = do(operator, "count", "reg_active")
    assert "尚未生成" in page_of(none_yet)
    city.make_enterprises(range(1, 41))
    city.fill(city.city_rows())
    build_profile(city.NOW, city.TODAY)
    counted = do(operator, "count", "reg_active OR NOT reg_active")
    figure = figure_on(page_of(counted))
    assert figure is not None
    row = AuditRow.objects.filter(outcome="released").latest("pk")
    assert counted["X-Xinrong-Audit"] == str(row.pk)
    before = re.search(r'name="before" value="(\d+)"', page_of(counted))
    assert before is not None
    few = do(operator, "count", "reg_capital > 90000000000", before=before[1])
    assert "不足 10 家" in page_of(few)
    assert f"上一稿：{figure}" in page_of(few)
    secret = do(operator, "read", "tax_paid_12m > 5")
    assert "按您的用途不能统计" in page_of(secret)
    assert do(operator, "count", "tax_paid_12m > 5").status_code == 403
    # of one enterprise
    code = city.code(5)
    page = page_of(operator.get(f"/enterprises/{code}/criteria", {"criterion": "in_business"}))
    assert "判断条件的结论" in page
    row = AuditRow.objects.latest("pk")
    assert (row.product, row.enterprises) == ("reason", [5])
    masked = page_of(
        operator.get(f"/enterprises/{code}/criteria", {"criterion": "tax_credit_loan"})
    )
    assert "不向您提供" in masked
    early = operator.get(f"/enterprises/{code}/criteria",
                         {"criterion": "in_business", "on": "1999-01-01"})  # fmt: skip
    assert "没有有效的版本" in page_of(early)
    never = {"criterion": "in_business", "on": "31/12/99"}
    assert operator.get(f"/enterprises/{code}/criteria", never).status_code == 422
