"""What was done about people, keys and support of an organisation: a log that only grows."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from xinrong.accounts.scoping import scoped


class What(models.TextChoices):
    """What was done."""

    TAKEN_IN = "taken_in", "登记机构"
    RENAMED = "renamed", "更名"
    CLOSED = "closed", "关闭机构"
    REOPENED = "reopened", "重新启用机构"
    INVITED = "invited", "发出邀请"
    INVITATION_WITHDRAWN = "invitation_withdrawn", "撤回邀请"
    JOINED = "joined", "加入"
    ROLE_CHANGED = "role_changed", "变更角色"
    ROLE_ENDED = "role_ended", "终止角色"
    ROLES_SUSPENDED = "roles_suspended", "暂停角色"
    ROLES_RESUMED = "roles_resumed", "恢复角色"
    KEY_MADE = "key_made", "创建密钥"
    KEY_ROTATED = "key_rotated", "轮换密钥"
    KEY_REVOKED = "key_revoked", "吊销密钥"
    SUPPORT_ASKED = "support_asked", "申请协助"
    SUPPORT_NODDED = "support_nodded", "同意协助"
    SUPPORT_STARTED = "support_started", "开始协助"
    SUPPORT_ENDED = "support_ended", "结束协助"


class AccountEvent(models.Model):
    """One thing done, by whom and about whom. `actor` is empty for the command line."""

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    actor = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    what = models.CharField(max_length=24, choices=What)
    about = models.CharField(max_length=254)  # an e-mail address, a key's first part, a name
    detail = models.CharField(max_length=300, blank=True)

    objects: ClassVar[models.Manager[AccountEvent]] = scoped()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "at"], name="events_by_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.what} {self.about}"


def note(
    organisation: int,
    what: What,
    about: str,
    *,
    now: datetime,
    actor: int | None,
    detail: str = "",
) -> None:
    """Add a row, in the caller's transaction."""
    AccountEvent.objects.create(
        organisation_id=organisation,
        at=now,
        actor_id=actor,
        what=what,
        about=about[:254],
        detail=detail[:300],
    )
