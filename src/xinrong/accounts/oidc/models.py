"""What an identity service said of a person: the lasting link, and every claim it made."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class IdentityLink(models.Model):
    """A person of the platform is this subject at this identity service.

    Issuer and subject together name one human being for ever (OpenID Connect Core 1.0, section
    2); an e-mail address does not: it can change hands.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identity_links"
    )
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_person_per_subject"),
            models.UniqueConstraint(fields=["person", "issuer"], name="one_subject_per_service"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.issuer}"


class IdentityClaim(models.Model):
    """What a verified ID token said at one sign-in. Rows are only ever added.

    `enterprise_code` is the social credit code of the enterprise for which the service says the
    person acts, empty when it names none; `role` is the platform's word for the role there
    (EnterpriseRole), empty when the service's word for it is not in the region's mapping.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identity_claims"
    )
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    name = models.CharField(max_length=100, blank=True)
    enterprise_code = models.CharField(max_length=18, blank=True)
    role = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()  # when the token was verified here

    class Meta:
        indexes = [models.Index(fields=["person", "at"], name="claims_by_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.enterprise_code} · {self.role}"
