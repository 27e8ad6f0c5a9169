"""Asking, granting, revoking and answering as people do it, and as attackers try."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from xinrong.accounts.services import Organisation, create_organisation, create_person, viewer_of
from xinrong.domain.signatures import PublicKey, from_base64url, open_envelope
from xinrong.domain.uscc import check_digit
from xinrong.subjects.models import Enterprise
from xinrong.trust.models import Consent, ConsentRequest, StopNotice
from xinrong.trust.services import Purpose, Stage, active_consents, consenting

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough passphrase 7"
HOSTILE = "<img src=x onerror=alert(1)>银行"
BODY = "91330108MA01ABCD"
CODE = BODY + "1" + check_digit(BODY + "1")
OTHER = BODY + "2" + check_digit(BODY + "2")


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Any) -> dict[str, Any]:
    """Two enterprises with representatives, a bank with an outlet, a rival with a hostile name."""
    settings.REGION = "taizhou"
    settings.SIGNING_KEY_FILE = tmp_path / "key.pem"
    settings.PUBLIC_KEYS_FILE = tmp_path / "keys.json"
    bank = create_organisation("海丰银行", "bank")
    places = {
        "lender": (bank, "loan_officer"),
        "outlet": (create_organisation("海丰支行", "bank", parent=bank), "loan_officer"),
        "compliance": (bank, "compliance_officer"),
        "rival": (create_organisation(HOSTILE, "bank"), "loan_officer"),
        "firm": (create_organisation("恒远", "enterprise", reference=CODE), "representative"),
        "other": (create_organisation("静水", "enterprise", reference=OTHER), "representative"),
        "operator": (create_organisation("平台", "operator"), "operator"),
    }
    for code, name in ((CODE, "恒远"), (OTHER, "静水")):
        Enterprise.objects.create(code=code, name=name, folded_name=name)
    made: dict[str, Any] = {}
    for name, (organisation, role) in places.items():
        person = create_person(
            f"{name}@example.cn", PASSWORD, name=name, organisation=organisation, role=role
        )
        made[name] = Client()
        made[name].force_login(person)
        made[f"{name}_viewer"] = viewer_of(person)
    return made


def form(**changes: Any) -> dict[str, Any]:
    return {
        "template": "credit", "stage": ["pre_loan"], "category": ["tax_payment", "loan"],
        "days": "90", "keep_days": "180", "years": "2", "message": "流动资金贷款", **changes,
    }  # fmt: skip


def ask(cast: dict[str, Any], who: str = "lender", **changes: Any) -> ConsentRequest:
    answer = cast[who].post(f"/enterprises/{CODE}/ask", form(**changes))
    assert answer.status_code == 302, answer.content.decode()
    return ConsentRequest.objects.latest("pk")


def yes(request: ConsentRequest, **changes: Any) -> dict[str, Any]:
    names = list(request.levels)
    return {"category": names, "sensitive": names, "days": str(request.days), **changes}


def grant(cast: dict[str, Any], request: ConsentRequest, who: str = "firm", **changes: Any) -> Any:
    return cast[who].post(f"/consents/requests/{request.number}", yes(request, **changes))


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_bank_asks_an_enterprise_grants_and_both_read_the_same_papers(cast):
    request = ask(cast)
    page = text(cast["firm"].get("/consents"))
    assert "海丰银行" in page
    page = text(cast["firm"].get(f"/consents/requests/{request.number}"))
    for words in ("纳税缴款", "实缴税额", "银行贷款", "不同意不影响", "流动资金贷款"):
        assert (words in page) is (words != "实缴税额")  # level 4 is not shown at level 3
    assert grant(cast, request).status_code == 302
    consent = Consent.objects.get()
    assert consent.levels == {"tax_payment": 3, "loan": 4}
    mine = cast["firm"].get(f"/consents/requests/{request.number}/papers")
    theirs = cast["lender"].get(f"/consents/requests/{request.number}/papers")
    assert mine.content == theirs.content
    keys = json.loads(Client().get("/.well-known/xinrong-keys.json").content)["keys"]
    public = [PublicKey(key["kid"], key["alg"], from_base64url(key["public"])) for key in keys]
    payload = open_envelope(json.loads(mine.content)["artefact"], public)
    assert payload["consent"]["number"] == consent.number
    assert payload["consent"]["to"]["name"] == "海丰银行"


def test_the_page_says_beforehand_what_a_live_loan_means(cast):
    request = ask(cast, stage=["post_loan"], category=["tax_payment"], loan_reference="DK-7")
    page = text(cast["firm"].get(f"/consents/requests/{request.number}"))
    assert "DK-7" in page
    assert "结清前不能撤回" in page


@pytest.mark.parametrize(
    "changes",
    [
        {"category": ["tax_payment", "loan", "vat_invoice"]},
        {"category": ["tax_payment", "secret"]},
        {"sensitive": []},
        {"days": "1000"},
        {"days": "9" * 40},
        {"category": []},
    ],
    ids=["more than asked", "what is not there", "no separate tick", "longer", "absurd", "none"],
)
def test_a_form_grants_nothing_that_was_not_asked(cast, changes):
    request = ask(cast)
    assert grant(cast, request, **changes).status_code == 422
    assert not Consent.objects.exists()


def test_a_form_cannot_set_levels_stages_or_the_bank(cast):
    request = ask(cast)
    more = {"level": "5", "max_level": "5", "levels": '{"tax_payment": 5}', "stages": "post_loan",
            "stage": "post_loan", "grantee": "1", "template": "advice", "keep_days": "99999",
            "data_from": "1990-01-01", "one_time": "yes", "purpose": "guarantee"}  # fmt: skip
    assert grant(cast, request, **more).status_code == 302
    consent = Consent.objects.get()
    assert (consent.levels, consent.stages) == ({"tax_payment": 3, "loan": 4}, ["pre_loan"])
    assert (consent.grantee.name, consent.keep_days, consent.one_time) == ("海丰银行", 180, False)
    assert consent.data_from > date(2000, 1, 1)


def test_several_banks_on_one_page_get_a_consent_each(cast):
    first, second = ask(cast), ask(cast, "rival")
    page = text(cast["firm"].get(f"/consents/requests/{first.number}"))
    assert HOSTILE not in page
    assert "&lt;img src=x" in page
    grant(cast, first, also=[second.number])
    made = Consent.objects.order_by("pk")
    assert {one.grantee.name for one in made} == {"海丰银行", HOSTILE}
    assert len({one.number for one in made}) == 2
    cast["firm"].post(f"/consents/{made[0].number}/revoke")
    assert [one.revoked_at is None for one in made.all()] == [False, True]


def test_a_request_to_another_enterprise_cannot_be_slipped_in(cast):
    first = ask(cast)
    cast["lender"].post(f"/enterprises/{OTHER}/ask", form())
    theirs = ConsentRequest.objects.latest("pk")
    grant(cast, first, also=[theirs.number, "0" * 32])
    assert [one.grantor.code for one in Consent.objects.all()] == [CODE]


@pytest.mark.parametrize("who", ["other", "operator", "lender", "rival", "compliance"])
def test_nobody_else_reads_or_answers_for_the_enterprise(cast, who):
    request = ask(cast)
    for address in (f"/consents/requests/{request.number}",
                    f"/consents/requests/{request.number}/refuse"):  # fmt: skip
        assert cast[who].post(address, yes(request)).status_code in (403, 404)
    assert cast[who].get(f"/consents/requests/{request.number}").status_code in (403, 404)
    request.refresh_from_db()
    assert request.state == "asked"


@pytest.mark.parametrize("who", ["operator", "lender", "compliance"])
def test_the_representatives_screens_open_for_representatives_only(cast, who):
    assert cast[who].get("/consents").status_code == 403
    assert cast[who].get("/consents.csv").status_code == 403


@pytest.mark.parametrize("who", ["rival", "other", "operator"])
def test_papers_are_for_both_sides_only(cast, who):
    request = ask(cast)
    receipt = consenting.receipts_of(request)[0]
    for address in (f"/consents/requests/{request.number}/papers",
                    f"/consents/requests/{request.number}/receipts/{receipt.number}",
                    f"/asked/{request.number}"):  # fmt: skip
        assert cast[who].get(address).status_code in (403, 404)


def test_an_outlet_reads_what_its_bank_asked_not_what_another_outlet_did(cast):
    bank = Organisation.objects.get(name="海丰银行")
    second = create_organisation("海丰二支行", "bank", parent=bank)
    cast["outlet2"] = Client()
    cast["outlet2"].force_login(
        create_person("o2@example.cn", PASSWORD, name="o2", organisation=second,
                      role="loan_officer")
    )  # fmt: skip
    banks, outlets = ask(cast), ask(cast, "outlet")
    assert cast["outlet2"].get(f"/asked/{banks.number}").status_code == 200
    assert cast["outlet2"].get(f"/asked/{outlets.number}").status_code == 404
    assert outlets.number not in text(cast["outlet2"].get("/asked"))
    assert cast["outlet2"].post(f"/asked/{banks.number}/withdraw").status_code == 404


def test_a_refusal_is_one_press(cast):
    request = ask(cast)
    assert cast["firm"].post(f"/consents/requests/{request.number}/refuse").status_code == 302
    assert "拒绝" in text(cast["lender"].get(f"/asked/{request.number}"))


def test_taking_back_shows_first_what_stops(cast):
    request = ask(cast)
    grant(cast, request)
    consent = Consent.objects.get()
    page = text(cast["firm"].get(f"/consents/{consent.number}/revoke"))
    assert "纳税缴款" in page
    assert Consent.objects.get().revoked_at is None
    cast["firm"].post(f"/consents/{consent.number}/revoke")
    assert not active_consents(
        [consent.grantor_id], [consent.grantee_id], Purpose.CREDIT, Stage.PRE_LOAN, timezone.now()
    )


def test_a_notice_is_given_for_copies_and_its_answer_is_seen(cast, monkeypatch):
    delivered = [{"audit": 7, "at": "2026-06-01T00:00:00+00:00", "digest": "d"}]
    monkeypatch.setattr(
        "xinrong.trust.consenting.notices.deliveries_of", lambda _consent: iter(delivered)
    )
    request = ask(cast)
    grant(cast, request)
    cast["firm"].post(f"/consents/{Consent.objects.get().number}/revoke")
    notice = StopNotice.objects.get()
    address = f"/asked/notices/{notice.number}"
    assert cast["rival"].get(address).status_code == 404
    assert cast["compliance"].post(address, {"answer": "disputed"}).status_code == 422
    assert cast["compliance"].post(address, {"answer": "deleted"}).status_code == 302
    assert "已删除" in text(cast["firm"].get("/consents"))
    StopNotice.objects.update(answer="", answer_by=timezone.now() - timedelta(days=1))
    assert "逾期" in text(cast["firm"].get("/consents"))


def test_over_asking_is_refused_with_the_clause(cast):
    response = cast["lender"].post(f"/enterprises/{CODE}/ask", form(days="999"))
    assert response.status_code == 422
    assert "征信业管理条例" in text(response)
    assert not ConsentRequest.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"template": "x"}, {"stage": ["x"]}, {"stage": []}, {"category": []},
                {"years": "x"}, {"keep_days": "-1"}, {"category": ["x"]}], ids=str,
)  # fmt: skip
def test_a_broken_form_is_answered_in_words(cast, changes):
    assert cast["lender"].post(f"/enterprises/{CODE}/ask", form(**changes)).status_code == 422


def test_the_export_holds_no_formula(cast):
    Organisation.objects.filter(name=HOSTILE).update(name="=HYPERLINK(1)")
    ask(cast, "rival")
    rows = list(csv.reader(io.StringIO(text(cast["firm"].get("/consents.csv")).lstrip("\ufeff"))))
    assert rows[1][1] == "'=HYPERLINK(1)"


def test_a_loan_ends_when_its_bank_says_so(cast):
    request = ask(cast, stage=["post_loan"], category=["tax_payment"], loan_reference="DK-7")
    grant(cast, request)
    consent = Consent.objects.get()
    assert cast["firm"].post(f"/consents/{consent.number}/revoke").status_code == 400
    assert cast["rival"].post(f"/asked/{request.number}/repaid").status_code == 404
    assert cast["lender"].post(f"/asked/{request.number}/repaid").status_code == 302
    assert Consent.objects.get().revoked_at is not None


@pytest.mark.parametrize("address", ["/consents", "/asked", f"/enterprises/{CODE}/ask"])
def test_a_stranger_signs_in_first(cast, address):
    assert Client().get(address).status_code == 302


def test_a_forged_form_of_another_site_does_nothing(cast):
    request = ask(cast)
    person = cast["firm_viewer"].person_id
    client = Client(enforce_csrf_checks=True)
    from xinrong.accounts.services import Person

    client.force_login(Person.objects.get(pk=person))
    assert client.post(f"/consents/requests/{request.number}", yes(request)).status_code == 403
    assert not Consent.objects.exists()
