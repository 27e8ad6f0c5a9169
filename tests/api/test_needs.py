"""Needs over the API: in the name of the representative behind the key, once for each reference."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.market.applying.cast import Cast, made_cast
from tests.market.needs.cast import representative
from tests.profiles.conftest import filled, taizhou
from xinrong.accounts.services import Membership, Organisation, Person, create_key, everywhere
from xinrong.api.v1.needs import AnswersOut, NeedOut, Needs
from xinrong.api.v1.root import THROTTLE
from xinrong.market.models import StatedNeed
from xinrong.trust.models import AuditRow
from xinrong.wsgi import application

__all__ = ["filled", "taizhou"]
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(120)]
NEED: dict[str, Any] = {"reference": "erp-1", "amount": "500000", "months": 12, "purpose": "stock",
        "offers": ["movables"], "area": "331002"}  # fmt: skip
FIRM = 5


def key_of(who: Any, *scopes: str, by: bool = True) -> dict[str, str]:
    """A key of the viewer's enterprise, made by that person or by the platform."""
    made_by = Person.objects.get(pk=who.person_id) if by else None
    _, token = create_key(
        Organisation.objects.get(pk=who.organisation_id), "ERP", scopes or ("needs",),
        valid_for=timedelta(days=30), now=timezone.now(), created_by=made_by,
    )  # fmt: skip
    return {"Authorization": f"Bearer {token}"}


def post(key: dict[str, str], path: str = "", **sent: Any) -> Any:
    THROTTLE.counts.clear()
    return Client().post(
        f"/api/v1/needs{path}", json.dumps(sent), content_type="application/json", headers=key
    )


def get(key: dict[str, str], path: str = "", **query: Any) -> Any:
    return Client().get(f"/api/v1/needs{path}", query, headers=key)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_a_program_states_a_need_reads_the_answers_and_withdraws(filled: Any) -> None:
    who = representative(FIRM)
    key = key_of(who)
    made = post(key, **NEED)
    assert made.status_code == 201, made.content
    need = NeedOut.model_validate_json(made.content)
    assert (need.state, need.amount, need.area) == ("stated", "500000.00", "331002")
    row = StatedNeed.objects.get(number=need.number)
    assert row.stated_by_id == who.person_id, "the representative behind the key gave the word"
    listed = Needs.model_validate_json(get(key, state="stated").content)
    assert [one.number for one in listed.needs] == [need.number]
    assert get(key, state="draft").json()["total"] == 0
    assert get(key, f"/{need.number}").json()["reference"] == "erp-1"
    found = get(key, f"/{need.number}/answers")
    assert found.status_code == 200, found.content
    told = AnswersOut.model_validate_json(found.content)
    content = told.content
    assert len(content.admitted) + len(content.cannot_tell) + len(content.refused) == 211
    assert all(one.reasons for one in content.refused), "no refusal without a reason"
    logged = AuditRow.objects.get(pk=told.audit_id)
    assert logged.purpose == "self"
    assert logged.person_id is None, "the log names the key, not its maker"
    gone = post(key, f"/{need.number}/withdraw")
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    assert code(post(key, f"/{need.number}/withdraw")) == (409, "need_state")
    assert code(get(key, f"/{need.number}/answers")) == (409, "need_state")


def test_a_need_sent_twice_is_stated_once_and_another_one_under_its_name_is_refused(
    filled: Any,
) -> None:
    key = key_of(representative(FIRM))
    first, again = post(key, **NEED), post(key, **NEED)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    other = NEED | {"amount": "500001"}
    assert code(post(key, **other)) == (409, "need_reference")
    assert post(key, **other | {"reference": "erp-2"}).status_code == 201
    assert StatedNeed.objects.count() == 2


def test_what_is_left_out_is_unknown_and_the_district_is_the_registers(filled: Any) -> None:
    sent = {name: NEED[name] for name in ("reference", "amount", "months", "purpose")}
    made = post(key_of(representative(FIRM)), **sent).json()
    told = {name: made[name] for name in ("offers", "max_rate", "first_time", "area", "prefilled")}
    assert told == {"offers": [], "max_rate": None, "first_time": None, "area": "", "prefilled": {}}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"amount": "0"}, "need_amount"),
        ({"amount": "1000000001"}, "need_amount"),
        ({"area": "110000"}, "need_area"),
        ({"max_rate": "99"}, "need_rate"),
    ],
)
def test_what_no_lender_could_mean_is_refused_whole(
    filled: Any, change: dict[str, Any], expected: str
) -> None:
    key = key_of(representative(FIRM))
    assert code(post(key, **NEED | change)) == (422, expected)
    assert not StatedNeed.objects.exists()


def test_a_key_speaks_only_for_a_representative_who_still_is_one(filled: Any) -> None:
    who = representative(FIRM)
    assert code(post(key_of(who, by=False), **NEED)) == (403, "need_key")
    key = key_of(who)
    assert code(post(key_of(who, "files"), **NEED)) == (403, "scope_missing")
    roles = everywhere(Membership, because="a test").filter(person=who.person_id)
    roles.update(suspended_at=timezone.now())
    assert code(get(key)) == (403, "need_key")
    roles.update(suspended_at=None)
    assert get(key).status_code == 200
    roles.delete()
    assert code(post(key, **NEED)) == (403, "need_key")
    assert post({}, **NEED).status_code == 401


def test_another_enterprises_need_is_answered_as_if_there_were_none(filled: Any) -> None:
    mine = post(key_of(representative(FIRM)), **NEED).json()["number"]
    other = key_of(representative(6))
    for path in (f"/{mine}", f"/{mine}/answers", f"/{'0' * 32}"):
        assert code(get(other, path)) == (404, "need_unknown")
    assert code(post(other, f"/{mine}/withdraw")) == (404, "need_unknown")
    assert get(other).json()["total"] == 0


def test_withdrawing_takes_back_what_was_applied_for(filled: Any) -> None:
    cast: Cast = made_cast()
    one = cast.apply(0)
    assert post(key_of(cast.firm), f"/{cast.need}/withdraw").status_code == 200
    assert cast.state(one) == "withdrawn"


@pytest.fixture
def firm_key(filled: Any, settings: Any) -> dict[str, str]:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    THROTTLE.counts.clear()
    return key_of(representative(FIRM))


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@schema.include(path_regex="^/api/v1/needs").parametrize()
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_answers_an_enterprise_as_described(
    case: Case[Any], firm_key: dict[str, str]
) -> None:
    if str(case.path_parameters.get("number", "f"))[:1] in "01234567":  # half of the cases are real
        case.path_parameters["number"] = post(firm_key, **NEED).json()["number"]
    case.call_and_validate(headers=firm_key, excluded_checks=[positive_data_acceptance])
