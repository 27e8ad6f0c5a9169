"""Subjects, enterprises and the versioned map between them.

A *subject* is an identity as a source sent it and is permanent. An *enterprise* is who that is.
The identity map is the only thing that a merge, a split or an undo writes.
"""

from __future__ import annotations

from django.db import models

import xinrong.subjects.judging.models
import xinrong.subjects.register.models  # noqa: F401 - Django looks for models here


class EnterpriseKind(models.TextChoices):
    """What kind of market player it is; `personal` kinds fall under the personal-data law."""

    COMPANY = "company", "公司"
    BRANCH = "branch", "分支机构"
    SOLE_TRADER = "sole_trader", "个体工商户"
    COOPERATIVE = "cooperative", "农民专业合作社"
    FARM_HOUSEHOLD = "farm_household", "农户"
    PUBLIC_BODY = "public_body", "机关事业单位社会团体"
    PROSPECTIVE = "prospective", "拟设立企业"


PERSONAL_KINDS = frozenset({EnterpriseKind.SOLE_TRADER, EnterpriseKind.FARM_HOUSEHOLD})


class Enterprise(models.Model):
    """One market player. `provisional`: known by a valid code, not yet by the register.

    `cancelled`: the register says that it was deregistered, on `cancelled_on` where it says when;
    it stays, with its file.
    """

    code = models.CharField(max_length=18, unique=True)  # unified social credit code
    name = models.CharField(max_length=200)
    folded_name = models.CharField(max_length=200, db_index=True)  # domain.names.fold
    kind = models.CharField(max_length=16, choices=EnterpriseKind, default=EnterpriseKind.COMPANY)
    provisional = models.BooleanField(default=False)
    cancelled = models.BooleanField(default=False, db_default=False)
    cancelled_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def personal(self) -> bool:
        """Whether the law of personal information applies."""
        return self.kind in PERSONAL_KINDS


class Subject(models.Model):
    """An identity as sent: `key` is `code:<code>`, else `name:<department>:<folded name>`."""

    key = models.CharField(max_length=300, unique=True)
    code = models.CharField(max_length=18, blank=True)
    name = models.CharField(max_length=200)
    department = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.key


class IdentityLink(models.Model):
    """Subject → enterprise, from one seq to another (open when `to_seq` is null)."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    from_seq = models.BigIntegerField()
    to_seq = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=64)  # code, register, judgement …

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=models.Q(to_seq=None), name="one_open_link"
            )
        ]
        indexes = [models.Index(fields=["enterprise", "from_seq"])]


class EnterpriseName(models.Model):
    """A name that an enterprise has or had, as some source wrote it: for search and history."""

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    name = models.CharField(max_length=200)
    folded_name = models.CharField(max_length=200, db_index=True)
    seq = models.BigIntegerField()  # of the commit that brought it first

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "name"], name="one_row_per_name")
        ]


class RegisterChange(models.Model):
    """One thing that the register said anew of an enterprise, by the commit with `seq`."""

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    seq = models.BigIntegerField()
    what = models.CharField(max_length=12)  # name, kind, provisional, cancelled
    before = models.CharField(max_length=200)
    after = models.CharField(max_length=200)
    day = models.DateField(null=True)  # as of which the register says so, where it does
    retracted_seq = models.BigIntegerField(null=True)  # from then on nobody says so

    class Meta:
        indexes = [models.Index(fields=["enterprise", "seq"])]


class DecisionKind(models.TextChoices):
    """What a decision on identity says."""

    MERGE = "merge", "合并"
    SPLIT = "split", "拆分"
    LINK = "link", "关联"
    UNLINK = "unlink", "解除关联"
    UNDO = "undo", "撤销"


class Decision(models.Model):
    """Who decided when, and why, that subjects are another enterprise; it is never deleted.

    It took `seq` for itself alone: the links that begin and end with that seq are what it did.
    `source` and `target` name the two sides in words; of an undo they are those of what it undid,
    the other way round. `source` is empty where a subject was linked to nobody before; either is
    empty where a decision about many subjects has more than one.
    """

    seq = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=8, choices=DecisionKind)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    why = models.CharField(max_length=500)
    source = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", null=True)
    target = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", null=True)
    subjects = models.PositiveIntegerField()  # how many it moved
    undone_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="undoes", null=True
    )

    def __str__(self) -> str:
        return f"decision {self.pk}: {self.kind} of {self.source} into {self.target}"
