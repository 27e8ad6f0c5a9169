"""Inviting somebody by e-mail address: a link, handed over once, good for one person and 7 days.

No mail leaves the platform: whoever invites hands the link over. The token is 256 random bits of
which only a digest is kept; every way in which a link does not open is told in the same words.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from xinrong.accounts.enums import ROLES_OF, OrganisationKind
from xinrong.accounts.errors import AccountError, PeopleRefused, closed, refused
from xinrong.accounts.events import What, note
from xinrong.accounts.keys import digest_of
from xinrong.accounts.managing import (
    Managing,
    described,
    manages,
    managing,
    not_manager,
    role_not_of_kind,
)
from xinrong.accounts.models import Invitation, Membership, Organisation, Person
from xinrong.accounts.scoping import everywhere, of_organisations
from xinrong.accounts.signin import fingerprint, forget, reserve
from xinrong.accounts.types import Viewer
from xinrong.store import services as store

#: How long an invitation may be accepted.
VALID_FOR = timedelta(days=7)
#: The journal's name for the decision to take an invitation back.
INVITATION_WITHDRAWN = "invitation_withdrawn"


def invite(
    viewer: Viewer, organisation: int, email: str, role: str, *, manages: bool, now: datetime
) -> tuple[Invitation, str]:
    """Invite an address into a role, and the token of the link, which is shown once.

    An earlier open invitation of the same address is withdrawn: one link counts. Raises
    PeopleRefused: not a manager of that organisation, no such role, already there.
    """
    with transaction.atomic():
        who = managing(viewer)
        if organisation not in who.organisations:
            raise not_manager()
        target = Organisation.objects.get(pk=organisation)
        return _invite(target, email, role, manages=manages, now=now, by=who.person_id)


def invite_as_platform(
    organisation: Organisation,
    email: str,
    role: str,
    *,
    manages: bool,
    now: datetime,
    actor: int | None = None,
) -> tuple[Invitation, str]:
    """The same by the platform, for the first manager of an organisation.

    `actor` is the operator who does it, None from the command line. Never for an enterprise: its
    first representative is proven, and invites all others.
    """
    if organisation.kind == OrganisationKind.ENTERPRISE:
        raise refused(
            "proof_needed",
            "企业的第一位代表须经核验，不能由邀请产生。",
            "the first representative of an enterprise is proven, never invited",
            "请由其在“代表企业”页面提出申请；之后由其邀请他人。",
            "Let them claim it on the page for that; they invite others then.",
        )
    with transaction.atomic():
        return _invite(organisation, email, role, manages=manages, now=now, by=None, actor=actor)


def _invite(
    target: Organisation,
    email: str,
    role: str,
    *,
    manages: bool,
    now: datetime,
    by: int | None,
    actor: int | None = None,
) -> tuple[Invitation, str]:
    if target.closed_at is not None:
        raise closed(target.name)
    actor = by if by is not None else actor
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise refused(
            "unfit_address", "这不是电子邮件地址。", "this is not an e-mail address", "请核对。",
            "Check it.",
        ) from None  # fmt: skip
    if role not in ROLES_OF[target.kind]:
        raise role_not_of_kind(target)
    if of_organisations(Membership, target.pk).filter(person__email=address).exists():
        raise refused(
            "membership_exists",
            "此人已在该机构任职。",
            f"{address} acts for {target.name} already",
            "请在名单中变更其角色。",
            "Change the role in the list.",
        )
    for earlier in open_invitations(target.pk, now=now).filter(email=address):
        _withdraw(earlier, by=actor, now=now)
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        organisation=target,
        digest=digest_of(token),
        email=address,
        role=role,
        manages=manages,
        invited_by_id=by,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    detail = described(role, manages=manages)
    note(target.pk, What.INVITED, address, now=now, actor=actor, detail=detail)
    return made, token


def open_invitations(*organisations: int, now: datetime) -> QuerySet[Invitation]:
    """Those that can be accepted still, the newest first."""
    found = of_organisations(Invitation, *organisations).filter(
        accepted_at=None, withdrawn_at=None, expires_at__gt=now
    )
    return found.select_related("organisation", "invited_by").order_by("-created_at", "-pk")


def invitations_of(who: Managing) -> QuerySet[Invitation]:
    """Every invitation of the organisations managed, the newest first."""
    found = of_organisations(Invitation, *who.organisations)
    return found.select_related("organisation", "invited_by").order_by("-created_at", "-pk")


def withdraw(viewer: Viewer, key: str, *, now: datetime) -> Invitation:
    """Take an invitation back: its link opens nothing from now on. Twice keeps the first time.

    Raises PeopleRefused, in the same words for an absent and for a foreign one.
    """
    with transaction.atomic():
        who = managing(viewer)
        return _withdraw_named(key, who.organisations, by=who.person_id, now=now)


def withdraw_as_platform(
    organisation: Organisation, key: str, *, now: datetime, actor: int | None = None
) -> Invitation:
    """The same by the platform: an operator, or None from the command line."""
    with transaction.atomic():
        return _withdraw_named(key, (organisation.pk,), by=actor, now=now)


def _withdraw_named(
    key: str, organisations: tuple[int, ...], *, by: int | None, now: datetime
) -> Invitation:
    found = of_organisations(Invitation, *organisations).select_for_update().filter(key=key).first()
    if found is None:
        raise refused(
            "unknown_invitation",
            "没有这份邀请。",
            "there is no such invitation",
            "请在邀请名单中查看。",
            "See the list of invitations.",
        )
    if found.accepted_at is None and found.withdrawn_at is None:
        _withdraw(found, by=by, now=now)
    return found


def _withdraw(found: Invitation, *, by: int | None, now: datetime) -> None:
    store.record(INVITATION_WITHDRAWN, {"invitation": found.pk, "digest": found.digest}, now)
    found.withdrawn_at = now
    found.save(update_fields=["withdrawn_at"])
    number, what = found.organisation_id, What.INVITATION_WITHDRAWN
    note(number, what, found.email, now=now, actor=by)


@store.replayer(INVITATION_WITHDRAWN)
def withdraw_again(entry: store.Entry) -> store.Outcome:
    """An invitation taken back since the backup opens nothing in the restored database."""
    every = everywhere(Invitation, because="the journal names the invitation itself")
    found = every.filter(pk=entry.payload["invitation"], digest=entry.payload["digest"])
    if found.filter(withdrawn_at=None).update(withdrawn_at=entry.at):
        return store.Outcome.APPLIED
    return store.Outcome.PRESENT if found.exists() else store.Outcome.ABSENT


def invitation_of(token: str, *, address: str, now: datetime) -> Invitation:
    """The invitation that a link opens.

    Counted like an attempt to sign in, by network address, until it is right: tokens are not
    guessed. Raises SignInLocked, and PeopleRefused (invitation_not_valid) in the same words for a
    token that is unknown, used, withdrawn, past its end, or of somebody who no longer manages.
    """
    account, place = fingerprint(f"invitation {address}"), fingerprint(address)
    reserve(account, place, now)
    found = _standing(token, now=now)
    forget(account, place)
    return found


def _standing(token: str, *, now: datetime, lock: bool = False) -> Invitation:
    every = everywhere(Invitation, because="the token itself says which")
    rows = every.select_for_update(of=("self",)) if lock else every
    found = (
        rows.select_related("organisation")
        .filter(digest=digest_of(token), accepted_at=None, withdrawn_at=None, expires_at__gt=now)
        .first()
    )
    if found is None:
        raise not_valid()
    if found.invited_by_id is not None:
        whose = (found.organisation_id, found.organisation.parent_id)
        if not manages(found.invited_by_id, [one for one in whose if one is not None]):
            raise not_valid()
    return found


def not_valid() -> PeopleRefused:
    """The same words for every link that does not open."""
    return refused(
        "invitation_not_valid",
        "此邀请链接无效：可能不完整、已使用、已撤回或已过期。",
        "this invitation does not open: it may be cut off, used, withdrawn or past its end",
        "请向邀请您的人索取新的链接。",
        "Ask whoever invited you for a new link.",
    )


def person_invited(invitation: Invitation) -> Person | None:
    """Who has the invited address already; the role is then taken up after signing in."""
    return Person.objects.filter(email=invitation.email).first()


def accept_as_new(token: str, name: str, password: str, *, now: datetime) -> Person:
    """Take the role up as a new person with this name and password.

    Raises PeopleRefused for a link that does not open, or whose address has an account;
    AccountError (unfit_credentials) for a weak password.
    """
    with transaction.atomic():
        invitation = _standing(token, now=now, lock=True)
        if person_invited(invitation) is not None:
            raise sign_in_first()
        person = Person(email=invitation.email, name=" ".join(name.split())[:100])
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise AccountError(" ".join(error.messages), code="unfit_credentials") from None
        try:
            with transaction.atomic():
                made = Person.objects.create_user(person.email, password, person.name)
        except IntegrityError:  # another invitation made the account this very moment
            raise sign_in_first() from None
        _join(invitation, made, now)
    return made


def sign_in_first() -> PeopleRefused:
    """That somebody has this address already: no link gives a second password to it."""
    return refused(
        "sign_in_first",
        "该地址已有账户。",
        "this address has an account",
        "请先登录，再接受邀请。",
        "Sign in, then accept.",
    )


def accept_as(person: Person, token: str, *, now: datetime) -> Invitation:
    """Take the role up with the account that is signed in.

    Raises PeopleRefused for a link that does not open or is for another address.
    """
    with transaction.atomic():
        invitation = _standing(token, now=now, lock=True)
        if not person.is_active or invitation.email != person.email:
            raise refused(
                "other_address",
                "此邀请属于另一个电子邮件地址。",
                "this invitation is for another e-mail address",
                "请退出登录，用被邀请的地址登录后再接受。",
                "Sign out, and sign in with the address that was invited.",
            )
        _join(invitation, person, now)
    return invitation


def _join(invitation: Invitation, person: Person, now: datetime) -> None:
    member, made = of_organisations(Membership, invitation.organisation_id).get_or_create(
        person=person,
        organisation_id=invitation.organisation_id,
        defaults={"role": invitation.role, "manages": invitation.manages},
    )
    invitation.accepted_at, invitation.accepted_by = now, person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    detail = described(member.role, manages=member.manages) if made else "was there already"
    number = invitation.organisation_id
    note(number, What.JOINED, person.email, now=now, actor=person.pk, detail=detail)
