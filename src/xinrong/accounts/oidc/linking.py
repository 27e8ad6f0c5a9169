"""Who a subject of an identity service is here: linked by a person who is signed in, never guessed.

An e-mail address in a token links nobody: addresses change hands, and services differ in how they
verify them. Whoever wants to sign in through a service signs in once with password and second
factor and links it then.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from xinrong.accounts.mfa.factors import note
from xinrong.accounts.models import Person
from xinrong.accounts.oidc.errors import IdentityRefused
from xinrong.accounts.oidc.flow import Said
from xinrong.accounts.oidc.models import IdentityClaim, IdentityLink


def person_of(said: Said, *, now: datetime) -> Person:
    """Whom the subject is linked to; what the service said of them is kept.

    Raises IdentityRefused (identity_unlinked), also for an account that is closed.
    """
    link = (
        IdentityLink.objects.select_related("person")
        .filter(issuer=said.issuer, subject=said.subject, person__is_active=True)
        .first()
    )
    if link is None:
        raise IdentityRefused(
            "the identity service knows you, but no account here is linked to it yet",
            remedy="Sign in with e-mail address and password, then link it under your account.",
            code="identity_unlinked",
        )
    keep(link.person, said, now)
    return link.person


def link(person: Person, said: Said, *, now: datetime, address: str = "") -> None:
    """Link the subject to somebody who is signed in; linking it again only keeps the claim.

    Raises IdentityRefused (identity_taken) when subject or person is linked otherwise.
    """
    try:
        with transaction.atomic():
            _, new = IdentityLink.objects.get_or_create(
                person=person,
                issuer=said.issuer,
                subject=said.subject,
                defaults={"linked_at": now},
            )
            if new:
                note(person, "linked", at=now, name=said.issuer[:60], address=address)
            keep(person, said, now)
    except IntegrityError:
        raise IdentityRefused(
            "this identity is linked to another account, or your account to another identity",
            remedy="Ask the operator of the platform to look at both.",
            code="identity_taken",
        ) from None


def keep(person: Person, said: Said, now: datetime) -> None:
    """Add what the service said to the claims about a person."""
    IdentityClaim.objects.create(
        person=person,
        issuer=said.issuer,
        subject=said.subject,
        name=said.name,
        enterprise_code=said.enterprise_code,
        role=said.role,
        at=now,
    )


def links_of(person: Person) -> list[IdentityLink]:
    """The identity services through which a person can sign in."""
    return list(IdentityLink.objects.filter(person=person).order_by("pk"))
