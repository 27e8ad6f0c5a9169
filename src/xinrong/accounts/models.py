"""Organisations, people and the roles people hold in organisations."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class OrganisationKind(models.TextChoices):
    """What an organisation is on the platform."""

    ENTERPRISE = "enterprise", "企业"
    BANK = "bank", "银行"
    DEPARTMENT = "department", "政府部门"
    OPERATOR = "operator", "平台运营方"


class Organisation(models.Model):
    """Somebody people act for. `reference` is the department id, or the enterprise's code."""

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=16, choices=OrganisationKind)
    reference = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Makes people; there is no superuser: rights come from a role in an organisation."""

    def create_user(self, email: str, password: str, name: str = "") -> Person:
        person = self.model(email=self.normalize_email(email), name=name)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """A human being who signs in."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)

    objects = PersonManager()
    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email


class Role(models.TextChoices):
    """What a person may do for an organisation."""

    LOAN_OFFICER = "loan_officer", "信贷人员"  # bank
    DATA_OFFICER = "data_officer", "数据专员"  # department
    OPERATOR = "operator", "平台操作员"  # operator
    REPRESENTATIVE = "representative", "企业代表"  # enterprise


class Membership(models.Model):
    """A person's role in an organisation."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=16, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="one_role_each")
        ]
