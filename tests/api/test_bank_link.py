"""A bank's own system over HTTP: signature, certificate, bounded bodies, one shape of answers."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.market.applying.conftest import cast
from tests.market.linking.cast import System
from tests.market.linking.conftest import application, bank
from tests.profiles.conftest import filled, taizhou
from xinrong.api.v1.root import THROTTLE
from xinrong.market.linking import signing
from xinrong.market.services import applying, linking
from xinrong.wsgi import application as served

__all__ = ["application", "bank", "cast", "filled", "taizhou"]

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(120)]
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", served).include(
    operation_id="tell_platform"
)


def post(bank: System, message: dict[str, Any], **more: Any) -> Any:
    """One request as a bank's system makes it."""
    body = json.dumps(message, ensure_ascii=False).encode()
    signed = signing.sign([bank.secret()], message["id"], bank.later(), body)
    signed |= more.pop("signed", {})
    return Client(raise_request_exception=False).post(
        f"/api/v1/bank-link/{bank.link.name}/messages",
        more.pop("body", body),
        content_type="application/json",
        headers=signed,
        **more,
    )


def test_a_signed_message_is_taken_and_its_answer_repeated(bank: System, application: Any) -> None:
    message = bank.message("state", {"state": "accepted"}, application)
    answer = post(bank, message)
    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    assert answer["Cache-Control"] == "no-store"
    again = post(bank, message)
    assert again.json() == {**answer.json(), "repeated": True}
    assert applying.state_of(application.number) == "accepted"


def test_strangers_learn_nothing_not_even_which_links_there_are(
    bank: System, application: Any
) -> None:
    message = bank.message("state", {"state": "accepted"}, application)
    body = json.dumps(message).encode()
    wrong = signing.sign([linking_secret()], message["id"], bank.now, body)
    answers = [
        Client().post(
            f"/api/v1/bank-link/{name}/messages", body, content_type="application/json",
            headers=headers,
        )
        for name in (bank.link.name, "nobody")
        for headers in ({}, wrong)
    ]  # fmt: skip
    assert {one.status_code for one in answers} == {401}
    assert answers[0].json() == answers[2].json()
    assert answers[1].json() == answers[3].json()
    assert {one.json()["error"]["code"] for one in answers} == {"link_signature"}


def linking_secret() -> str:
    from xinrong.market.linking.keys import new_secret

    return new_secret()


def test_a_right_signature_on_a_wrong_body_is_refused(bank: System, application: Any) -> None:
    message = bank.message("state", {"state": "accepted"}, application)
    other = json.dumps({**message, "data": {"state": "closed"}}).encode()
    answer = post(bank, message, body=other)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "link_signature")
    assert applying.state_of(application.number) == "submitted"


def test_more_than_the_limit_is_not_read(bank: System) -> None:
    message = bank.message("ledger", {"rows": "x" * (5 << 20)})
    answer = post(bank, message)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("proxies", "header", "status"),
    [
        ("", "ab" * 32, 403),  # no proxy is trusted: anybody could have written it
        ("127.0.0.1", "ab" * 32, 200),
        ("127.0.0.1", ":".join(["AB"] * 32), 200),
        ("127.0.0.1", "cd" * 32, 403),
        ("127.0.0.1", "", 403),
        ("127.0.0.1", "no fingerprint", 403),
        ("10.0.0.0/8", "ab" * 32, 403),
    ],
)
def test_the_certificate_is_believed_from_trusted_proxies_only(
    bank: System, application: Any, settings: Any, proxies: str, header: str, status: int
) -> None:
    settings.PROXIES = proxies
    linking.Link.objects.update(theirs="ab" * 32)
    message = bank.message("state", {"state": "accepted"}, application)
    answer = post(bank, message, signed={"X-Client-Cert-SHA256": header})
    assert answer.status_code == status, answer.content
    if status == 403:
        assert answer.json()["error"]["code"] == "link_certificate"


def test_a_closed_link_takes_nothing(bank: System, application: Any) -> None:
    message = bank.message("state", {"state": "accepted"}, application)
    linking.close_link(bank.link.name, now=bank.now)
    body = json.dumps(message).encode()
    answer = Client().post(
        f"/api/v1/bank-link/{bank.link.name}/messages", body, content_type="application/json",
        headers=signing.sign([linking_secret()], message["id"], bank.now, body),
    )  # fmt: skip
    assert answer.status_code == 401


def test_a_bank_may_say_much_in_a_minute_and_not_without_end(
    bank: System, application: Any, settings: Any
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    THROTTLE.counts.clear()
    ledger = {"day": bank.day(), "rows": []}
    answers = [post(bank, bank.message("ledger", ledger)).status_code for _ in range(3)]
    assert answers == [200, 200, 200]  # a person or key would have had one
    window = int(time.time() // 60)
    THROTTLE.window, THROTTLE.counts[f"link {bank.link.pk}"] = window, 100
    assert post(bank, bank.message("ledger", ledger)).status_code in (200, 429)


@schema.parametrize()
@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_signed_body_is_answered_as_described(case: Case, bank: System) -> None:
    THROTTLE.counts.clear()
    try:
        body = case.body if isinstance(case.body, bytes) else json.dumps(case.body).encode()
        body.decode()
    except (TypeError, UnicodeDecodeError):  # no body at all, or one that nobody can sign
        body = b""
    name = f"bank_{time.monotonic_ns()}"
    case.path_parameters["link"] = bank.link.name
    headers = signing.sign([bank.secret()], name, bank.later(), body)
    case.headers.update(headers | {"Content-Type": "application/json"})
    case.body = body
    case.media_type = "application/octet-stream"
    # A lawful shape is refused where nobody has that application, or the id is not the header's.
    case.call_and_validate(excluded_checks=[positive_data_acceptance, *unsigned_checks()])


def unsigned_checks() -> list[Any]:
    """Checks that take the signature away or the content type back; others try those."""
    from schemathesis.specs.openapi import checks

    names = ("ignored_auth", "negative_data_rejection", "missing_required_header",
             "unsupported_method")  # fmt: skip
    return [getattr(checks, name) for name in names if hasattr(checks, name)]
