"""The API, as rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.api.support import CODES, SCOPES, UNKNOWN, signed_in
from xinrong.accounts.services import ApiKey
from xinrong.trust.audit import digest_of
from xinrong.trust.models import AuditRow

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
SERVICES = ("basic", "comprehensive", "cube", "signs")


def refused(response, status, code):
    """Every refusal has the one shape."""
    assert response.status_code == status, response.content
    assert response["Content-Type"].startswith("application/json")
    error = response.json()["error"]
    assert set(error) == {"code", "wrong", "place", "remedy"}
    assert response.json().keys() == {"error"}
    assert error["code"] == code
    return error


def file(client, service, headers, code=CODES[0], **query):
    query = {"purpose": "public", **query}
    return client.get(f"{V1}/enterprises/{code}/{service}", query, headers=headers)


# --- who may call ----------------------------------------------------------------------------


def test_without_a_key_nothing_but_the_catalogue_answers(client, platform):
    error = refused(client.get(f"{V1}/batches"), 401, "not_signed_in")
    assert "Bearer" in error["remedy"]
    assert client.get(f"{V1}/batches")["WWW-Authenticate"].startswith("Bearer")
    assert client.get(f"{V1}/catalogue/categories").status_code == 200


def test_a_wrong_key_is_refused(client, platform, keys):
    token = keys("bank")["Authorization"]
    for wrong in (token[:-1], f"{token}x", "Bearer ", "Bearer x y"):
        refused(file(client, "basic", {"Authorization": wrong}), 401, "key_unknown")
    for other in ("Basic dTpw", "Digest x", token.removeprefix("Bearer ")):
        refused(file(client, "basic", {"Authorization": other}), 401, "not_signed_in")


def test_an_expired_key_is_refused(client, platform, keys):
    header = keys("bank", valid_for=timedelta(days=1))
    assert file(client, "basic", header).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        refused(file(client, "basic", header), 401, "key_expired")


def test_a_revoked_key_is_refused_at_once(client, platform, keys):
    header = keys("bank")
    assert file(client, "basic", header).status_code == 200
    ApiKey.objects.update(revoked_at=timezone.now())
    refused(file(client, "basic", header), 401, "key_revoked")


def test_a_key_opens_its_scopes_only(client, platform, keys):
    addresses = {
        "files": [f"enterprises/{CODES[0]}/{name}" for name in SERVICES] + ["enterprises"],
        "batches": ["batches", f"batches/{platform.batch}"],
        "quarantine": [f"batches/{platform.batch}/quarantine"],
    }
    for scope in SCOPES:
        header = keys("sender", (scope,))
        for opened, paths in addresses.items():
            for path in paths:
                query = {"purpose": "supervision", "q": "虚构"}
                answer = client.get(f"{V1}/{path}", query, headers=header)
                if opened == scope:
                    assert answer.status_code == 200, answer.content
                else:
                    refused(answer, 403, "scope_missing")


def test_somebody_signed_in_on_the_site_may_call_too(client, platform):
    signed_in(client, platform, "bank", "loan_officer")
    assert file(client, "basic", {}).status_code == 200


def test_a_wrong_key_is_not_saved_by_a_session(client, platform):
    signed_in(client, platform, "bank", "loan_officer")
    refused(file(client, "basic", {"Authorization": "Bearer x"}), 401, "key_unknown")


# --- the four services -----------------------------------------------------------------------


@pytest.mark.parametrize("service", SERVICES)
def test_an_answer_carries_its_proof(client, platform, keys, firm, service):
    response = file(client, service, keys("bank"), purpose="credit", stage="pre_loan")
    assert response.status_code == 200, response.content
    answer = response.json()
    row = AuditRow.objects.get()
    assert (answer["audit_id"], answer["seq"]) == (row.pk, row.seq)
    assert answer["head"] == ""
    assert answer["content"]["enterprise"] == firm
    assert answer["content"]["coverage"]["covered"] > 0
    assert row.enterprises == [firm]
    assert (row.service, row.purpose, row.stage) == (service, "credit", "pre_loan")
    assert (row.person_id, row.api_key) == (None, ApiKey.objects.get().pk)


@pytest.mark.parametrize("service", SERVICES)
def test_what_arrives_is_what_was_digested(client, platform, keys, service):
    answer = file(client, service, keys("bank"), purpose="credit", stage="pre_loan").json()
    assert digest_of(answer["content"]) == answer["digest"] == AuditRow.objects.get().digest


def test_nothing_is_cached(client, platform, keys):
    assert file(client, "basic", keys("bank"))["Cache-Control"] == "no-store"
    assert file(client, "basic", {})["Cache-Control"] == "no-store"


def test_a_bank_names_its_stage(client, platform, keys):
    refused(file(client, "basic", keys("bank"), purpose="credit"), 403, "denied_stage")
    assert AuditRow.objects.get().outcome == "denied"


def test_a_purpose_must_be_named_and_known(client, platform, keys):
    answer = client.get(f"{V1}/enterprises/{CODES[0]}/basic", headers=keys("bank"))
    assert refused(answer, 422, "invalid_parameter")["place"] == "purpose"
    refused(file(client, "basic", keys("bank"), purpose="curiosity"), 422, "invalid_parameter")


def test_a_purpose_belongs_to_a_role(client, platform, keys):
    answer = file(client, "basic", keys("other"), purpose="credit", stage="approval")
    refused(answer, 403, "denied_purpose")


def test_an_enterprise_sees_itself_only(client, platform, keys):
    assert file(client, "basic", keys("firm"), purpose="self").status_code == 200
    refused(
        file(client, "basic", keys("firm"), code=CODES[1], purpose="self"), 403, "denied_subject"
    )


def test_codes_that_are_unknown_or_no_codes_get_the_same_answer(client, platform, keys):
    header = keys("bank")
    answers = set()
    for code in (UNKNOWN, UNKNOWN[:-1], "123", "无", "%00", "a" * 64):
        answer = file(client, "basic", header, code=code)
        error = refused(answer, 404, "unknown_enterprise")
        answers.add((error["wrong"].split("'")[0], error["place"], error["remedy"]))
    assert len(answers) == 1
    assert not AuditRow.objects.exists()


def test_records_are_filtered_and_paged(client, platform, keys):
    header = keys("bank")
    every = file(client, "comprehensive", header).json()["content"]
    assert every["total"] == len(every["records"]) == 1
    category = every["records"][0]["category"]
    for query, total in [
        ({"category": category}, 1),
        ({"category": "nothing_of_the_kind"}, 0),
        ({"year": 2023}, 1),
        ({"year": 2022}, 0),
        ({"sign": "negative"}, 0),
        ({"department": "market_regulation"}, 1),
    ]:
        found = file(client, "comprehensive", header, **query).json()["content"]
        assert found["total"] == total, query
    assert file(client, "comprehensive", header, offset=1).json()["content"]["records"] == []
    for query in ({"limit": 0}, {"limit": 501}, {"offset": -1}, {"sign": "grey"}, {"year": "x"}):
        refused(file(client, "comprehensive", header, **query), 422, "invalid_parameter")


def test_search_finds_by_name_and_by_code(client, platform, keys, firm):
    header = keys("bank")
    for q in ("甲（虚构）有限公司", CODES[0]):
        answer = client.get(f"{V1}/enterprises", {"q": q}, headers=header).json()
        assert answer["hits"][0]["enterprise"] == firm
    assert client.get(f"{V1}/enterprises", {"q": "没有这样的"}, headers=header).json() == {
        "hits": [],
        "more": False,
    }
    for q in ("", "x", "a" * 101, "a\x00b", "a\nb"):
        answer = client.get(f"{V1}/enterprises", {"q": q}, headers=header)
        assert refused(answer, 422, "invalid_parameter")["place"] == "q"


def test_sql_in_a_search_is_only_text(client, platform, keys):
    for q in ("' OR 1=1 --", '"; DROP TABLE x', "%%", "__"):
        answer = client.get(f"{V1}/enterprises", {"q": q}, headers=keys("bank"))
        assert answer.json() == {"hits": [], "more": False}, q


def test_a_hit_says_why_it_was_found_and_there_may_be_more(client, platform, keys, firm):
    header = keys("bank")
    answer = client.get(f"{V1}/enterprises", {"q": "甲虚构"}, headers=header).json()
    [hit] = answer["hits"]
    assert (hit["how"], hit["matched"], hit["cancelled"]) == ("beginning", "name", False)
    assert hit["why"] == {"zh": "名称以所输文字开头", "en": "the name begins with it"}
    [(start, end)] = hit["marks"]
    assert hit["matched_text"][start:end] == "甲（虚构"
    first = client.get(f"{V1}/enterprises", {"q": "虚构", "limit": 1}, headers=header).json()
    rest = client.get(f"{V1}/enterprises", {"q": "虚构", "start": 1}, headers=header).json()
    assert (len(first["hits"]), first["more"], rest["more"]) == (1, True, False)
    assert first["hits"][0] not in rest["hits"] != []


# --- the catalogue ---------------------------------------------------------------------------


def test_the_catalogue_says_basis_share_and_levels(client):
    answer = client.get(f"{V1}/catalogue/categories").json()
    assert answer["region"] == "beijing"
    assert len(answer["categories"]) >= 18
    for one in answer["categories"]:
        assert one["basis"]
        assert one["share"] in ("open", "consent", "never")
        assert all(1 <= field["level"] <= 5 for field in one["fields"])


def test_every_feed_fills_a_category_of_the_catalogue(client):
    names = {
        one["category"] for one in client.get(f"{V1}/catalogue/categories").json()["categories"]
    }
    feeds = client.get(f"{V1}/catalogue/feeds").json()["feeds"]
    assert len(feeds) >= 40
    assert {feed["category"] for feed in feeds} <= names


# --- batches ---------------------------------------------------------------------------------


def test_a_receipt_adds_up(client, platform, keys):
    for name in ("sender", "operator"):
        (one,) = client.get(f"{V1}/batches", headers=keys(name)).json()["batches"]
        assert one["rows_in"] == one["accepted"] + one["quarantined"] + one["duplicates"] == 3
        again = client.get(f"{V1}/batches/{platform.batch}", headers=keys(name)).json()
        assert again == one


def test_a_department_does_not_learn_of_the_batches_of_another(client, platform, keys):
    other = keys("other")
    assert client.get(f"{V1}/batches", headers=other).json()["batches"] == []
    asked = client.get(f"{V1}/batches", {"department": "market_regulation"}, headers=other)
    refused(asked, 403, "denied_role")
    theirs, nobodys = platform.batch, platform.batch + 1
    for address in (f"{V1}/batches/%d", f"{V1}/batches/%d/quarantine"):
        first = refused(client.get(address % theirs, headers=other), 404, "unknown_batch")
        second = refused(client.get(address % nobodys, headers=other), 404, "unknown_batch")
        assert first["wrong"].replace(str(theirs), "N") == second["wrong"].replace(
            str(nobodys), "N"
        )
        assert first["remedy"] == second["remedy"]


def test_banks_and_enterprises_see_no_batches(client, platform, keys):
    for name in ("bank", "firm"):
        for address in ("", f"/{platform.batch}", f"/{platform.batch}/quarantine"):
            answer = client.get(f"{V1}/batches{address}", headers=keys(name))
            refused(answer, 403, "denied_role")


def test_only_the_sending_department_sees_quarantined_rows(client, platform, keys):
    address = f"{V1}/batches/{platform.batch}/quarantine"
    answer = client.get(address, headers=keys("sender")).json()
    assert answer["total"] == 1
    (row,) = answer["rows"]
    assert row["row_no"] == 4
    assert row["original"]["统一社会信用代码"] == "123"
    assert row["problems"][0]["rule"]
    refused(client.get(address, headers=keys("operator")), 403, "denied_role")


def test_a_batch_number_beyond_reason_is_refused(client, platform, keys):
    for number in ("0", "-1", "99999999999999999999", "x", "1.5"):
        answer = client.get(f"{V1}/batches/{number}", headers=keys("operator"))
        refused(answer, 422, "invalid_parameter")


# --- limits and faults -----------------------------------------------------------------------


def test_each_key_has_its_own_limit(client, platform, keys, settings):
    settings.API_REQUESTS_PER_MINUTE = 3
    first, second = keys("bank"), keys("bank")
    with time_machine.travel(timezone.now().replace(second=10), tick=False):
        assert [file(client, "basic", first).status_code for _ in range(3)] == [200] * 3
        answer = file(client, "basic", first)
        refused(answer, 429, "too_many_requests")
        assert answer["Retry-After"] == "50"
        assert file(client, "basic", second).status_code == 200
    with time_machine.travel(timezone.now().replace(second=10) + timedelta(minutes=1)):
        assert file(client, "basic", first).status_code == 200


def test_the_open_catalogue_is_limited_per_address(client, settings):
    settings.API_REQUESTS_PER_MINUTE = 1
    with time_machine.travel(timezone.now(), tick=False):
        assert client.get(f"{V1}/catalogue/feeds").status_code == 200
        refused(client.get(f"{V1}/catalogue/feeds"), 429, "too_many_requests")
        assert client.get(f"{V1}/catalogue/feeds", REMOTE_ADDR="10.1.1.1").status_code == 200


def test_an_unknown_address_and_a_wrong_method_have_the_one_shape(client, platform):
    refused(client.get(f"{V1}/nothing"), 404, "not_found")
    refused(client.get(f"{V1}/"), 404, "not_found")
    refused(client.get("/api/v9/x"), 404, "not_found")
    for method in (client.post, client.put, client.delete, client.patch):
        answer = method(f"{V1}/batches")
        refused(answer, 405, "method_not_allowed")
        assert answer["Allow"] == "GET"
        assert int(answer["Content-Length"]) == len(answer.content)


def test_a_fault_of_ours_tells_nothing_of_itself(client, platform, keys, monkeypatch, caplog):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret path")

    monkeypatch.setattr("xinrong.files.services.basic", broken)
    answer = file(client, "basic", keys("bank"))
    refused(answer, 500, "broken")
    assert b"secret" not in answer.content
    assert "a secret path" in caplog.text


def test_if_the_log_takes_no_row_nothing_is_released(client, platform, keys, monkeypatch):
    from django.db import OperationalError

    def full(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("xinrong.trust.gate.audit.insert", full)
    answer = file(client, "basic", keys("bank"))
    refused(answer, 503, "audit_unavailable")
    assert "有限公司".encode() not in answer.content
