"""A question about an organisation's rows that does not say whose is an error, never an answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django_scopes import scope

import xinrong
from xinrong.accounts.models import AccountEvent, ApiKey, Invitation, Membership, SupportSession
from xinrong.accounts.scoping import OrganisationScope
from xinrong.accounts.services import (
    ScopeError,
    create_organisation,
    create_person,
    everywhere,
    of_organisations,
)

pytestmark = pytest.mark.django_db
TABLES = [AccountEvent, ApiKey, Invitation, Membership, SupportSession]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
QUESTIONS = {
    "all": lambda rows: list(rows.all()),
    "filter": lambda rows: rows.filter(pk=1).first(),
    "exclude": lambda rows: rows.exclude(pk=1).exists(),
    "exists": lambda rows: rows.exists(),
    "count": lambda rows: rows.count(),
    "get": lambda rows: rows.get(pk=1),
    "contains": lambda rows: rows.contains(rows.model(pk=1)),
    "in_bulk": lambda rows: rows.in_bulk(),
    "in_bulk of some": lambda rows: rows.in_bulk([1]),
    "aggregate": lambda rows: rows.aggregate(),
    "select_related": lambda rows: rows.select_related("organisation").exists(),
    "prefetch_related": lambda rows: rows.prefetch_related("organisation").exists(),
    "distinct": lambda rows: rows.distinct().exists(),
    "defer": lambda rows: rows.defer("organisation").exists(),
    "alias": lambda rows: rows.alias().exists(),
    "using": lambda rows: rows.using("default").exists(),
    "values": lambda rows: list(rows.values("pk")),
    "update": lambda rows: rows.update(organisation=1),
    "delete": lambda rows: rows.all().delete(),
    "raw": lambda rows: list(rows.raw("SELECT 1 AS id")),
    "union": lambda rows: list(rows.union(rows.none())),
    "iterator": lambda rows: list(rows.iterator()),
    "explain": lambda rows: rows.explain(),
    "get_or_create": lambda rows: rows.get_or_create(pk=1),
}


@pytest.fixture
def banks():
    made = [create_organisation(f"{name}银行", "bank") for name in ("海丰", "别家")]
    for number, bank in enumerate(made):
        create_person(
            f"p{number}@bank.cn", "a long enough passphrase 7", name="", organisation=bank,
            role="loan_officer",
        )  # fmt: skip
    return made


@pytest.mark.parametrize("model", TABLES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_an_unscoped_question_is_an_error(model, question):
    with scope(), pytest.raises(ScopeError):
        QUESTIONS[question](model.objects)


def test_the_roles_of_a_person_are_not_asked_for_by_the_way(banks):
    person = Membership.objects.first().person
    with scope(), pytest.raises(ScopeError):
        list(person.memberships.all())


def test_within_a_scope_there_are_the_rows_of_that_organisation_only(banks):
    with scope(organisation=banks[0].pk):
        assert [row.organisation_id for row in Membership.objects.all()] == [banks[0].pk]
        assert not Membership.objects.filter(organisation=banks[1]).exists()
        assert Membership.objects.update(manages=True) == 1
    with scope(organisation=[]):
        assert not Membership.objects.exists()


def test_whoever_needs_more_says_so_in_the_code(banks):
    with scope(organisation=banks[0].pk):
        assert of_organisations(Membership, banks[1].pk).count() == 1
        assert everywhere(Membership, because="the test wants all").count() == 2
    with pytest.raises(ScopeError):
        everywhere(Membership, because="")


def seen_in_a_request(user):
    """The organisations whose roles a view sees that asks without saying whose."""
    found = []

    def view(request):
        found.extend(Membership.objects.values_list("organisation_id", flat=True))
        return HttpResponse()

    request = HttpRequest()
    request.user, request.session = user, {}
    with scope():
        OrganisationScope(view)(request)
    return found


def test_a_request_sees_the_rows_of_the_viewers_organisation(banks):
    person = Membership.objects.get(organisation=banks[1]).person
    assert seen_in_a_request(person) == [banks[1].pk]


def test_a_stranger_sees_no_rows(banks):
    assert seen_in_a_request(AnonymousUser()) == []


def test_a_request_that_asks_nothing_costs_no_question(banks, django_assert_num_queries):
    request = HttpRequest()
    request.user, request.session = Membership.objects.first().person, {}
    with django_assert_num_queries(0):
        OrganisationScope(lambda _: HttpResponse())(request)


def test_the_product_asks_these_tables_by_name_of_the_scope_only():
    """`Table.objects` adds rows; whatever reads says whose, or why it may ask for all."""
    names = "|".join(model.__name__ for model in TABLES)
    loose = re.compile(rf"\b(?:{names})\.(?:objects\.(?!create\()|_\w+_manager)|\.memberships\b")
    package = Path(xinrong.__file__).parent
    found = {
        f"{path.relative_to(package)}: {line.strip()}"
        for path in package.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if loose.search(line)
    }
    assert found == set()
