"""The demo's cases: in an invented city only, through the process, once."""

from __future__ import annotations

from datetime import date

import pytest

from tests.remedy.test_correcting import NOW
from tests.store.rows import row, table
from xinrong.accounts.services import make_demo_accounts
from xinrong.catalogue.region import load_region
from xinrong.cli import demo_cases
from xinrong.cli.demo_cases import object_to_one, open_cases
from xinrong.domain.uscc import check_digit
from xinrong.remedy.models import Correction, Objection
from xinrong.store.services import commit_batch, open_batch, writer
from xinrong.subjects.services import Identity, ensure_subjects, link_new, register_facts
from xinrong.work.models import Case
from xinrong.work.services import deliver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
FIRM = "91331000MA0000001" + check_digit("91331000MA0000001")
CITY = load_region("taizhou")
STANDS = {"address": "台州市某路1号", "scope": "机械加工"}


@pytest.fixture
def people(monkeypatch, settings):
    settings.REGION = "taizhou"
    [subject] = ensure_subjects([Identity(FIRM, "甲（虚构）有限公司", "market_regulation")])
    link_new({subject: "甲（虚构）有限公司"}, 0, register=True)
    make_demo_accounts(CITY, register_facts(CITY, FIRM))
    monkeypatch.setattr(demo_cases, "standing", lambda *_: STANDS)


def test_one_waits_for_the_source_and_one_for_its_feed(people):
    assert open_cases(CITY, now=NOW) == 2
    deliver(NOW)
    assert sorted(Case.objects.values_list("state", flat=True)) == ["accepted", "asked"]
    assert {one.stands for one in Correction.objects.all()} == set(STANDS.values())
    assert Correction.objects.exclude(accepted_at=None).get().field == "scope"


def test_run_again_it_opens_none(people):
    assert [open_cases(CITY, now=NOW), open_cases(CITY, now=NOW)] == [2, 0]


def test_where_enterprises_are_real_nothing_is_opened(people):
    assert open_cases(load_region("beijing"), now=NOW) == 0
    assert not Case.objects.exists()


def test_without_the_accounts_of_the_demo_nothing_is_opened(db):
    assert open_cases(CITY, now=NOW) == 0


@pytest.fixture
def filed(people):
    """The enterprise has an honour, and two penalties of which its data officer sent the older."""
    for department, category, key, day, polarity in (
        ("market_regulation", "honour", 5, 3, 1),
        ("tax", "administrative_penalty", 6, 2, -1),
        ("market_regulation", "administrative_penalty", 7, 1, -1),
    ):
        batch = open_batch(
            feed="x", category=category, department=department, source_name="x.csv",
            source_digest="0" * 64, received_at=NOW,
        )  # fmt: skip
        [subject] = ensure_subjects([Identity(FIRM, "", "x")])
        on = date(NOW.year, NOW.month, day)
        with writer(batch) as out:
            given = {"category": category, "event_date": on, "polarity": polarity}
            out.add(table([row(subject, key, key, **given)]))
            commit_batch(out, NOW)


def test_it_objects_to_a_negative_record_of_whom_can_answer_once(filed):
    number = object_to_one(CITY, now=NOW)
    [objection] = Objection.objects.all()
    assert (objection.case, objection.key, objection.department) == (number, 7, "market_regulation")
    assert Case.objects.get(number=number).state == "marked"
    assert object_to_one(CITY, now=NOW) == ""


def test_nobody_objects_to_a_register_entry_nothing_or_a_real_record(people):
    assert object_to_one(CITY, now=NOW) == ""
    assert object_to_one(load_region("beijing"), now=NOW) == ""
    assert not Case.objects.exists()
