"""The pages of indicators: the list, one indicator, and those of one enterprise."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.copied import written_once
from tests.counting import Counters
from tests.profiles import city
from xinrong.profiles.models import IndicatorFigure, ProfileBatch, SetAside
from xinrong.profiles.services import build_profile, columns
from xinrong.trust.models import AuditRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(db: None, settings: Any, store_root: Any) -> None:
    settings.REGION = "taizhou"
    written_once("forty", store_root, write)


def write() -> None:
    city.make_enterprises(range(1, 41))
    city.fill(city.city_rows())


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_list_names_every_indicator_to_everybody(settings: Any) -> None:
    settings.REGION = "taizhou"
    page = text(Client().get("/indicators"))
    assert all(f'href="/indicators/{name}"' in page for name in columns())


def test_the_list_is_searched_by_words_of_either_language(settings: Any) -> None:
    settings.REGION = "taizhou"
    for asked in ("欠税 余额", "arrears not cleared"):
        page = text(Client().get("/indicators", {"q": asked}))
        assert 'href="/indicators/arr_open_now"' in page
        assert 'href="/indicators/pow_use_12m"' not in page


@pytest.mark.parametrize("asked", ["zzz", "'; DROP TABLE", "<script>", "%%%", "x" * 5000])
def test_words_that_nothing_has_give_an_empty_list_that_says_so(settings: Any, asked: str) -> None:
    settings.REGION = "taizhou"
    response = Client().get("/indicators", {"q": asked, "category": "no_such"})
    assert response.status_code == 200
    page = text(response)
    assert "没有符合的指标" in page
    assert "<script>" not in page.split("</head>")[1].replace("<script type", "")


def test_an_indicator_that_there_is_not_is_not_found(settings: Any) -> None:
    settings.REGION = "taizhou"
    assert Client().get("/indicators/no_such").status_code == 404


@pytest.mark.parametrize("name", ["reg_age_days", "inv_top_buyer_share_12m", "hon_high_tech",
                                  "taxgrade_latest", "reg_established_on"])  # fmt: skip
def test_before_the_first_batch_a_page_says_what_the_indicator_is(
    settings: Any, db: None, name: str
) -> None:
    settings.REGION = "taizhou"
    page = text(Client().get(f"/indicators/{name}"))
    assert columns()[name].definition.zh in page
    assert "data-chart" not in page


def test_a_distribution_is_shown_in_tens_to_whom_it_may(filled: None) -> None:
    build_profile(city.NOW, city.UNTIL)
    page = text(Client().get("/indicators/reg_age_days"))
    assert 'data-chart="bins"' in page
    hidden = text(Client().get("/indicators/pow_use_12m"))
    assert 'data-chart="bins"' not in hidden
    assert "不在您的用途范围内" in hidden
    officer = Counters().client("loan_officer")
    assert 'data-chart="bins"' in text(officer.get("/indicators/pow_use_12m"))


def test_an_enterprise_s_own_values_go_through_the_gate(filled: None) -> None:
    officer = Counters().client("loan_officer")
    code = city.code(5)
    asked = officer.get(f"/enterprises/{code}/indicators")
    assert AuditRow.objects.filter(service="indicators").count() == 0, "no stage was given yet"
    assert "stage" in text(asked)
    opened = officer.post(
        f"/enterprises/{code}/open", {"tab": "indicator-values", "stage": "approval"}
    )
    page = text(officer.get(opened["Location"]))
    assert "当前欠税余额" in page
    assert "近12个月实缴税额" not in page
    assert AuditRow.objects.get(service="indicators").enterprises == [5]


def test_who_has_not_signed_in_sees_no_enterprise_s_values(filled: None) -> None:
    assert Client().get(f"/enterprises/{city.code(5)}/indicators").status_code == 302


def test_the_operator_alone_sees_what_could_not_be_computed_and_why(
    settings: Any, db: None
) -> None:
    settings.REGION = "taizhou"
    SetAside.objects.create(
        enterprise=4711, seq=3, reason="the part is damaged. Run `xinrong check`.", tries=2,
        first_at=city.NOW, last_at=city.NOW, again_at=city.NOW,
    )  # fmt: skip
    page = text(Counters().client("operator").get("/indicators"))
    assert "1 家企业的画像无法计算" in page
    assert "the part is damaged" in page
    for role in ("loan_officer", "auditor"):
        assert "4711" not in text(Counters().client(role).get("/indicators"))
    assert "4711" not in text(Client().get("/indicators"))


def test_an_indicator_s_page_asks_the_database_little_however_many_batches_there_are(
    settings: Any, db: None, django_assert_max_num_queries: Any
) -> None:
    settings.REGION = "taizhou"
    for number in range(60):
        day = date(2026, 1 + number // 28, 1 + number % 28)
        made = ProfileBatch.objects.create(
            seq=number, as_of=day, built_at=city.NOW, name=f"x{number}", sha256="", rows=400,
            seconds=1, columns=[],
        )  # fmt: skip
        IndicatorFigure.objects.create(
            batch=made, indicator="reg_age_days", known=100 + number, reasons={},
            quantiles=[1, 2, 3, 4, 5], bins=[],
        )  # fmt: skip
    Client().get("/indicators/reg_age_days")
    with django_assert_max_num_queries(6):
        page = text(Client().get("/indicators/reg_age_days"))
    assert [month in page for month in ("2026-01", "2026-02", "2026-03")] == [True] * 3
