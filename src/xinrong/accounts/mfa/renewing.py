"""A forgotten password: whoever manages the organisation hands over a link for a new one.

No mail is sent. The link does not sign in: the second factor is asked for as always, so whoever
made the link cannot use the account with it.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from xinrong.accounts.enums import Role
from xinrong.accounts.errors import AccountError
from xinrong.accounts.mfa.errors import FactorRefused
from xinrong.accounts.mfa.factors import factors_of, note
from xinrong.accounts.mfa.models import FactorEvent, PasswordLink
from xinrong.accounts.mfa.sealing import keyed_digest
from xinrong.accounts.mfa.sessions import end_sessions
from xinrong.accounts.models import Membership, Person
from xinrong.accounts.scoping import everywhere
from xinrong.accounts.types import Viewer

VALID = timedelta(hours=24)


def can_renew_passwords(viewer: Viewer) -> bool:
    """Who manages an organisation, for its people; an operator. Never in a support session."""
    if viewer.person_id is None or viewer.support_id is not None:
        return False
    return viewer.manages or viewer.role == Role.OPERATOR


def make_link(viewer: Viewer, email: str, *, now: datetime) -> str:
    """The token of a link for somebody who forgot the password; one made before is void.

    Without a second factor nothing else protects the account, so then only a person who acts for
    nobody but the manager's own organisation gets one. Raises FactorRefused (renewal_refused).
    """
    person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    roles = everywhere(Membership, because="a password is that of all of a person's roles")
    acts_for = set(roles.filter(person=person).values_list("organisation_id", flat=True))
    own = viewer.manages and viewer.organisation_id in acts_for
    protected = person is not None and bool(factors_of(person))
    if (
        person is None
        or viewer.person_id is None
        or not can_renew_passwords(viewer)
        or person.pk == viewer.person_id
        or not (own or (viewer.role == Role.OPERATOR and protected))
        or not (protected or acts_for == {viewer.organisation_id})
    ):
        raise FactorRefused(
            "no link for this person can be made by you",
            remedy="Check the address; people of other organisations have their own managers.",
            code="renewal_refused",
        )
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        PasswordLink.objects.filter(person=person, used_at=None).delete()
        PasswordLink.objects.create(
            person=person,
            digest=keyed_digest(token),
            made_by_id=viewer.person_id,
            made_at=now,
            expires_at=now + VALID,
        )
        FactorEvent.objects.create(
            person=person, what="password_link", at=now, by_id=viewer.person_id
        )
    return token


def person_of_link(token: str, *, now: datetime) -> Person:
    """Whose link this is. Raises FactorRefused (link_closed) for a used, old or unknown one."""
    return open_link(token, now).person


def open_link(token: str, now: datetime) -> PasswordLink:
    """The row of a link that still opens something."""
    found = (
        PasswordLink.objects.select_related("person")
        .filter(digest=keyed_digest(token), used_at=None, expires_at__gt=now)
        .filter(person__is_active=True)
        .first()
    )
    if found is None:
        raise FactorRefused(
            "this link is used, too old or mistyped",
            remedy="Ask whoever manages accounts in your organisation for a new one.",
            code="link_closed",
        )
    return found


def choose_password(token: str, password: str, *, now: datetime, address: str = "") -> Person:
    """Use the link up for a new password, and end every session of the person.

    Raises FactorRefused (link_closed), and AccountError (unfit_credentials) for a weak password,
    which does not use it up.
    """
    person = open_link(token, now).person
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise AccountError(" ".join(error.messages), code="unfit_credentials") from None
    with transaction.atomic():
        unused = PasswordLink.objects.filter(digest=keyed_digest(token), used_at=None)
        if unused.update(used_at=now) != 1:
            raise FactorRefused("this link is used", code="link_closed")
        person.set_password(password)
        person.save(update_fields=["password"])
        end_sessions(person)
        note(person, "password_changed", at=now, address=address)
    return person
