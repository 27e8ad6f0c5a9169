"""Building and counting a draft on the pages; the register's figures for everybody."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.counting import CAST, Counters, figure_on
from tests.trust.counting.test_counts import firms
from xinrong.trust.counting import budget
from xinrong.trust.counting.models import CountDraft
from xinrong.trust.models import AuditRow

__all__ = ["firms"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "firms")]
HONOURED = "honour"
TAXED = "tax_payment.amount >= 1000"


@pytest.fixture
def auditor() -> Client:
    return Counters().client("auditor")


def text(response: Any) -> str:
    return str(response.content.decode())


def count(client: Client, *conditions: str, **more: str) -> Any:
    return client.post("/counts/count", {"c": conditions, **more})


def test_a_condition_is_added_by_its_parts_and_shown_in_words_and_as_text(auditor: Client) -> None:
    chosen = {"category": "tax_payment", "field": "amount", "operator": ">=", "value": "1,000.00"}
    moved = auditor.get("/counts", {"c": HONOURED, **chosen, "add": "1"})
    assert moved.status_code == 302
    assert parse_qs(urlsplit(moved["Location"]).query) == {"c": [HONOURED, TAXED]}
    page = text(auditor.get(moved["Location"]))
    assert "≥ 1000 元" in page
    assert "tax_payment.amount &gt;= 1000" in page
    assert "与您此前的草案不同" in page


def test_htmx_gets_the_fields_of_a_category_and_how_a_field_is_compared(auditor: Client) -> None:
    part = {"HX-Request": "true"}
    fields = text(auditor.get("/counts", {"category": "tax_payment"}, headers=part))
    assert "<html" not in fields
    assert 'value="amount"' in fields
    asked = {"part": "comparison", "category": "registration", "field": "kind"}
    choice = text(auditor.get("/counts", asked, headers=part))
    assert 'value="sole_trader"' in choice
    assert "&gt;=" not in choice, "a kind has no order"
    asked = {"part": "comparison", "category": "tax_payment", "field": "paid_on"}
    assert 'type="date"' in text(auditor.get("/counts", asked, headers=part))


def test_a_draft_is_counted_and_the_page_names_its_row_in_the_log(auditor: Client) -> None:
    response = count(auditor, HONOURED)
    assert response.status_code == 200
    row = AuditRow.objects.get(service="count")
    assert f"日志编号 {row.pk}" in text(response)
    assert response["X-Xinrong-Audit"] == str(row.pk)
    figure = figure_on(text(response))
    assert figure is not None
    assert figure % 10 == 0
    assert abs(figure - 80) <= 35
    again = auditor.get("/counts", {"c": HONOURED})
    assert "您统计过这个草案" in text(again)
    assert figure_on(text(count(auditor, HONOURED))) == figure


def test_few_are_not_shown(auditor: Client) -> None:
    page = text(count(auditor, HONOURED, "tax_payment.amount >= 80000"))
    assert figure_on(page) is None
    assert "不足 10 家，不予显示" in page


def test_the_budget_of_the_day_is_on_the_page_and_goes_down(auditor: Client) -> None:
    assert "新草案 200 个" in text(auditor.get("/counts"))
    count(auditor, HONOURED)
    page = text(count(auditor, HONOURED, TAXED))
    assert "新草案 198 个" in page
    assert "相近的 19 个" in page


def test_a_bank_names_its_stage_and_the_row_has_it(firms: None) -> None:
    bank = Counters().client("loan_officer")
    assert 'name="stage"' in text(bank.get("/counts", {"c": HONOURED}))
    assert count(bank, HONOURED).status_code == 422
    assert count(bank, HONOURED, stage="nothing").status_code == 422
    assert count(bank, HONOURED, stage="approval").status_code == 200
    row = AuditRow.objects.filter(outcome="released").get()
    assert (row.purpose, row.stage) == ("credit", "approval")


@pytest.mark.parametrize("name", ["loan_officer", "data_officer", "operator"])
def test_columns_that_a_role_may_not_learn_are_not_offered_and_refused_when_forced(
    name: str,
) -> None:
    client = Counters().client(name)
    part = {"HX-Request": "true"}
    offered = text(client.get("/counts", {"category": "tax_payment"}, headers=part))
    assert 'value="amount"' not in offered
    forced = client.get("/counts", {"written": TAXED, "add": "1"})
    assert forced.status_code == 403
    assert not CountDraft.objects.exists()
    refused = count(client, TAXED, stage="pre_loan")
    assert refused.status_code == 403
    row = AuditRow.objects.get(service="count")
    assert (row.outcome, row.reason) == ("denied", "denied_column")
    assert f"编号 {row.pk}" in text(refused)


def test_a_category_that_a_role_may_not_learn_is_not_in_the_list(firms: None) -> None:
    people = Counters()
    assert 'value="tax_payment"' in text(people.client("auditor").get("/counts"))
    assert 'value="tax_payment"' not in text(people.client("operator").get("/counts"))
    assert 'value="bank_account"' not in text(people.client("loan_officer").get("/counts"))


@pytest.mark.parametrize("name", ["adviser", "compliance_officer"])
def test_who_does_not_count_is_refused(name: str) -> None:
    client = Counters().client(name)
    assert client.get("/counts").status_code == 403
    assert count(client, HONOURED).status_code == 403
    assert "/counts" not in text(client.get("/"))


@pytest.mark.parametrize(
    "written",
    [
        "tax_payment.amount >= ten",
        "tax_payment.amount >= NaN",
        "tax_payment.amount LIKE 1",
        "tax_payment.paid_on >= yesterday",
        "registration.kind = bakery",
        "registration.kind >= company",
        "registration_change.successor = 91331002XR0000001X",
        "nowhere",
        "honour.nothing = 1",
        "honour; DROP TABLE trust_countdraft",
        "x" * 2000,
        "honour\x00",
    ],
)
def test_what_is_no_condition_is_said_beside_the_form_and_not_counted(
    auditor: Client, written: str
) -> None:
    response = auditor.get("/counts", {"c": HONOURED, "written": written, "add": "1"})
    assert response.status_code == 422
    assert 'role="alert"' in text(response)
    assert count(auditor, HONOURED, written).status_code == 422
    assert not AuditRow.objects.filter(service="count").exists()


def test_thirteen_conditions_are_too_many(auditor: Client) -> None:
    many = [f"tax_payment.amount >= {n}" for n in range(13)]
    assert auditor.get("/counts", {"c": many[:12]}).status_code == 200
    more = auditor.get("/counts", {"c": many[:12], "written": many[12], "add": "1"})
    assert more.status_code == 422
    assert count(auditor, *many).status_code == 422


def test_markup_in_a_value_stays_text(auditor: Client) -> None:
    hostile = "honour.title = <img src=x onerror=alert(1)>"
    for response in (auditor.get("/counts", {"c": hostile}), count(auditor, hostile)):
        assert response.status_code == 200
        assert "<img src=x" not in text(response)


def test_when_the_budget_is_used_up_the_page_says_so(
    auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "NEAR_A_DAY", 1)
    for least in (1, 2):
        assert count(auditor, HONOURED, f"tax_payment.amount >= {least}").status_code == 200
    refused = count(auditor, HONOURED, "tax_payment.amount >= 3")
    assert refused.status_code == 429
    assert "今日额度已用完" in text(refused)


def test_every_role_that_counts_finds_the_way(firms: None) -> None:
    people = Counters()
    for name in CAST.keys() - {"adviser", "compliance_officer"}:
        assert 'href="/counts"' in text(people.client(name).get("/counts")), name


# --- the register -----------------------------------------------------------------------------


def test_anybody_sees_the_figures_of_the_register() -> None:
    page = text(Client().get("/figures/register?rows=district&columns=form"))
    assert "不足 10" in page
    assert "第1（虚构）" not in page


def test_the_public_is_not_offered_the_size_class_and_refused_when_it_forces_it() -> None:
    public = Client()
    assert 'value="size"' not in text(public.get("/figures/register"))
    refused = public.get("/figures/register?rows=size")
    assert refused.status_code == 403


def test_a_regulator_sees_the_size_class_and_the_look_is_logged(auditor: Client) -> None:
    page = text(auditor.get("/figures/register?rows=size"))
    row = AuditRow.objects.get(service="count")
    assert f"编号 {row.pk}" in page
    assert (row.purpose, row.outcome) == ("oversight", "released")
    auditor.get("/figures/register?rows=district")
    assert AuditRow.objects.filter(service="count").count() == 1, "what is published is not asked"


def test_the_figures_are_downloaded_as_they_are_shown() -> None:
    answer = Client().get("/figures/register.csv?rows=form")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["主体类型", "合计"]
    assert all(cell == "不公布" or int(cell) % 10 == 0 for row in rows[1:] for cell in row[1:])


@pytest.mark.parametrize(
    "query",
    ["rows=owner", "measure=x", "rows=time&columns=time", "as_of=never", "as_of=9999-12-31",
     "as_of=0001-01-01", "year=x", "year=99999999", "rows=%00", "columns=<script>"],
)  # fmt: skip
def test_what_names_nothing_is_taken_as_not_given(query: str) -> None:
    response = Client().get(f"/figures/register?{query}")
    assert response.status_code == 200
    assert "<script>x" not in text(response)


def test_a_year_without_figures_is_not_there() -> None:
    assert Client().get("/figures/register?year=1950").status_code == 404
