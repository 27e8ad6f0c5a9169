"""The feed of withdrawals: what an institution was shown and may use no longer, for its programs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.pages.test_repairs import bank_looks
from tests.remedy.repair_support import NOW, build, penalty
from tests.remedy.repairing.steps import OLD, PENALTY, PROOF
from xinrong.accounts.models import Organisation
from xinrong.accounts.services import create_key
from xinrong.api.v1.root import THROTTLE
from xinrong.remedy.services import repairing

FEED = "/api/v1/withdrawals"


@pytest.fixture
def cast(db: None, settings: Any, store_root: Any) -> Any:
    settings.REGION = "taizhou"
    THROTTLE.counts.clear()
    made = build()
    rows = [penalty(made.subjects["firm"], key, OLD) for key in (1, 2)]
    made.send(PENALTY, rows, feed="ecology_penalties", department="ecology")
    bank_looks(made)
    for key in (1, 2):
        wanted = repairing.Wanted(f"{PENALTY}/{key}", "已缴清", pledged=True)
        case = repairing.ask(made.firm, wanted, PROOF, now=NOW)
        repairing.accept(case.number, made.ecology, version=1, decision="d", notice="n", now=NOW)
    return made


def key(cast: Any, name: str, *scopes: str) -> dict[str, str]:
    organisation = Organisation.objects.get(pk=getattr(cast, name).organisation_id)
    now, day = datetime.now(UTC), timedelta(days=1)
    _, token = create_key(organisation, "t", scopes or ["withdrawals"], valid_for=day, now=now)
    return {"authorization": f"Bearer {token}"}


def test_pages_go_on_from_a_number_and_the_same_question_gives_the_same_answer(cast):
    client = Client(headers=key(cast, "bank"))
    first = client.get(f"{FEED}?limit=1").json()
    assert first == client.get(f"{FEED}?limit=1").json()
    assert first["more"]
    second = client.get(f"{FEED}?since={first['next']}").json()
    found = [*first["withdrawals"], *second["withdrawals"]]
    assert [one["record"] for one in found] == [f"{PENALTY}/1", f"{PENALTY}/2"]
    assert {one["kind"] for one in found} == {"record_repaired"}
    assert not second["more"]
    last = client.get(f"{FEED}?since={second['next']}").json()
    assert (last["withdrawals"], last["next"]) == ([], second["next"])
    assert "台环罚" not in str(found), "nothing of what a record said"


def test_acknowledging_twice_changes_nothing_and_others_numbers_are_unknown(cast):
    client, rival = Client(headers=key(cast, "bank")), Client(headers=key(cast, "rival"))
    numbers = [one["number"] for one in client.get(FEED).json()["withdrawals"]]
    assert rival.get(FEED).json()["withdrawals"] == []
    said = [
        one.post(f"{FEED}/acknowledgements", {"numbers": given}, content_type="application/json")
        for one, given in (
            (rival, numbers), (client, [*numbers, 404]), (client, numbers), (client, numbers),
            (client, []), (client, ["1"]), (client, [-1]),
        )
    ]  # fmt: skip
    assert [one.status_code for one in said] == [404, 404, 200, 200, 422, 422, 422]
    assert [one.json()["acknowledged"] for one in said[2:4]] == [2, 0]
    assert all(one["acknowledged_at"] for one in client.get(FEED).json()["withdrawals"])


@pytest.mark.parametrize("query", ["since=-1", "since=x", "limit=0", "limit=501", "since=1e3"])
def test_what_cannot_be_read_is_refused(cast, query):
    assert Client(headers=key(cast, "bank")).get(f"{FEED}?{query}").status_code == 422


def test_a_key_needs_the_scope_and_an_institution_that_is_shown_records(cast):
    assert Client().get(FEED).status_code == 401
    assert Client(headers=key(cast, "bank", "files")).get(FEED).status_code == 403
    assert Client(headers=key(cast, "auditor")).get(FEED).status_code == 403
    assert Client(headers=key(cast, "firm")).get(FEED).status_code == 403
