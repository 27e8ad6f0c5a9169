"""The pages of indicators: the list, one indicator, and those of one enterprise."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.counting import Counters
from tests.profiles import city
from xinrong.profiles.services import build_profile, columns
from xinrong.trust.models import AuditRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(db: None, settings: Any, store_root: Any) -> None:
    settings.REGION = "taizhou"
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
