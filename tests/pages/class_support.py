"""A small invented city with what classes and the monitoring of finance read, and who looks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from tests.copied import written_once
from tests.counting import PASSWORD
from tests.profiles import city
from tests.signing import give_app
from xinrong.accounts.services import create_organisation, create_person

READ = (
    "registration", "annual_report", "social_insurance", "park_membership", "loan",
    "technology_enterprise", "customs_registration", "customs_declaration", "financing_visit",
)  # fmt: skip


def small_city() -> None:
    """Forty enterprises; the third of them supplies a chain."""
    written_once("small city", Path(settings.STORE_ROOT), _write_small_city)


def _write_small_city() -> None:
    city.make_enterprises(range(1, 41))
    rows = city.city_rows()
    city.fill({name: rows[name] for name in READ})
    city.put(
        city.rows_of(
            "chain_supplier",
            {"subject": 3, "code": "链配1", "t1": "泵业产业链", "counterparty": 5,
             "event_date": date(2026, 1, 5), "end_date": date(2028, 1, 5)},
        )
    )  # fmt: skip


def representative(number: int) -> Client:
    """Who acts for an enterprise of the city, signed in."""
    code = city.code(number)
    firm = create_organisation(f"企业{number}（虚构）", "enterprise", reference=code)
    person = create_person(
        f"own{number}@example.cn", PASSWORD, name="x", organisation=firm, role="representative"
    )
    return signed_in(person)


def signed_in(person: Any) -> Client:
    """A client of somebody with both factors."""
    give_app(person)
    client = Client()
    client.force_login(person)
    return client
