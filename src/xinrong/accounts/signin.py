"""Signing in with e-mail address and password, slow to guess and silent about who exists."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.auth import authenticate
from django.db import transaction

from xinrong.accounts.errors import SignInLocked, SignInRefused
from xinrong.accounts.models import Person, SignInAttempt

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_AND_ADDRESS = 5  # one person mistyping
PER_ADDRESS = 50  # one machine trying many accounts; an office may share an address
PER_ACCOUNT = 50  # many machines trying one account


def fingerprint(text: str) -> str:
    """What is kept of an e-mail or network address: enough to count, too little to read."""
    return sha256(text.strip().lower().encode()).hexdigest()


def sign_in(email: str, password: str, *, address: str, now: datetime) -> Person:
    """The person, if e-mail address and password belong together.

    The attempt is counted before the password is looked at, so attempts that race each other
    count as well; success forgets those of this account from this address. An unknown account
    costs one password hash too, and gets the same answer.

    Raises SignInRefused, or SignInLocked after too many attempts in WINDOW.
    """
    account, place = fingerprint(email), fingerprint(address)
    reserve(account, place, now)
    person = authenticate(username=email, password=password)
    if not isinstance(person, Person):
        raise SignInRefused(
            "e-mail address and password do not belong together",
            remedy="Check both; after five wrong attempts the door stays shut for 15 minutes.",
        )
    forget(account, place)
    return person


def forget(account: str, place: str) -> None:
    """Success: the attempts on this account from this address count no more."""
    SignInAttempt.objects.filter(account=account, address=place).delete()


def reserve(account: str, place: str, now: datetime) -> None:
    """Count one attempt. Raises SignInLocked, and counts nothing, when there were too many."""
    with transaction.atomic():
        SignInAttempt.objects.filter(at__lt=now - WINDOW).delete()
        recent = SignInAttempt.objects.filter(at__gt=now - WINDOW)
        if (
            recent.filter(account=account, address=place).count() >= PER_ACCOUNT_AND_ADDRESS
            or recent.filter(address=place).count() >= PER_ADDRESS
            or recent.filter(account=account).count() >= PER_ACCOUNT
        ):
            raise SignInLocked(
                "too many attempts to sign in",
                remedy=f"Wait {int(WINDOW.total_seconds() // 60)} minutes and try again.",
            )
        SignInAttempt.objects.create(account=account, address=place, at=now)
