"""An invitation opens one role, for one address, once, for seven days, and never an enterprise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.accounts.cast import NOW, PASSWORD, join
from xinrong.accounts.models import AccountEvent, Invitation, Membership, Person, SignInAttempt
from xinrong.accounts.services import (
    AccountError,
    PeopleRefused,
    SignInLocked,
    accept_as,
    accept_as_new,
    end_role,
    invitation_of,
    invitations_of,
    invite,
    invite_as_platform,
    managing,
    suspend_roles,
    viewer_of,
    withdraw,
)
from xinrong.store.backups.journal import position
from xinrong.store.backups.replaying import replay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("journal")]
NEW = "wu@bank.cn"


def invited(cast, email=NEW, role="loan_officer", *, manages=False, now=NOW):
    return invite(cast.manager, cast.bank.pk, email, role, manages=manages, now=now)


def refusal_of(call, *arguments, **more):
    with pytest.raises(PeopleRefused) as refusal:
        call(*arguments, **more)
    return refusal.value


def look(token, now=NOW):
    return invitation_of(token, address="10.0.0.1", now=now)


# --- inviting --------------------------------------------------------------------------------


def test_the_token_is_not_kept(cast):
    made, token = invited(cast)
    row = Invitation.objects.values().get()
    assert token not in str(row)
    assert len(token) >= 43
    assert made.key not in token
    assert token not in str(list(AccountEvent.objects.values()))


def test_a_clerk_a_rival_and_an_outlet_invite_nobody_into_the_bank(cast):
    for viewer in (cast.clerk, cast.rival_manager, cast.outlet_manager):
        refused = refusal_of(
            invite, viewer, cast.bank.pk, NEW, "loan_officer", manages=False, now=NOW
        )
        assert refused.code == "denied"
    assert not Invitation.objects.exists()


def test_a_bank_invites_into_its_outlet(cast):
    _, token = invite(cast.manager, cast.outlet.pk, NEW, "loan_officer", manages=True, now=NOW)
    person = accept_as_new(token, "吴", PASSWORD, now=NOW)
    viewer = viewer_of(person)
    assert (viewer.organisation_id, viewer.institution_id) == (cast.outlet.pk, cast.bank.pk)
    assert viewer.manages


@pytest.mark.parametrize("role", ["operator", "representative", "root"])
def test_a_role_of_another_kind_of_organisation_is_refused(cast, role):
    refused = refusal_of(invited, cast, role=role)
    assert refused.code == "role_not_of_kind"


def test_who_is_there_already_is_not_invited(cast):
    assert refusal_of(invited, cast, email=" Clerk@Bank.cn").code == "membership_exists"


def test_what_is_no_address_is_refused(cast):
    assert refusal_of(invited, cast, email="nobody").code == "unfit_address"


def test_a_second_invitation_of_an_address_ends_the_first(cast):
    _, first = invited(cast)
    _, second = invited(cast)
    assert refusal_of(look, first).code == "invitation_not_valid"
    assert look(second).email == NEW


# --- enterprises -----------------------------------------------------------------------------


def test_the_platform_invites_the_first_manager_but_of_no_enterprise(cast):
    _, token = invite_as_platform(cast.rival, NEW, "loan_officer", manages=True, now=NOW)
    assert viewer_of(accept_as_new(token, "吴", PASSWORD, now=NOW)).manages
    refused = refusal_of(
        invite_as_platform, cast.firm, NEW, "representative", manages=True, now=NOW
    )
    assert refused.code == "proof_needed"


def test_a_proven_representative_invites_the_next_one(cast):
    _, token = invite(
        cast.representative, cast.firm.pk, NEW, "representative", manages=False, now=NOW
    )
    assert viewer_of(accept_as_new(token, "吴", PASSWORD, now=NOW)).role == "representative"


def test_nobody_joins_an_enterprise_whose_roles_rest(cast):
    _, token = invite(
        cast.representative, cast.firm.pk, NEW, "representative", manages=False, now=NOW
    )
    suspend_roles(cast.firm, "rivals", NOW)
    refused = refusal_of(accept_as_new, token, "吴", PASSWORD, now=NOW)
    assert refused.code == "invitation_not_valid"


# --- accepting -------------------------------------------------------------------------------


def test_accepting_makes_the_person_with_the_invited_address_and_role(cast):
    _, token = invited(cast, role="compliance_officer")
    person = accept_as_new(token, "  吴  会计 ", PASSWORD, now=NOW)
    assert (person.email, person.name) == (NEW, "吴 会计")
    assert person.check_password(PASSWORD)
    viewer = viewer_of(person)
    assert (viewer.organisation_id, viewer.role) == (cast.bank.pk, "compliance_officer")
    assert not viewer.manages


def test_a_link_opens_once(cast):
    _, token = invited(cast)
    person = accept_as_new(token, "吴", PASSWORD, now=NOW)
    for call in (look, lambda token: accept_as(person, token, now=NOW)):
        assert refusal_of(call, token).code == "invitation_not_valid"


def test_a_link_ends_after_seven_days(cast):
    _, token = invited(cast)
    last = NOW + timedelta(days=7)
    assert look(token, last - timedelta(seconds=1))
    assert refusal_of(look, token, last).code == "invitation_not_valid"
    assert refusal_of(accept_as_new, token, "吴", PASSWORD, now=last).code == "invitation_not_valid"
    assert not Person.objects.filter(email=NEW).exists()


def test_a_weak_password_is_refused_and_the_link_still_opens(cast):
    _, token = invited(cast)
    with pytest.raises(AccountError) as refusal:
        accept_as_new(token, "吴", "short", now=NOW)
    assert refusal.value.code == "unfit_credentials"
    assert look(token)


def test_an_account_that_is_there_keeps_its_password_and_joins_signed_in(cast):
    _, token = invited(cast, email="rival@other.cn")
    assert refusal_of(accept_as_new, token, "x", "another passphrase 8", now=NOW).code == (
        "sign_in_first"
    )
    person = cast.people["rival_manager"]
    accept_as(person, token, now=NOW)
    assert person.check_password(PASSWORD)
    assert viewer_of(person, cast.bank.pk).role == "loan_officer"
    assert viewer_of(person, cast.rival.pk).manages


def test_a_link_is_bound_to_its_address(cast):
    _, token = invited(cast)
    refused = refusal_of(accept_as, cast.people["rival_manager"], token, now=NOW)
    assert refused.code == "other_address"
    assert look(token)


def test_an_invitation_ends_with_the_right_of_whoever_made_it(cast):
    join("other@bank.cn", cast.bank, "loan_officer", manages=True)
    other = viewer_of(Person.objects.get(email="other@bank.cn"))
    _, token = invited(cast)
    end_role(other, cast.role("manager", cast.bank).pk, now=NOW)
    assert refusal_of(look, token).code == "invitation_not_valid"


def test_joining_is_logged(cast):
    _, token = invited(cast)
    accept_as_new(token, "吴", PASSWORD, now=NOW)
    rows = AccountEvent.objects.order_by("pk").values_list("what", "about", "actor__email")
    assert list(rows) == [("invited", NEW, "manager@bank.cn"), ("joined", NEW, NEW)]


# --- taking back -----------------------------------------------------------------------------


def test_a_withdrawn_invitation_opens_nothing_and_stays_on_the_list(cast):
    made, token = invited(cast)
    withdraw(cast.manager, made.key, now=NOW)
    withdraw(cast.manager, made.key, now=NOW + timedelta(hours=1))
    assert refusal_of(look, token).code == "invitation_not_valid"
    assert [row.withdrawn_at for row in invitations_of(managing(cast.manager))] == [NOW]


def test_an_accepted_invitation_is_not_withdrawn_any_more(cast):
    made, token = invited(cast)
    accept_as_new(token, "吴", PASSWORD, now=NOW)
    assert withdraw(cast.manager, made.key, now=NOW).withdrawn_at is None


def test_absent_and_foreign_invitations_are_refused_in_the_same_words(cast):
    made, _ = invited(cast)
    told = [
        (refused.code, refused.words)
        for refused in (
            refusal_of(withdraw, cast.rival_manager, key, now=NOW)
            for key in (made.key, "0" * 32, str(made.pk), "")
        )
    ]
    assert len(set(map(str, told))) == 1
    assert Invitation.objects.get().withdrawn_at is None


def test_a_restore_does_not_open_a_withdrawn_invitation(cast, journal):
    made, token = invited(cast)
    before = position(journal)
    withdraw(cast.manager, made.key, now=NOW)
    Invitation.objects.update(withdrawn_at=None)
    replay(journal, before, NOW)
    assert refusal_of(look, token).code == "invitation_not_valid"


# --- guessing --------------------------------------------------------------------------------


def test_every_link_that_does_not_open_is_told_in_the_same_words(cast):
    made, used = invited(cast)
    accept_as_new(used, "吴", PASSWORD, now=NOW)
    taken, back = invited(cast, email="a@bank.cn")
    withdraw(cast.manager, taken.key, now=NOW)
    _, old = invited(cast, email="b@bank.cn", now=NOW - timedelta(days=8))
    told = set()
    for number, token in enumerate((used, back, old, "x" * 43, made.key, made.digest)):
        with pytest.raises(PeopleRefused) as refusal:
            invitation_of(token, address=f"10.0.0.{number}", now=NOW)
        told.add((refusal.value.code, str(refusal.value.words)))
    assert len(told) == 1


def test_guessing_tokens_shuts_the_door_even_to_the_right_one(cast):
    _, token = invited(cast)
    for number in range(5):
        refusal_of(look, f"guess {number}")
    with pytest.raises(SignInLocked):
        look(token)
    assert invitation_of(token, address="10.0.0.2", now=NOW).email == NEW
    assert look(token, NOW + timedelta(minutes=15)).email == NEW


def test_opening_the_right_link_again_and_again_locks_nobody_out(cast):
    _, token = invited(cast)
    for _ in range(20):
        look(token)
    assert not SignInAttempt.objects.exists()


def test_no_role_comes_of_a_look(cast):
    _, token = invited(cast)
    look(token)
    assert not Membership.objects.filter(person__email=NEW).exists()
