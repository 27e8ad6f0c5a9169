"""Making and finding organisations and people."""

from __future__ import annotations

from collections import defaultdict

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from xinrong.accounts.enums import ROLES_OF, OrganisationKind
from xinrong.accounts.errors import AccountError, closed
from xinrong.accounts.models import ApiKey, Membership, Organisation, Person
from xinrong.accounts.scoping import everywhere, of_organisations


def create_organisation(
    name: str, kind: str, *, reference: str = "", parent: Organisation | None = None
) -> Organisation:
    """A new organisation. Raises AccountError when its kind, name or parent cannot be."""
    if kind not in OrganisationKind.values:
        raise AccountError(
            f"{kind!r} is not a kind of organisation",
            remedy=f"Choose from: {', '.join(OrganisationKind.values)}.",
            code="unknown_kind",
        )
    if kind in (OrganisationKind.DEPARTMENT, OrganisationKind.ENTERPRISE) and not reference:
        what = "department id of the region" if kind == "department" else "social credit code"
        raise AccountError(f"{name}: a {kind} needs its {what}", code="reference_missing")
    if parent is not None and (kind, parent.kind, parent.parent_id) != ("bank", "bank", None):
        raise AccountError(f"{name}: only a bank has outlets, one step deep", code="wrong_parent")
    try:
        with transaction.atomic():
            return Organisation.objects.create(
                name=name, kind=kind, reference=reference, parent=parent
            )
    except IntegrityError:
        raise AccountError(
            f"there is an organisation named {name} or of reference {reference!r} already",
            remedy="Use the one that is there.",
            code="organisation_exists",
        ) from None


def create_person(
    email: str, password: str, *, name: str, organisation: Organisation, role: str
) -> Person:
    """A new person in one role. A person who exists gets the role and keeps name and password.

    Raises AccountError when the organisation has no such role or is closed, the person acts for it
    already, or the password is too weak.
    """
    if role not in ROLES_OF[organisation.kind]:
        raise AccountError(
            f"{organisation.name} is a {organisation.kind} and has no role {role!r}",
            remedy=f"Choose from: {', '.join(ROLES_OF[organisation.kind])}.",
            code="role_not_of_kind",
        )
    if organisation.closed_at is not None:
        raise closed(organisation.name)
    address = email.strip().lower()
    with transaction.atomic():
        person = Person.objects.filter(email=address).first()
        if person is None:
            try:
                validate_email(address)
                validate_password(password)
            except ValidationError as error:
                raise AccountError(" ".join(error.messages), code="unfit_credentials") from None
            person = Person.objects.create_user(address, password, name)
        elif of_organisations(Membership, organisation.pk).filter(person=person).exists():
            raise AccountError(
                f"{address} acts for {organisation.name} already", code="membership_exists"
            )
        Membership.objects.create(person=person, organisation=organisation, role=role)
    return person


def organisation_named(name: str) -> Organisation:
    """The organisation of that name. Raises AccountError."""
    found = Organisation.objects.filter(name=name).first()
    if found is None:
        raise AccountError(
            f"there is no organisation named {name}",
            remedy="`xinrong accounts list` shows those there are.",
            code="organisation_unknown",
        )
    return found


def person_of_email(email: str) -> Person:
    """The person with that e-mail address. Raises AccountError."""
    found = Person.objects.filter(email=email.strip().lower()).first()
    if found is None:
        raise AccountError(
            f"nobody has the e-mail address {email}",
            remedy="`xinrong accounts list` shows who is there.",
            code="person_unknown",
        )
    return found


def directory() -> list[tuple[Organisation, list[Membership], list[ApiKey]]]:
    """Every organisation with its people and keys, by name: for the operator's list."""
    members: dict[int, list[Membership]] = defaultdict(list)
    why = "the operator's list of everybody"
    every = everywhere(Membership, because=why)
    for member in every.select_related("person").order_by("person__email"):
        members[member.organisation_id].append(member)
    keys: dict[int, list[ApiKey]] = defaultdict(list)
    for key in everywhere(ApiKey, because=why).order_by("created_at"):
        keys[key.organisation_id].append(key)
    organisations = Organisation.objects.select_related("parent").order_by("kind", "name")
    return [(one, members[one.pk], keys[one.pk]) for one in organisations]
