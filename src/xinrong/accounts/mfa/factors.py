"""Adding, using and removing second factors, each time with a row that says so."""

from __future__ import annotations

import secrets
from datetime import datetime
from ipaddress import ip_address, ip_network

from django.db import transaction

from xinrong.accounts.errors import SignInLocked
from xinrong.accounts.mfa import totp
from xinrong.accounts.mfa.errors import FactorRefused
from xinrong.accounts.mfa.models import (
    FactorEvent,
    FactorKind,
    PutOff,
    RecoveryCode,
    SecondFactor,
)
from xinrong.accounts.mfa.sealing import keyed_digest, seal, unseal
from xinrong.accounts.models import Membership, Person, SignInAttempt
from xinrong.accounts.scoping import everywhere
from xinrong.accounts.signin import WINDOW, fingerprint
from xinrong.store import services as store

#: The journal's name for recovery codes that are used, or void since there are newer ones.
CODES_ENDED = "recovery_codes_ended"
WRONG_CODES = 5  # within WINDOW, from anywhere: who asks has the password already
RECOVERY_CODES = 10
PREFIX_BITS = {4: 24, 6: 48}
RECOVERY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread on paper
RECOVERY_LENGTH = 10


def acts_for_somebody(person: Person) -> bool:
    """Whether the person has a role anywhere: every role sees files, or the log of who saw them."""
    roles = everywhere(Membership, because="a person needs a second factor for any role at all")
    return roles.filter(person=person).exists()


def must_have_factor(person: Person) -> bool:
    """Whoever acts for an organisation needs a second factor; who has one uses it."""
    return acts_for_somebody(person) or SecondFactor.objects.filter(person=person).exists()


def may_put_off(person: Person) -> bool:
    """Whether this is an account that `xinrong demo` made for trying the platform out."""
    return PutOff.objects.filter(person=person).exists()


def factors_of(person: Person) -> list[SecondFactor]:
    """The person's authenticator app and passkeys, oldest first."""
    return list(SecondFactor.objects.filter(person=person).order_by("added_at", "pk"))


def network_of(address: str) -> str:
    """The network prefix of an address, /24 or /48; empty when it is no address."""
    try:
        bits = PREFIX_BITS[ip_address(address).version]
        return str(ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        return ""


def note(
    person: Person, what: str, *, at: datetime, kind: str = "", name: str = "", address: str = ""
) -> None:
    """Log what happened to a person's sign-in."""
    FactorEvent.objects.create(
        person=person, what=what, at=at, kind=kind, name=name, network=network_of(address)
    )


def owner(person: Person) -> str:
    """What a sealed seed belongs to."""
    return f"seed of person {person.pk}"


def add_totp(
    person: Person, seed: str, code: str, *, now: datetime, name: str = "", address: str = ""
) -> SecondFactor:
    """Keep an authenticator app that shows the right code now.

    Raises FactorRefused for a wrong code or when there is an app already, SignInLocked after too
    many wrong codes.
    """
    count_attempt(person, now)
    step = totp.fitting_step(seed, digits(code), now)
    if step is None:
        raise wrong_code()
    with transaction.atomic():
        if SecondFactor.objects.filter(person=person, kind=FactorKind.TOTP).exists():
            raise FactorRefused(
                "there is an authenticator app already",
                remedy="Remove it first; another factor has to stay meanwhile.",
                code="factor_exists",
            )
        made = SecondFactor.objects.create(
            person=person,
            kind=FactorKind.TOTP,
            name=name[:60],
            secret=seal(seed, owner(person)),
            last_step=step,
            added_at=now,
            last_used_at=now,
        )
        note(person, "added", at=now, kind=made.kind, name=made.name, address=address)
    forget_attempts(person)
    return made


def check_code(person: Person, code: str, *, now: datetime, address: str = "") -> FactorKind:
    """Use up a code of the authenticator app, or a recovery code; which of them it was.

    Raises FactorRefused for a code that fits neither, was used before, or is another person's;
    SignInLocked after too many of those.
    """
    count_attempt(person, now)
    if use_totp(person, digits(code), now):
        forget_attempts(person)
        return FactorKind.TOTP
    if use_recovery_code(person, code, now):
        note(person, "code_used", at=now, kind=FactorKind.RECOVERY, address=address)
        forget_attempts(person)
        return FactorKind.RECOVERY
    raise wrong_code()


def use_totp(person: Person, code: str, now: datetime) -> bool:
    """Whether the code fits and its time step was not used before; then it is used."""
    factor = SecondFactor.objects.filter(person=person, kind=FactorKind.TOTP).first()
    if factor is None:
        return False
    step = totp.fitting_step(unseal(factor.secret, owner(person)), code, now)
    if step is None:
        return False
    # One statement decides, so two server processes cannot both take the same code.
    fresh = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
    return fresh.update(last_step=step, last_used_at=now) == 1


def use_recovery_code(person: Person, code: str, now: datetime) -> bool:
    """Whether this is an unused recovery code of the person; then it is used."""
    digest = recovery_digest(person, code)
    with transaction.atomic():
        unused = RecoveryCode.objects.filter(person=person, digest=digest, used_at=None)
        used = unused.update(used_at=now) == 1
        if used:
            store.record(CODES_ENDED, {"person": person.pk, "digests": [digest]}, now)
    return used


def make_recovery_codes(person: Person, *, now: datetime, address: str = "") -> list[str]:
    """Ten fresh codes, shown now and never again; those made before are void."""
    codes = [
        "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    with transaction.atomic():
        void_codes(person, now)
        RecoveryCode.objects.bulk_create(
            RecoveryCode(person=person, digest=recovery_digest(person, code)) for code in codes
        )
        note(person, "codes_made", at=now, kind=FactorKind.RECOVERY, address=address)
    half = RECOVERY_LENGTH // 2
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def void_codes(person: Person, now: datetime) -> None:
    """Take a person's recovery codes away, in the caller's transaction; no restore revives them."""
    held = RecoveryCode.objects.filter(person=person)
    digests = list(held.filter(used_at=None).values_list("digest", flat=True))
    if digests:
        store.record(CODES_ENDED, {"person": person.pk, "digests": digests}, now)
    held.delete()


@store.replayer(CODES_ENDED)
def end_codes_again(entry: store.Entry) -> store.Outcome:
    """Recovery codes used or replaced since the backup open nothing in the restored store."""
    held = RecoveryCode.objects.filter(
        person=entry.payload["person"], digest__in=entry.payload["digests"]
    )
    if held.filter(used_at=None).update(used_at=entry.at):
        return store.Outcome.APPLIED
    return store.Outcome.PRESENT if held.exists() else store.Outcome.ABSENT


def recovery_codes_left(person: Person) -> int:
    """How many recovery codes have not been used."""
    return RecoveryCode.objects.filter(person=person, used_at=None).count()


def digits(code: str) -> str:
    """A code as typed, without the spaces that apps show in the middle."""
    return "".join(code.split())


def recovery_digest(person: Person, code: str) -> str:
    """The digest under which a recovery code is kept, whatever its case, spaces and dashes."""
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return keyed_digest(f"{person.pk}:{plain}")


def wrong_code() -> FactorRefused:
    """The same answer for a wrong, an old and a used code."""
    return FactorRefused(
        "this code does not fit",
        remedy="Wait for the next code in the app and type that; each code works once.",
    )


def count_attempt(person: Person, now: datetime) -> None:
    """Count a code before it is looked at. Raises SignInLocked after too many, counting nothing."""
    mark = fingerprint(f"second factor of {person.pk}")
    with transaction.atomic():
        tried = SignInAttempt.objects.filter(account=mark, at__gt=now - WINDOW)
        if tried.count() >= WRONG_CODES:
            raise SignInLocked(
                "too many wrong codes",
                remedy=f"Wait {int(WINDOW.total_seconds() // 60)} minutes and try again.",
            )
        SignInAttempt.objects.create(account=mark, address=mark, at=now)


def forget_attempts(person: Person) -> None:
    """A right code forgets the wrong ones before it."""
    SignInAttempt.objects.filter(account=fingerprint(f"second factor of {person.pk}")).delete()
