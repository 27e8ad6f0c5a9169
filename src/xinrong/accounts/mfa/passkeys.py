"""Passkeys (WebAuthn level 3): a key pair in the phone, the computer or a token.

The origin is checked by the library against the domain: https, or http on localhost.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from xinrong.accounts.mfa.errors import FactorRefused
from xinrong.accounts.mfa.factors import count_attempt, forget_attempts, note
from xinrong.accounts.mfa.models import FactorKind, SecondFactor
from xinrong.accounts.models import Person

State = dict[str, Any]


class Asserted(NamedTuple):
    """A passkey that signed, and what it sent."""

    factor: SecondFactor
    credential: AttestedCredentialData
    response: AuthenticationResponse


def server(domain: str) -> Fido2Server:
    """The library's half of the ceremony, for the domain on which the pages are."""
    return Fido2Server(PublicKeyCredentialRpEntity(id=domain, name="Xinrong 信融"))


def held_by(person: Person) -> list[AttestedCredentialData]:
    """The public keys of a person's passkeys."""
    rows = SecondFactor.objects.filter(person=person, kind=FactorKind.PASSKEY)
    return [AttestedCredentialData(b64decode(row.public_key)) for row in rows]


def begin_adding(person: Person, domain: str) -> tuple[dict[str, Any], State]:
    """What the browser is asked to make, and what to keep in the session meanwhile."""
    options, state = server(domain).register_begin(
        PublicKeyCredentialUserEntity(
            id=str(person.pk).encode(), name=person.email, display_name=str(person)
        ),
        credentials=held_by(person),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options), state


def add_passkey(
    person: Person,
    response: Mapping[str, Any],
    state: State,
    *,
    domain: str,
    name: str,
    now: datetime,
    address: str = "",
) -> SecondFactor:
    """Keep the passkey that the browser made. Raises FactorRefused when it does not check out."""
    try:
        made = server(domain).register_complete(state, response)
    except (ValueError, TypeError, KeyError) as error:
        raise refused() from error
    credential = made.credential_data
    if credential is None:
        raise refused()
    try:
        with transaction.atomic():
            factor = SecondFactor.objects.create(
                person=person,
                kind=FactorKind.PASSKEY,
                name=name[:60],
                credential_id=websafe_encode(credential.credential_id),
                public_key=b64encode(credential).decode(),
                sign_count=made.counter,
                added_at=now,
                last_used_at=now,
            )
            note(person, "added", at=now, kind=factor.kind, name=factor.name, address=address)
    except IntegrityError:
        raise FactorRefused(
            "this passkey is in use already", remedy="Choose another device.", code="factor_exists"
        ) from None
    return factor


def begin_using(person: Person, domain: str) -> tuple[dict[str, Any], State]:
    """What the browser is asked to sign, and what to keep in the session meanwhile."""
    options, state = server(domain).authenticate_begin(
        held_by(person), user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options), state


def use_passkey(
    person: Person, response: Mapping[str, Any], state: State, *, domain: str, now: datetime
) -> SecondFactor:
    """The passkey that signed. Raises FactorRefused, or SignInLocked after too many attempts."""
    return asserted(person, response, state, domain=domain, now=now).factor


def asserted(
    person: Person, response: Mapping[str, Any], state: State, *, domain: str, now: datetime
) -> Asserted:
    """What a passkey of the person signed, verified. Raises as `use_passkey`.

    A counter that does not grow means that the key was copied (WebAuthn, section 6.1.1); keys
    that are shared between devices by design always say 0.
    """
    count_attempt(person, now)
    try:
        credential = server(domain).authenticate_complete(state, held_by(person), response)
        told = AuthenticationResponse.from_dict(response)
    except (ValueError, TypeError, KeyError) as error:
        raise refused() from error
    counter = told.response.authenticator_data.counter
    rows = SecondFactor.objects.filter(
        person=person, credential_id=websafe_encode(credential.credential_id)
    )
    rows = rows.filter(sign_count__lt=counter) if counter else rows.filter(sign_count=0)
    factor = rows.first()
    if factor is None or rows.update(sign_count=counter, last_used_at=now) != 1:
        raise refused()
    forget_attempts(person)
    return Asserted(factor, credential, told)


def refused() -> FactorRefused:
    """The same answer whatever did not fit."""
    return FactorRefused(
        "the passkey was not accepted",
        remedy="Try once more on the device that holds it, or use another factor.",
        code="passkey_refused",
    )
