"""The trail on the page: each reader's own view, reports and answers, downloads, the chain."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from tests.pages.support import FIRM, PASSWORD, Town
from xinrong.accounts.services import create_organisation, create_person, organisation_named
from xinrong.domain.cells import text_cell
from xinrong.domain.clock import SystemClock
from xinrong.trust.models import AuditRow
from xinrong.trust.services import sealing, trail

BANK = "海丰银行（虚构）"


@pytest.fixture
def cast(town: Town, settings: Any, tmp_path: Any) -> dict[str, Client]:
    """The bank asked once before the loan; everybody is signed in."""
    settings.CHECKPOINTS = tmp_path / "checkpoints"
    settings.CHECKPOINT_KEY_FILE = tmp_path / "key.pem"
    town.people["compliance"] = create_person(
        "compliance@example.cn",
        PASSWORD,
        name="=合规",
        organisation=organisation_named(BANK),
        role="compliance_officer",
    )
    town.people["auditor"] = create_person(
        "auditor@example.cn",
        PASSWORD,
        name="审计",
        organisation=create_organisation("监管（虚构）", "regulator"),
        role="auditor",
    )
    clients = {}
    for name, person in town.people.items():
        clients[name] = Client()
        clients[name].force_login(person)
    address = f"/api/v1/enterprises/{FIRM}/basic?purpose=credit&stage=pre_loan"
    assert clients["loan_officer"].get(address).status_code == 200
    return clients


def number() -> int:
    return AuditRow.objects.filter(purpose="credit").order_by("-pk")[0].pk


def test_the_enterprise_finds_who_asked_reports_it_and_reads_the_answer(
    cast: dict[str, Client],
) -> None:
    firm, compliance = cast["representative"], cast["compliance"]
    page = firm.get("/trail").content.decode()
    assert BANK in page
    assert "loan_officer@" not in page
    one = firm.get(f"/trail/queries/{number()}").content.decode()
    assert "对此查询提出疑问" in one
    firm.post(f"/trail/queries/{number()}/doubt", {"text": "<b>我们没有申请</b>"})
    assert "有疑问" in compliance.get("/trail?doubted=yes").content.decode()
    theirs = compliance.get(f"/trail/queries/{number()}").content.decode()
    assert "&lt;b&gt;我们没有申请" in theirs
    doubt = trail.AuditDoubt.objects.get()
    compliance.post(f"/trail/doubts/{doubt.pk}/answer", {"text": "输错了名称"})
    assert "输错了名称" in firm.get(f"/trail/queries/{number()}").content.decode()


@pytest.mark.parametrize("who", ["loan_officer", "data_officer", "operator"])
def test_nobody_else_opens_the_trail(cast: dict[str, Client], who: str) -> None:
    for address in ("/trail", "/trail/queries.csv", f"/trail/queries/{number()}"):
        assert cast[who].get(address).status_code == 403


def test_what_one_may_not_read_is_not_there(cast: dict[str, Client]) -> None:
    cast["operator"].get(f"/enterprises/{FIRM}/")
    public = AuditRow.objects.order_by("-pk")[0].pk
    assert cast["compliance"].get(f"/trail/queries/{public}").status_code == 404
    assert cast["auditor"].get(f"/trail/queries/{public}").status_code == 200


def test_a_download_starts_no_formula(cast: dict[str, Client]) -> None:
    response = cast["auditor"].get("/trail/queries.csv?purpose=credit")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert not [one for row in rows for one in row if one.startswith(("=", "+", "-", "@"))]
    assert [text_cell(text) for text in ("=1+1", "@x", "-2", "\tx", "a=b", None)] == [
        "'=1+1",
        "'@x",
        "'-2",
        "'\tx",
        "a=b",
        "",
    ]


def test_the_chain_shows_its_state_and_is_checked_on_demand(cast: dict[str, Client]) -> None:
    clock = SystemClock()
    sealing.Sealer(clock).seal()
    sealing.write_checkpoint(clock)
    auditor = cast["auditor"]
    page = auditor.get("/trail/chain").content.decode()
    assert sealing.head(fresh=True) in page
    assert "全部与封存时一致" in auditor.post("/trail/chain").content.decode()
    AuditRow.objects.filter(pk=number()).update(purpose="self")
    page = auditor.post("/trail/chain").content.decode()
    assert "有内容与封存时不一致" in page
    assert cast["operator"].get("/trail/chain").status_code == 200
    assert cast["compliance"].get("/trail/chain").status_code == 403


def test_the_auditor_has_a_query_read_again(cast: dict[str, Client]) -> None:
    address = f"/trail/queries/{number()}/reproduce"
    assert "逐字节一致" in cast["auditor"].post(address).content.decode()
    assert AuditRow.objects.order_by("-pk")[0].purpose == "oversight"
    assert cast["compliance"].post(address).status_code == 403


def test_usage_is_counted_for_whom_it_concerns(cast: dict[str, Client]) -> None:
    sealing.Sealer(SystemClock()).seal()
    trail.count_usage()
    assert BANK in cast["operator"].get("/trail/usage").content.decode()
    own = cast["compliance"].get("/trail/usage.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(own)))
    assert [row[1] for row in rows[1:]] == [BANK]
    assert rows[1][5:8] == ["1", "1", "0"]
    assert cast["loan_officer"].get("/trail/usage").status_code == 403


def test_an_empty_trail_says_so(cast: dict[str, Client]) -> None:
    page = cast["compliance"].get("/trail?from=2020-01-01&to=2020-01-02").content.decode()
    assert "没有符合条件的查询" in page
    assert cast["compliance"].get("/trail?from=nonsense&purpose=x").status_code == 200
