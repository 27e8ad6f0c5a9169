"""What the page of the register's history says, and of whom."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from tests.pages.support import EVIL, FIRM, HOSTILE, QUIET, Town
from xinrong.subjects.services import enterprise_by_code, record_succession
from xinrong.trust.models import AuditRow

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def page_of(town: Town, code: str, who: str = "operator") -> str:
    client = Client()
    client.force_login(town.people[who])
    response = client.get(f"/enterprises/{code}/register/")
    assert response.status_code == 200
    return response.content.decode()


def follow(town: Town, before: str, after: str) -> None:
    record_succession(
        enterprise_by_code(before).pk,
        enterprise_by_code(after).pk,
        kind="merger",
        on=date(2026, 3, 1),
        by="王某",
        why="登记机关通知",
        at=NOW,
    )


def test_the_first_entry_says_what_the_register_sent(town: Town) -> None:
    page = page_of(town, FIRM)
    assert "首次收录名称" in page
    assert "2019-02-17" in page
    assert "前身" not in page
    assert "市场监督管理局" in page


def test_a_predecessor_stands_apart_with_its_own_entries(town: Town) -> None:
    follow(town, QUIET, FIRM)
    own, theirs = page_of(town, FIRM).split(f'id="history-{QUIET}"')
    assert "2019-02-17" in own
    assert "2023-03-29" not in own
    assert "2023-03-29" in theirs
    assert "2019-02-17" not in theirs
    assert "合并" in theirs
    assert "以下为前身的登记信息" in theirs
    assert "平台认定" in theirs
    assert "承继者" in page_of(town, QUIET)


def test_each_side_is_asked_of_the_gate(town: Town) -> None:
    follow(town, QUIET, FIRM)
    page_of(town, FIRM)
    row = AuditRow.objects.order_by("-pk")[0]
    assert set(row.enterprises) == {enterprise_by_code(code).pk for code in (FIRM, QUIET)}


def test_a_representative_sees_the_own_enterprise_only(town: Town) -> None:
    follow(town, QUIET, FIRM)
    page = page_of(town, FIRM, "representative")
    assert "2019-02-17" in page
    assert "2023-03-29" not in page
    assert "不能查看其登记沿革" in page


def test_a_hostile_name_is_text(town: Town) -> None:
    assert HOSTILE not in page_of(town, EVIL)
    assert "&lt;img" in page_of(town, EVIL)


def test_a_cancelled_enterprise_says_so_on_every_page(town: Town) -> None:
    enterprise = enterprise_by_code(FIRM)
    enterprise.cancelled, enterprise.cancelled_on = True, date(2026, 5, 1)
    enterprise.save()
    assert "已注销 2026-05-01" in page_of(town, FIRM)


@pytest.mark.parametrize("who", ["loan_officer"])
def test_a_loan_officer_first_says_for_which_stage(town: Town, who: str) -> None:
    assert "2019-02-17" not in page_of(town, FIRM, who)


def comprehensive(town: Town, code: str, who: str = "operator", **query: str) -> str:
    client = Client()
    client.force_login(town.people[who])
    response = client.get(f"/enterprises/{code}/comprehensive/", query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_file_says_whom_it_follows_and_by_whom_it_is_followed(town: Town) -> None:
    assert "承继" not in comprehensive(town, FIRM)
    follow(town, QUIET, FIRM)
    assert f'承继自 <a href="/enterprises/{QUIET}/">' in comprehensive(town, FIRM)
    assert f'承继者 <a href="/enterprises/{FIRM}/">' in comprehensive(town, QUIET)


def test_records_of_a_predecessor_are_joined_on_demand_and_say_of_whom(town: Town) -> None:
    follow(town, FIRM, QUIET)
    alone = comprehensive(town, QUIET)
    assert "偷税" not in alone
    assert "含前身的记录" in alone
    joined = comprehensive(town, QUIET, joined="1")
    records = joined.split('<article class="record')[1:]
    theirs = [text for text in records if "前身的记录： 恒远精密（虚构）有限公司" in text]
    own = [text for text in records if text not in theirs]
    assert len(theirs) == 3
    assert any("偷税" in text for text in theirs)
    assert len(own) == 1
    assert "2023-03-29" in own[0]
    row = AuditRow.objects.order_by("-pk")[0]
    assert set(row.enterprises) == {enterprise_by_code(code).pk for code in (FIRM, QUIET)}


def test_filters_and_pages_hold_for_the_joined_records(town: Town) -> None:
    follow(town, FIRM, QUIET)
    negative = comprehensive(town, QUIET, joined="1", sign="negative")
    assert "偷税" in negative
    assert negative.count('<article class="record') == 1
    register = comprehensive(town, QUIET, joined="1", department="market_regulation")
    assert register.count('<article class="record') == 2


def test_a_representative_gets_no_record_of_a_predecessor(town: Town) -> None:
    follow(town, QUIET, FIRM)
    page = comprehensive(town, FIRM, "representative", joined="1")
    assert "2023-03-29" not in page
    assert "偷税" in page
