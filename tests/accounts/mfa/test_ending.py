"""Factors end by their owner while another one stays, or by two operators together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.signing import give_app
from xinrong.accounts.mfa import ending, factors
from xinrong.accounts.mfa.errors import FactorRefused
from xinrong.accounts.mfa.models import (
    FactorEvent,
    FactorReset,
    RecoveryCode,
    SecondFactor,
    SignedIn,
)
from xinrong.accounts.services import create_organisation, create_person
from xinrong.store.backups.journal import position
from xinrong.store.backups.replaying import replay

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, 10, tzinfo=UTC)
PASSWORD = "a long enough passphrase 7"
WHY = "came in person with the identity card"


@pytest.fixture
def people():
    bank = create_organisation("海丰银行（虚构）", "bank")
    platform = create_organisation("平台（虚构）", "operator")
    made = {}
    for name, organisation, role in (
        ("li", bank, "loan_officer"), ("wang", bank, "loan_officer"), ("one", platform, "operator"),
        ("two", platform, "operator"), ("three", platform, "operator"),
    ):  # fmt: skip
        made[name] = create_person(
            f"{name}@example.cn", PASSWORD, name=name, organisation=organisation, role=role
        )
        give_app(made[name])
    return made


def refusal(call, *args, **kwargs):
    try:
        return call(*args, **kwargs)
    except FactorRefused as error:
        return error.code


def ask(people, by="one", whom="li", reason=WHY):
    return refusal(ending.ask_reset, people[by], f"{whom}@example.cn", reason, now=NOW)


def close(people, reset, by="two", confirm=True):
    return refusal(ending.close_reset, people[by], reset.pk, confirm=confirm, now=NOW)


def test_the_last_factor_stays_with_whoever_has_a_role(people):
    person = people["li"]
    only = factors.factors_of(person)[0]
    assert refusal(ending.remove_factor, person, only.pk, now=NOW) == "factor_last"
    SecondFactor.objects.create(
        person=person, kind="passkey", name="key", credential_id="x", added_at=NOW
    )
    ending.remove_factor(person, only.pk, now=NOW)
    assert [factor.kind for factor in factors.factors_of(person)] == ["passkey"]
    event = FactorEvent.objects.get()
    assert (event.what, event.kind, event.name) == ("removed", "totp", "test app")


def test_the_factor_of_another_person_cannot_be_removed(people):
    number = factors.factors_of(people["li"])[0].pk
    assert refusal(ending.remove_factor, people["wang"], number, now=NOW) == "factor_unknown"


def test_two_operators_together_take_every_factor_code_and_session(people):
    person = people["li"]
    codes = factors.make_recovery_codes(person, now=NOW)
    SignedIn.objects.create(person=person, session_key="k", began_at=NOW, seen_at=NOW)
    close(people, ask(people))
    assert not factors.factors_of(person)
    assert not SignedIn.objects.filter(person=person).exists()
    assert refusal(factors.check_code, person, codes[0], now=NOW) == "code_wrong"
    event = FactorEvent.objects.get(what="reset")
    assert (event.person, event.by, event.second) == (person, people["one"], people["two"])
    assert factors.factors_of(people["wang"]), "nobody else's"


@pytest.mark.parametrize("by", ["one", "li", "wang"])
def test_nobody_but_a_second_operator_confirms(people, by):
    reset = ask(people)
    assert close(people, reset, by=by) == "reset_refused"
    assert factors.factors_of(people["li"])


def test_an_operator_does_not_decide_on_the_own_reset(people):
    assert ask(people, by="one", whom="one") == "reset_refused"
    reset = ask(people, by="one", whom="two")
    assert close(people, reset, by="two") == "reset_refused"
    assert close(people, reset, by="two", confirm=False) == "reset_refused"
    assert close(people, reset, by="three").done


@pytest.mark.parametrize("wrong", [{"by": "wang"}, {"whom": "nobody"}, {"reason": "  "}], ids=str)
def test_a_reset_is_asked_for_by_an_operator_with_a_reason(people, wrong):
    assert ask(people, **wrong) == "reset_refused"
    assert not FactorReset.objects.exists()


def test_a_suspended_operator_decides_nothing(people):
    reset = ask(people)
    people["two"].memberships.update(suspended_at=NOW)
    assert close(people, reset) == "reset_refused"


def test_a_reset_is_decided_once_and_one_waits_at_a_time(people):
    reset = ask(people)
    assert ask(people, by="two") == "reset_refused"
    assert not close(people, reset, by="one", confirm=False).done, "who asked may take it back"
    assert close(people, reset) == "factor_unknown"
    assert factors.factors_of(people["li"])
    assert [row.what for row in FactorEvent.objects.order_by("pk")] == [
        "reset_asked", "reset_refused",
    ]  # fmt: skip


def test_a_restore_does_not_bring_back_a_factor_that_ended(people, settings, tmp_path):
    settings.JOURNAL = tmp_path / "journal"
    before = position(settings.JOURNAL)
    person = people["li"]
    stolen = factors.factors_of(person)[0]
    close(people, ask(people))
    stolen.save(force_insert=True)  # as the backup has it
    replay(settings.JOURNAL, before, NOW)
    assert not factors.factors_of(person)
    assert factors.factors_of(people["wang"])


def test_recovery_codes_used_or_replaced_open_nothing_after_a_restore(people, settings, tmp_path):
    settings.JOURNAL = tmp_path / "journal"
    person = people["li"]
    old = factors.make_recovery_codes(person, now=NOW)
    saved = list(RecoveryCode.objects.filter(person=person))
    before = position(settings.JOURNAL)
    assert factors.use_recovery_code(person, old[0], NOW)
    factors.make_recovery_codes(person, now=NOW)
    RecoveryCode.objects.filter(person=person).delete()
    RecoveryCode.objects.bulk_create(saved)  # as the backup has it
    done = replay(settings.JOURNAL, before, NOW)
    assert done.counts == {"recovery_codes_ended": {"applied": 2}}
    assert not any(factors.use_recovery_code(person, code, NOW) for code in old)
