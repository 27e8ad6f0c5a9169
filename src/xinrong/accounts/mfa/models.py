"""Second factors, recovery codes, signed-in sessions, and what happened to them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class FactorKind(models.TextChoices):
    """With what a person shows, beside the password, that it is the same person."""

    TOTP = "totp", "动态口令"  # RFC 6238: an authenticator app
    PASSKEY = "passkey", "通行密钥"  # WebAuthn
    RECOVERY = "recovery", "恢复码"  # one of ten single-use codes


class SecondFactor(models.Model):
    """An authenticator app or a passkey of one person.

    `secret` is the seed of the app, sealed (see sealing.py). `credential_id` and `public_key`
    are those of a passkey. `last_step` is the last time step whose code was used: RFC 6238,
    section 5.2, forbids a second use, and the row is shared by every server process.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="factors"
    )
    kind = models.CharField(max_length=16, choices=FactorKind)
    name = models.CharField(max_length=60)
    secret = models.TextField(blank=True)
    credential_id = models.CharField(max_length=1400, null=True, unique=True)
    public_key = models.TextField(blank=True)
    sign_count = models.BigIntegerField(default=0)
    last_step = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(kind="totp"), name="one_authenticator_app_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.kind} · {self.name}"


class RecoveryCode(models.Model):
    """A single-use code for the day the phone is lost; only its digest is kept."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes"
    )
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person} · {'used' if self.used_at else 'unused'}"


class FactorEvent(models.Model):
    """What happened to a person's sign-in: rows are only ever added.

    `by` is who did it, when it was not the person; `second` is the other operator of a reset.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="factor_events"
    )
    at = models.DateTimeField()
    what = models.CharField(max_length=24)  # added, removed, codes_made, code_used, reset …
    kind = models.CharField(max_length=16, blank=True)
    name = models.CharField(max_length=60, blank=True)
    network = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["person", "at"], name="factor_events_by_person")]

    def __str__(self) -> str:
        return f"{self.at:%F %T} · {self.person} · {self.what} {self.kind}"


class FactorReset(models.Model):
    """An operator asks to take every factor from a person who lost them; another one confirms."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    done = models.BooleanField(default=False)  # closed by confirming, not by refusing

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(closed_at=None), name="one_open_reset_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.asked_at:%F %T}"


class SignedIn(models.Model):
    """A session of somebody who signed in: the device, the place, and since when.

    `session_key` is that of Django's session; without that session the row means nothing.
    `network` is the prefix of the address, /24 or /48: enough to tell home from elsewhere.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="signed_in"
    )
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=200, blank=True)  # the browser's own words
    network = models.CharField(max_length=64, blank=True)
    factor = models.CharField(max_length=16, blank=True)  # FactorKind, or empty when put off
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person} · {self.began_at:%F %T}"


class PutOff(models.Model):
    """A demonstration account, which may put its second factor off.

    Only `xinrong demo` makes these rows: who tries the platform out has no phone prepared.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="put_off"
    )

    def __str__(self) -> str:
        return str(self.person)


class PasswordLink(models.Model):
    """A link with which somebody who forgot the password chooses a new one; used once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person} · {self.made_at:%F %T}"
