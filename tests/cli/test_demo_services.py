"""The demo's service centre: one request waits for its officer, however often it runs."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.profiles import city
from xinrong.accounts.services import make_demo_accounts, person_of_email, viewer_of
from xinrong.catalogue.region import load_region
from xinrong.cli.demo_services import ask_the_centre
from xinrong.subjects.services import register_facts
from xinrong.work import services as work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
CITY = load_region("taizhou")


def test_a_request_waits_once_for_the_officer_of_the_centre(settings: Any) -> None:
    settings.REGION = "taizhou"
    city.make_enterprises(range(1, 7))
    make_demo_accounts(CITY, register_facts(CITY, city.code(5)))
    [first], [again] = (ask_the_centre(CITY, now=timezone.now()) for _ in range(2))
    assert first.email == again.email
    assert first.password != again.password
    officer = viewer_of(person_of_email(first.email))
    assert [side.case.process for side in work.waiting_for(officer)] == ["service_request"]


def test_without_a_representative_there_is_an_officer_and_no_request(settings: Any) -> None:
    settings.REGION = "taizhou"
    assert len(ask_the_centre(CITY, now=timezone.now())) == 1
    assert not work.Case.objects.exists()


def test_where_no_services_are_published_nothing_is_made() -> None:
    assert ask_the_centre(load_region("beijing"), now=timezone.now()) == []
