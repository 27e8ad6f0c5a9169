"""A questionnaire on pages: published, answered in one, looked at as figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.market.needs.cast import person
from tests.pages.class_support import representative, signed_in, small_city
from tests.pages.test_need_pages import body
from xinrong.accounts.services import Person
from xinrong.domain.clock import day_in_china
from xinrong.market.services import needs

pytestmark = pytest.mark.django_db
NEED = {"amount": "50万", "purpose": "stock", "months": "12"}


@pytest.fixture
def town(settings: Any, store_root: Any) -> None:
    settings.REGION = "taizhou"
    small_city()


def bureau() -> Client:
    who = person("bureau", "department", "data_officer", "taxation")
    return signed_in(Person.objects.get(pk=who.person_id or 0))


def publish(client: Client, **changes: str) -> Any:
    today = day_in_china(timezone.now())
    given = {"title": "第四季度需求（虚构）", "opens_on": today.isoformat(),
             "closes_on": (today + timedelta(days=9)).isoformat()}  # fmt: skip
    return client.post("/questionnaires/new", given | changes)


def test_a_district_asks_and_an_enterprise_of_it_answers_in_a_minute(town: None) -> None:
    client, firm = bureau(), representative(3)
    assert "Nothing published yet" in body(client, "/questionnaires")
    address = publish(client)["Location"]
    assert "not shown" in body(client, address)
    shown = body(firm, "/needs")
    assert "Answer in a minute" in shown
    answer = f"{address}/answer"
    assert answer in shown
    firm.cookies.load({"django_language": "en"})
    wrong = firm.post(answer, NEED | {"amount": "0"})
    assert (wrong.status_code, "cannot be needed" in wrong.content.decode()) == (422, True)
    done = firm.post(answer, NEED)
    assert "What every product says" in body(firm, done["Location"])
    assert firm.post(answer, NEED).status_code == 400
    assert needs.StatedNeed.objects.count() == 1
    assert client.post(f"{address}/close")["Location"] == address
    other = representative(4)
    assert other.get(answer).status_code == 400
    assert "Answer in a minute" not in body(other, "/needs")


def test_an_enterprise_of_another_district_is_told_for_whom_it_is(town: None) -> None:
    client = bureau()
    own = needs.prefilled_for
    firm = representative(3)
    who = Person.objects.get(email="own3@example.cn")
    from xinrong.accounts.services import viewer_of

    area = own(viewer_of(who), as_of=day_in_china(timezone.now()))["area"].value
    elsewhere = "331002" if area != "331002" else "331003"
    assert firm.get(f"{publish(client, area=elsewhere)['Location']}/answer").status_code == 400
    assert firm.get(f"{publish(client, area=area)['Location']}/answer").status_code == 200


def test_nothing_needed_is_answered_with_one_click(town: None) -> None:
    address = publish(bureau())["Location"]
    firm = representative(3)
    assert firm.post(f"{address}/answer", {"nothing": "1"})["Location"] == "/needs"
    assert needs.StatedNeed.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "a title has 2 to 100 characters"),
        ({"opens_on": "tomorrow"}, "give the first and the last day"),
        ({"closes_on": "2020-01-01"}, "within three months"),
        ({"area": "999999"}, "there is no such district"),
    ],
)
def test_what_cannot_be_published_is_said(town: None, changes: dict[str, str], said: str) -> None:
    client = bureau()
    client.cookies.load({"django_language": "en"})
    answer = publish(client, **changes)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_others_neither_publish_nor_look(town: None) -> None:
    address = publish(bureau())["Location"]
    firm = representative(3)
    for one in ("/questionnaires", "/questionnaires/new", address):
        assert firm.get(one).status_code == 403
    operator = signed_in(Person.objects.get(pk=person("op", "operator", "operator").person_id or 0))
    assert operator.get(address).status_code == 404
    assert operator.get(f"{address}/answer").status_code == 403
