"""Invitations as they are kept: a digest of the token, an end, and what became of it."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models

from xinrong.accounts.enums import Role
from xinrong.accounts.scoping import scoped

PERSON = "accounts.Person"


def new_key() -> str:
    """A name for a row in addresses that nobody can guess from another one."""
    return secrets.token_hex(16)


class Invitation(models.Model):
    """Somebody may take up a role in an organisation: once, with this address, until its end.

    The token is 256 random bits and never kept; `key` names the row to those who manage it and
    opens nothing.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    key = models.CharField(max_length=32, unique=True, default=new_key)
    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    role = models.CharField(max_length=24, choices=Role)
    manages = models.BooleanField(default=False)
    invited_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager[Invitation]] = scoped()

    class Meta:
        indexes = [models.Index(fields=["organisation", "email"], name="invitations_by_address")]

    def __str__(self) -> str:
        return f"{self.email} · {self.role}"
