"""The demo's key project: listed once for its enterprise, however often it runs."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.profiles import city
from xinrong.accounts.services import make_demo_accounts
from xinrong.catalogue.region import load_region
from xinrong.cli.demo_cases import REPRESENTATIVE, demo_viewer
from xinrong.cli.demo_projects import list_a_project
from xinrong.market.services import projects
from xinrong.subjects.services import register_facts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
CITY = load_region("taizhou")


def test_a_project_is_listed_once_for_the_demos_enterprise(settings: Any) -> None:
    settings.REGION = "taizhou"
    city.make_enterprises(range(1, 7))
    make_demo_accounts(CITY, register_facts(CITY, city.code(5)))
    assert [list_a_project(CITY, now=timezone.now()) for _ in range(2)] == [1, 0]
    [project] = projects.projects_for(demo_viewer(REPRESENTATIVE))
    assert project.enterprise.code == city.code(5)


def test_without_a_representative_or_an_invented_region_nothing_is_listed(settings: Any) -> None:
    settings.REGION = "taizhou"
    assert list_a_project(CITY, now=timezone.now()) == 0
    assert list_a_project(load_region("beijing"), now=timezone.now()) == 0
