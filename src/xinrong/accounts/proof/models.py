"""Claims to represent an enterprise, their papers, their log, and what they came to."""

from __future__ import annotations

from django.db import models

from xinrong.accounts.proof.enums import OPEN, Outcome, Paper, State, Way

PERSON = "accounts.Person"
ORGANISATION = "accounts.Organisation"


class Claim(models.Model):
    """One person says to represent one enterprise (its code).

    The letter's code is kept as a password is: hashed, with its own salt. `moved_at` is the time
    of the last move; a clock that says less has been moved back.
    """

    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=18, db_index=True)
    name = models.CharField(max_length=200)  # the enterprise's, as of the claim
    way = models.CharField(max_length=12, choices=Way)
    state = models.CharField(max_length=16, choices=State, default=State.CLAIMED, db_index=True)
    made_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, related_name="+"
    )  # the operator who checked or printed first
    checked_at = models.DateTimeField(null=True)
    letters = models.PositiveSmallIntegerField(default=0)
    letter_query = models.BigIntegerField(null=True)  # the query that gave the address
    code_digest = models.CharField(max_length=200, blank=True)
    code_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)  # of this letter's code

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(state="proven"),
                name="one_first_representative",
            ),
            models.UniqueConstraint(
                fields=["code", "person"],
                condition=models.Q(state__in=sorted(OPEN)),
                name="one_open_claim_each",
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}: {self.code} ({self.state})"


class ClaimPaper(models.Model):
    """One handed-in document: a personal paper of level 5, encrypted in a file of its own.

    The row outlives the file: that a paper was seen stays, its content does not.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=12, choices=Paper)
    key = models.CharField(max_length=32, unique=True)  # the file's name, random
    media = models.CharField(max_length=16)  # by content: application/pdf, image/jpeg, image/png
    size = models.PositiveIntegerField()  # bytes
    digest = models.CharField(max_length=64)  # SHA-256 of the content
    given_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "kind"],
                condition=models.Q(deleted_at=None),
                name="one_paper_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of claim {self.claim_id}"


class ClaimMove(models.Model):
    """One move of a claim: who did it and why. Never changed. `by` is empty for the platform."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="moves")
    at = models.DateTimeField()
    move = models.CharField(max_length=20)
    before = models.CharField(max_length=16, blank=True)
    after = models.CharField(max_length=16)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.claim_id} {self.move} {self.after}"


class Representation(models.Model):
    """Who may act for an enterprise: the row that every move about it locks.

    `legal_digest` is the salted SHA-256 of the legal representative whom the register named when
    it was last proven; empty where it named nobody.
    """

    code = models.CharField(max_length=18, unique=True)
    organisation = models.OneToOneField(
        ORGANISATION, on_delete=models.PROTECT, null=True, related_name="+"
    )
    legal_salt = models.CharField(max_length=32, blank=True)
    legal_digest = models.CharField(max_length=64, blank=True)
    unconfirmed_at = models.DateTimeField(null=True)  # the register names another since
    cancelled_at = models.DateTimeField(null=True)  # seen to be deregistered

    def __str__(self) -> str:
        return f"representation of {self.code}"


class Dispute(models.Model):
    """Rivals for one enterprise, frozen until two operators decide the same, each with reasons."""

    code = models.CharField(max_length=18)
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="+")
    first_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    first_why = models.CharField(max_length=500, blank=True)
    first_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    decided_why = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(decided_at=None),
                name="one_open_dispute",
            )
        ]

    def __str__(self) -> str:
        return f"dispute {self.pk} about {self.code}"
