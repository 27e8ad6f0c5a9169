"""Asking, granting, refusing, ending: as rules."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from tests.trust.consenting.conftest import NOW
from xinrong.domain.process import MoveRefused
from xinrong.domain.signatures import open_envelope
from xinrong.trust.consenting import services as consenting
from xinrong.trust.consenting.services import Party
from xinrong.trust.consents import covered_categories, still_stand
from xinrong.trust.errors import ConsentRefused
from xinrong.trust.keys import public_keys
from xinrong.trust.models import Consent, ConsentMove, ConsentReceipt, ConsentUse
from xinrong.trust.types import Purpose, Stage

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def covered(city, who=None, *, stage=Stage.PRE_LOAN, now=NOW, purpose=Purpose.CREDIT):
    who = who or city.people.lender
    found = covered_categories(who, [city.firms[0].pk], purpose, stage, now)
    return {name: one.max_level for name, one in found[city.firms[0].pk].items()}


def kinds(request):
    return [receipt.kind for receipt in consenting.receipts_of(request)]


def test_nothing_is_covered_before_the_enterprise_says_yes(city):
    city.ask()
    assert covered(city) == {}


def test_a_grant_covers_what_was_ticked_at_the_level_that_was_asked(city):
    consent = city.grant(city.ask(), categories={"tax_payment"}, sensitive=())
    assert covered(city) == {"tax_payment": 3}
    assert consent.levels == {"tax_payment": 3}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"levels": {"tax_payment": 4}}, "over_asked"),
        ({"levels": {"tax_payment": 3, "administrative_penalty": 1}}, "over_asked"),
        ({"levels": {"tax_payment": True}}, "over_asked"),
        ({"levels": {}}, "nothing_asked"),
        ({"days": 181}, "over_asked"),
        ({"days": 0}, "over_asked"),
        ({"keep_days": 367}, "over_asked"),
        ({"data_from": (NOW - timedelta(days=4 * 366)).date()}, "over_asked"),
        ({"stages": ("post_loan",), "one_time": True}, "over_asked"),
        ({"stages": ()}, "stage_unknown"),
        ({"stages": ("whenever",)}, "stage_unknown"),
        ({"purpose": "guarantee"}, "over_asked"),
        ({"template": "everything"}, "template_unknown"),
    ],
    ids=str,
)
def test_over_asking_is_refused(city, changes, code):
    with pytest.raises(ConsentRefused) as refused:
        city.ask(**changes)
    assert refused.value.code == code


def test_over_asking_names_the_clause(city):
    with pytest.raises(ConsentRefused, match="征信业管理条例（国务院令第631号） 第十八条"):
        city.ask(levels={"tax_payment": 4})


def test_a_category_that_nobody_asked_for_cannot_be_granted(city):
    with pytest.raises(ConsentRefused) as refused:
        city.grant(city.ask(), categories={"tax_payment", "vat_invoice"})
    assert refused.value.code == "not_asked"
    assert not Consent.objects.exists()


def test_what_is_very_sensitive_needs_its_own_tick(city):
    with pytest.raises(ConsentRefused, match="第二十九条") as refused:
        city.grant(city.ask(), sensitive=())
    assert refused.value.code == "separate_tick"


def test_it_can_be_granted_for_less_time_never_for_more(city):
    request = city.ask()
    with pytest.raises(ConsentRefused):
        city.grant(request, days=31)
    assert city.grant(request, days=7).valid_until == NOW + 7 * DAY


def test_a_request_is_answered_once(city):
    request = city.ask()
    city.grant(request)
    with pytest.raises(MoveRefused):
        city.grant(request)
    with pytest.raises(MoveRefused):
        consenting.refuse(request.number, city.firms[0].pk, city.firm, now=NOW)
    assert Consent.objects.count() == 1


def test_an_answer_that_comes_too_late_is_none(city):
    request = city.ask()
    with pytest.raises(MoveRefused, match="lapsed"):
        city.grant(request, now=request.answer_by)


def test_a_refusal_leaves_a_receipt_and_nothing_open(city):
    request = city.ask()
    consenting.refuse(request.number, city.firms[0].pk, city.firm, now=NOW)
    assert kinds(request) == ["request", "refusal"]
    assert covered(city) == {}


def test_only_representatives_grant_and_only_banks_ask(city):
    request = city.ask()
    with pytest.raises(MoveRefused):
        consenting.grant(
            request.number, city.firms[0].pk, city.bank,
            consenting.Answer({"tax_payment"}), now=NOW,
        )  # fmt: skip
    with pytest.raises(MoveRefused):
        city.ask(by=city.firm)


@pytest.mark.parametrize("other", [1, 2])
def test_another_enterprise_answers_nothing(city, other):
    request = city.ask()
    answer = consenting.Answer({"tax_payment"})
    with pytest.raises(ConsentRefused) as refused:
        consenting.grant(request.number, city.firms[other].pk, city.firm, answer, now=NOW)
    with pytest.raises(ConsentRefused) as unknown:
        consenting.grant("0" * 32, city.firms[other].pk, city.firm, answer, now=NOW)
    assert str(refused.value) == str(unknown.value)


def test_a_consent_covers_its_own_purpose_stage_enterprise_and_bank_only(city):
    city.grant(city.ask())
    assert covered(city)
    assert covered(city, stage=Stage.APPROVAL) == {}
    assert covered(city, purpose=Purpose.GUARANTEE) == {}
    assert covered(city, city.people.rival) == {}
    others = covered_categories(
        city.people.lender, [city.firms[1].pk], Purpose.CREDIT, Stage.PRE_LOAN, NOW
    )
    assert not others.get(city.firms[1].pk)


def test_a_consent_to_an_outlet_is_not_one_to_the_bank(city):
    outlet = Party.of(city.people.outlet)
    city.grant(city.ask(by=outlet))
    assert covered(city, city.people.outlet)
    assert covered(city, city.people.lender) == {}


def test_a_revocation_ends_it_at_once_with_a_receipt(city):
    consent = city.grant(city.ask())
    consenting.revoke(consent.number, city.firms[0].pk, city.firm, now=NOW + DAY)
    assert covered(city, now=NOW + DAY) == {}
    assert not still_stand([consent.pk], now=NOW + DAY)
    assert kinds(consent.request) == ["request", "grant", "revocation"]


def test_a_revocation_holds_even_if_it_cannot_be_written_down(city, monkeypatch):
    consent = city.grant(city.ask())
    with monkeypatch.context() as broken:
        broken.setattr(
            "xinrong.trust.consenting.receipts.platform_signer",
            lambda: (_ for _ in ()).throw(OSError("no key")),
        )
        consenting.revoke(consent.number, city.firms[0].pk, city.firm, now=NOW + DAY)
    assert covered(city, now=NOW + DAY) == {}
    assert kinds(consent.request) == ["request", "grant"]
    assert consenting.settle_all(now=NOW + DAY) == 1
    assert kinds(consent.request) == ["request", "grant", "revocation"]


def test_the_clock_ends_it_without_any_task(city):
    consent = city.grant(city.ask())
    assert covered(city, now=consent.valid_until) == {}
    assert not still_stand([consent.pk], now=consent.valid_until)


def test_a_clock_moved_back_revives_nothing_that_was_written_down(city):
    consent = city.grant(city.ask())
    consenting.settle_all(now=consent.valid_until)
    assert kinds(consent.request) == ["request", "grant", "expiry"]
    assert covered(city, now=NOW + DAY) == {}
    assert not still_stand([consent.pk], now=NOW + DAY)


def test_a_clock_moved_back_behind_the_grant_covers_nothing(city):
    city.grant(city.ask())
    assert covered(city, now=NOW - DAY) == {}


def test_settling_twice_writes_once(city):
    consent = city.grant(city.ask())
    lapsed = city.ask()
    later = consent.valid_until + DAY
    assert consenting.settle_all(now=later) == 2
    assert consenting.settle_all(now=later) == 0
    assert ConsentReceipt.objects.filter(kind="expiry").count() == 1
    assert kinds(lapsed) == ["request", "lapsed"]


def test_a_one_time_consent_is_used_up_by_its_release(city):
    from xinrong.trust.audit import insert
    from xinrong.trust.models import Outcome
    from xinrong.trust.rules import Question
    from xinrong.trust.types import Service

    consent = city.grant(city.ask(one_time=True))
    found = covered_categories(
        city.people.lender, [city.firms[0].pk], Purpose.CREDIT, Stage.PRE_LOAN, NOW
    )[city.firms[0].pk]
    assert all(one.one_time for one in found.values())
    question = Question(
        city.people.lender, (city.firms[0].pk,), "record", Service.BASIC,
        Purpose.CREDIT, Stage.PRE_LOAN,
    )  # fmt: skip
    row = insert(question, Outcome.RELEASED, at=NOW)
    ConsentUse.objects.create(consent=consent, row=row, at=NOW)
    assert covered(city) == {}
    consenting.settle_all(now=NOW)
    assert kinds(consent.request) == ["request", "grant", "use"]


def test_a_template_that_allows_less_today_bounds_old_consents(city, monkeypatch):
    from xinrong.catalogue.region import load_region

    city.grant(city.ask())
    region = load_region("taizhou")
    credit = region.consents["credit"]
    use = credit.stages["pre_loan"]
    fewer = tuple(asked for asked in use.categories if asked.category != "loan")
    less = credit.model_copy(
        update={"stages": {"pre_loan": use.model_copy(update={"categories": fewer})}}
    )
    changed = region.model_copy(update={"consents": {"credit": less}})
    monkeypatch.setattr("xinrong.trust.consenting.fair_use.region_now", lambda: changed)
    assert covered(city) == {"tax_payment": 3}


def test_a_consent_for_several_stages_reaches_as_deep_as_each_stage_allows(city):
    city.grant(city.ask(stages=("pre_loan", "approval"), levels={"tax_payment": 4}))
    assert covered(city) == {"tax_payment": 3}
    assert covered(city, stage=Stage.APPROVAL) == {"tax_payment": 4}


def test_during_a_live_loan_new_queries_stop_and_servicing_does_not(city):
    before = city.grant(city.ask())
    servicing = city.grant(city.ask(stages=("post_loan",), loan_reference="DK-2026-7", days=300))
    consenting.revoke(before.number, city.firms[0].pk, city.firm, now=NOW + DAY)
    with pytest.raises(ConsentRefused) as refused:
        consenting.revoke(servicing.number, city.firms[0].pk, city.firm, now=NOW + DAY)
    assert refused.value.code == "loan_live"
    assert "DK-2026-7" in servicing.texts["zh"]
    assert "不能撤回" in servicing.texts["zh"]
    assert covered(city, now=NOW + DAY) == {}
    assert covered(city, stage=Stage.POST_LOAN, now=NOW + DAY)
    with pytest.raises(ConsentRefused):
        consenting.repaid(servicing.number, Party.of(city.people.rival), now=NOW + 2 * DAY)
    consenting.repaid(servicing.number, city.bank, now=NOW + 2 * DAY)
    assert covered(city, stage=Stage.POST_LOAN, now=NOW + 2 * DAY) == {}


@pytest.mark.parametrize(
    "changes", [{"stages": ("pre_loan",)}, {"stages": ("pre_loan", "post_loan")}]
)
def test_a_live_loan_is_no_pretext_for_new_queries(city, changes):
    with pytest.raises(ConsentRefused) as refused:
        city.ask(loan_reference="DK-1", **changes)
    assert refused.value.code == "loan_stage"


def test_an_enterprise_is_not_flooded_with_requests(city):
    for _ in range(3):
        city.ask()
    with pytest.raises(ConsentRefused) as refused:
        city.ask()
    assert refused.value.code == "requests_open"


def test_the_receipts_of_a_request_are_a_signed_chain(city):
    from xinrong.domain.canonical import digest_of

    consent = city.grant(city.ask())
    consenting.revoke(consent.number, city.firms[0].pk, city.firm, now=NOW + DAY)
    previous = None
    for receipt in consenting.receipts_of(consent.request):
        payload = open_envelope(receipt.envelope, public_keys())
        assert payload["previous"] == previous
        previous = digest_of(receipt.envelope)


def test_random_walks_leave_one_log_row_a_move_and_never_revive_anything(city):
    chance = random.Random(5)
    for _ in range(12):
        request, now = city.ask(), NOW
        for _ in range(6):
            now += chance.choice((DAY, 20 * DAY))
            consent = Consent.objects.filter(request=request).first()
            act = chance.choice(("grant", "refuse", "withdraw", "revoke", "settle"))
            before = request.state
            try:
                if act == "grant":
                    city.grant(request, now=now)
                elif act == "refuse":
                    consenting.refuse(request.number, city.firms[0].pk, city.firm, now=now)
                elif act == "withdraw":
                    consenting.withdraw(request.number, city.bank, now=now)
                elif act == "revoke" and consent:
                    consenting.revoke(consent.number, city.firms[0].pk, city.firm, now=now)
                else:
                    consenting.settle_all(now=now)
            except (ConsentRefused, MoveRefused):
                pass
            request.refresh_from_db()
            assert before not in consenting.CONSENT_PROCESS.ends or request.state == before
        moves = list(ConsentMove.objects.filter(request=request).order_by("pk"))
        assert [move.source for move in moves] == ["", *(move.target for move in moves[:-1])]
        assert moves[-1].target == request.state
        if request.state == "asked":
            consenting.withdraw(request.number, city.bank, now=now)
