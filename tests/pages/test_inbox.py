"""The inbox: what is mine, by when, and what happens if I do nothing; for every role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.pages.support import FIRM, HOSTILE
from xinrong.accounts.services import Person, create_person, viewer_of
from xinrong.catalogue.region import load_region
from xinrong.pages.inbox.sources import tasks_of, waiting
from xinrong.pages.inbox.words import left
from xinrong.remedy.services import Wanted, ask, correctable
from xinrong.subjects.judging.models import NamedState, NamedSubject
from xinrong.subjects.models import Enterprise
from xinrong.subjects.services import Identity, ensure_subjects
from xinrong.work.models import Delivery
from xinrong.work.services import take, tick

ROLES = ["loan_officer", "data_officer", "registrar", "operator", "representative"]
REGION = load_region("beijing")


def as_(town, name, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(town.people[name])
    return client


def open_correction(town, right="恒源（虚构）有限公司", why="执照第一行"):
    one = correctable(REGION)[0]
    wanted = Wanted(one.category, one.field.name, "恒远精密（虚构）有限公司", right, why)
    who = viewer_of(town.people["representative"])
    return ask(who, wanted, region=REGION, now=timezone.now())


def test_an_empty_inbox_says_so_to_every_role_and_costs_one_statement(town):
    for name in ROLES:
        page = as_(town, name).get("/inbox")
        assert page.status_code == 200
        assert "no-store" in page.headers["Cache-Control"]
        with CaptureQueriesContext(connection) as asked:
            assert waiting(viewer_of(town.people[name]), timezone.now()) == 0
        assert len([one for one in asked if "UNION" in one["sql"] or "COUNT" in one["sql"]]) == 1


def test_what_waits_says_by_when_and_what_happens_otherwise(town):
    open_correction(town)
    page = as_(town, "registrar").get("/inbox").content.decode()
    assert "Correction of register data: Enterprise registration · Name" in page
    assert "working days left" in page
    assert "goes before the platform&#x27;s operator" in page
    assert '<span class="waits">1</span>' in page
    for other in ("data_officer", "loan_officer", "operator", "representative"):
        assert "Correction of register data" not in as_(town, other).get("/inbox").content.decode()


def test_overdue_and_escalated_is_marked_and_comes_first(town):
    case = open_correction(town)
    open_correction_of_day(town)
    tick(timezone.now() + timedelta(days=30))
    case.refresh_from_db()
    assert case.state == "overdue"
    (first, *_rest) = tasks_of(viewer_of(town.people["operator"]), timezone.now())
    assert first.number == case.number
    assert "overdue, before the operator" in as_(town, "operator").get("/inbox").content.decode()


def open_correction_of_day(town):
    one = correctable(REGION)[1]
    wanted = Wanted(one.category, one.field.name, "2019-02-17", "2019-02-18", "见执照")
    return ask(
        viewer_of(town.people["representative"]), wanted, region=REGION,
        now=timezone.now() + timedelta(days=25),
    )  # fmt: skip


def test_search_kind_and_colleagues_narrow_it(town):
    case = open_correction(town)
    client = as_(town, "registrar")
    office = town.people["registrar"].memberships.get().organisation
    other = create_person("two@example.cn", "a long enough passphrase 7", name="二号",
                          organisation=office, role="data_officer")  # fmt: skip
    assert "Correction" in client.get("/inbox?q=恒远&kind=correction").content.decode()
    assert "Nothing like that" in client.get("/inbox?q=不存在").content.decode()
    assert "Nothing like that" in client.get("/inbox?kind=consent").content.decode()
    take(case.number, viewer_of(other), now=timezone.now())
    assert "Correction" not in client.get("/inbox").content.decode()
    assert "taken on by 二号" in client.get("/inbox?taken=1").content.decode()


def test_hostile_names_are_text_on_the_page_and_no_formula_in_the_export(town):
    open_correction(town)
    client = as_(town, "registrar")
    Enterprise.objects.filter(code=FIRM).update(name=f"=1+1{HOSTILE}")
    page = client.get("/inbox").content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    sheet = client.get("/inbox.csv?kind=correction").content.decode("utf-8-sig")
    assert "Correction of register data" in sheet
    assert ",=1+1" not in sheet
    assert "=1+1" in sheet
    for query in ("?offset=x", "?offset=-1", "?offset=9999999", "?q=" + "x" * 5000, "?kind=%00",
                  "?kind=<script>", "?taken=2"):  # fmt: skip
        assert client.get(f"/inbox{query}").status_code == 200, query


def test_whoever_has_no_role_is_told_what_will_be_here(db):
    client = Client(headers={"accept-language": "en"})
    alone = Person.objects.create_user("alone@example.cn", "a long enough passphrase 7", "")
    client.force_login(alone)
    assert "You act for nobody yet" in client.get("/inbox").content.decode()
    assert Client().get("/inbox").status_code == 302


def test_names_to_review_and_rows_to_mend_are_one_entry_each(town):
    numbers = ensure_subjects([Identity("", f"某厂{n}", "taxation") for n in range(3)])
    for number in numbers:
        NamedSubject.objects.update_or_create(
            subject_id=number, defaults={"folded": "x", "core": "x", "state": NamedState.REVIEW}
        )
    page = as_(town, "operator").get("/inbox").content.decode()
    assert "3 names wait for review" in page
    assert "could be mended" in as_(town, "registrar").get("/inbox").content.decode()


def test_an_event_that_did_not_arrive_is_seen_and_sent_again_by_the_operator(town):
    open_correction(town)
    Delivery.objects.update(state="dead", error="Broken: <b>no</b>")
    operator = as_(town, "operator")
    assert "did not arrive" in operator.get("/inbox").content.decode()
    page = operator.get("/inbox/events").content.decode()
    assert "Broken: &lt;b&gt;no" in page
    letter = Delivery.objects.first()
    for _ in range(2):  # pressed twice
        assert operator.post(f"/inbox/events/{letter.pk}/resend").status_code == 302
    letter.refresh_from_db()
    assert letter.state == "waiting"
    for other in ("registrar", "representative"):
        assert as_(town, other).get("/inbox/events").status_code == 403
        assert as_(town, other).post(f"/inbox/events/{letter.pk}/resend").status_code == 403


MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 23, 16, tzinfo=UTC)  # the end of that Monday in China


@pytest.mark.parametrize(
    ("due", "words", "overdue"),
    [
        (MIDNIGHT, "today is the last day", False),
        (MIDNIGHT + timedelta(days=1), "1 working day left", False),
        (MIDNIGHT + timedelta(days=7), "5 working days left", False),
        (MIDNIGHT + timedelta(days=200), "200 days left", False),
        (MIDNIGHT - timedelta(days=1), "overdue by 1 working day", True),
        (MIDNIGHT - timedelta(days=8), "overdue by 6 working days", True),
    ],
)
def test_how_long_is_left_in_words(due, words, overdue, settings):
    from django.utils import translation

    with translation.override("en"):
        found = left(due, MONDAY)
    assert (found.words, found.overdue) == (words, overdue)
    assert left(None, MONDAY) is None
