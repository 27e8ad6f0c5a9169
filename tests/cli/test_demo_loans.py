"""The demo's loans: one offer waits, one application lies with another lender; and the commands."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone

from tests.profiles import city
from xinrong.accounts.services import Organisation, demo_lender, make_demo_accounts
from xinrong.catalogue.region import load_region
from xinrong.cli.applications import command
from xinrong.cli.demo_loans import apply_for_loans
from xinrong.market.services import applying, load_products
from xinrong.subjects.services import register_facts
from xinrong.work import services as work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
CITY = load_region("taizhou")


@pytest.fixture
def people(settings: Any) -> None:
    settings.REGION = "taizhou"
    city.make_enterprises(range(1, 7))
    city.fill(city.city_rows(6))
    make_demo_accounts(CITY, register_facts(CITY, city.code(5)))


def states() -> list[str]:
    return sorted(work.Case.objects.filter(process="application").values_list("state", flat=True))


@pytest.mark.parametrize("name", ["taizhou", "qinghai"])
def test_the_demos_bank_is_a_lender_of_the_regions_products(name: str) -> None:
    titles = {one.id: one.title.zh for one in load_products(name).lenders}
    lender = demo_lender(load_region(name))
    assert titles[lender.id] == lender.title


def test_an_offer_waits_and_another_lender_has_yet_to_answer(people: None) -> None:
    assert apply_for_loans(CITY, now=timezone.now()) == 2
    assert states() == ["offered", "submitted"]
    assert apply_for_loans(CITY, now=timezone.now()) == 0
    assert apply_for_loans(load_region("beijing"), now=timezone.now()) == 0


def test_without_the_accounts_of_the_demo_nothing_is_applied_for(settings: Any) -> None:
    settings.REGION = "taizhou"
    assert apply_for_loans(CITY, now=timezone.now()) == 0
    assert not Organisation.objects.filter(kind="bank").exists()


def test_the_commands_open_desks_once_and_list_what_is_late(people: None) -> None:
    opened = CliRunner().invoke(command, ["desks"]).output.splitlines()
    assert len(opened) == len(load_products("taizhou").lenders) - 1  # the demo's bank is there
    assert CliRunner().invoke(command, ["desks"]).output == ""
    assert CliRunner().invoke(command, ["stuck"]).output == ""
    apply_for_loans(CITY, now=timezone.now())
    waiting = work.Case.objects.get(process="application", state="submitted")
    assert waiting.due_at is not None
    work.tick(waiting.due_at)
    told = json.loads(CliRunner().invoke(command, ["stuck", "--json"]).output)
    assert (told["number"], told["state"]) == (waiting.number, "silent")
    assert applying.application_of(told["number"]).product == told["product"]
