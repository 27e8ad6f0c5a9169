"""Organisations, people, the roles people hold in organisations, and API keys."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from xinrong.accounts.enums import OrganisationKind, Role
from xinrong.accounts.events import AccountEvent
from xinrong.accounts.inviting.models import Invitation
from xinrong.accounts.proof.models import Claim, ClaimMove, ClaimPaper, Dispute, Representation
from xinrong.accounts.scoping import scoped
from xinrong.accounts.support.models import SupportSession

__all__ = [
    "AccountEvent",
    "ApiKey",
    "Claim",
    "ClaimMove",
    "ClaimPaper",
    "Dispute",
    "Invitation",
    "Membership",
    "Organisation",
    "Person",
    "Representation",
    "SignInAttempt",
    "SupportSession",
]


class Organisation(models.Model):
    """Somebody people act for. `reference` is the department id, or the enterprise's code.

    An outlet of a bank is an organisation whose `parent` is the bank: a consent given to the bank
    covers its outlets, one given to an outlet covers that outlet only.
    """

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=16, choices=OrganisationKind)
    reference = models.CharField(max_length=64, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="outlets")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)  # nobody acts for it, and nobody is invited

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent=None) | models.Q(kind="bank"),
                name="only_banks_have_outlets",
            ),
            models.UniqueConstraint(
                fields=["kind", "reference"],
                condition=~models.Q(reference=""),
                name="one_organisation_per_reference",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Makes people; there is no superuser: rights come from a role in an organisation."""

    def create_user(self, email: str, password: str, name: str = "") -> Person:
        """A person with a hashed password; the e-mail address is kept in lower case."""
        person = self.model(email=email.strip().lower(), name=name)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        """By e-mail address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


# Memberships have a scoped manager, made by a function into which the types' plugin does not look.
class Person(AbstractBaseUser):  # type: ignore[django-manager-missing]
    """A human being who signs in."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonManager()
    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email


class Membership(models.Model):
    """A person's role in an organisation; who `manages` it invites others and ends their roles.

    A suspended role stays on the list and acts for nobody until it is resumed.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=24, choices=Role)
    manages = models.BooleanField(default=False)
    suspended_at = models.DateTimeField(null=True)
    suspended_why = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Membership]] = scoped()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="one_role_each")
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation} · {self.role}"


class ApiKey(models.Model):
    """A machine's way in, for one organisation in one role. Only a digest of the token is kept.

    The token is 256 random bits, so one SHA-256 is enough: there is nothing to guess. `prefix`
    is its first part, shown in lists so that a person can tell keys apart.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24, choices=Role)
    title = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)  # with the organisation's roles
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    last_used_on = models.DateField(null=True)  # a day, not a trail: the gate's log has that

    objects: ClassVar[models.Manager[ApiKey]] = scoped()

    def __str__(self) -> str:
        return f"{self.prefix} · {self.title}"


class SignInAttempt(models.Model):
    """A sign-in that has not succeeded, counted to slow guessing down. Digests, no addresses."""

    at = models.DateTimeField(db_index=True)
    account = models.CharField(max_length=64)  # digest of the e-mail address as typed
    address = models.CharField(max_length=64)  # digest of the network address

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="attempts_by_account"),
            models.Index(fields=["address", "at"], name="attempts_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T}"


from xinrong.accounts.mfa import models as mfa_models  # noqa: E402, F401 - Django finds them here
from xinrong.accounts.oidc import models as oidc_models  # noqa: E402, F401 - the same
