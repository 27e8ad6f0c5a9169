from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

from tests.environment import DATABASE, PROJECT


def test_tests_never_touch_the_projects_own_data() -> None:
    assert not settings.DATA.is_relative_to(PROJECT)
    assert Path(os.environ["XINRONG_DATA"]).resolve() == settings.DATA


@pytest.mark.django_db
def test_the_database_is_the_one_that_was_asked_for() -> None:
    assert connection.vendor == DATABASE
    assert connections["snapshot"].settings_dict["NAME"] == connection.settings_dict["NAME"]


def test_each_test_gets_a_fresh_store(store_root: Path) -> None:
    assert store_root == settings.STORE_ROOT
    assert list(store_root.iterdir()) == []


@pytest.mark.smoke
def test_spark_answers(spark) -> None:
    rows = spark.sql("SELECT 6 * 7 AS answer").collect()
    assert [row.answer for row in rows] == [42]


def test_a_page_with_a_nameless_image_is_an_axe_violation(browser_page, axe) -> None:
    browser_page.set_content(
        "<html lang=zh><title>x</title><main><h1>x</h1>"
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='></main>"
    )
    assert [violation["id"] for violation in axe(browser_page)] == ["image-alt"]
