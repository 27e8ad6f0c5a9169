"""The words of proof: ways, papers, states, and why roles rest."""

from __future__ import annotations

from django.db import models

#: What begins every text that stands where an erased name, or reasons, were.
FORGOTTEN = "依法删除"


class Way(models.TextChoices):
    """How somebody proves to represent an enterprise."""

    IDENTITY = "identity", "身份认证服务"  # its claim names enterprise and role
    DOCUMENTS = "documents", "提交证明材料"  # checked by two operators
    LETTER = "letter", "登记地址信函验证"  # a code in a letter to the registered address
    DEMO = "demo", "演示"  # invented enterprises only


class Paper(models.TextChoices):
    """What is handed in when documents prove it."""

    LICENCE = "licence", "营业执照"
    IDENTITY = "identity", "本人身份证件"
    AUTHORITY = "authority", "法定代表人授权委托书"


class State(models.TextChoices):
    """Where a claim stands."""

    CLAIMED = "claimed", "已提出"
    DOCUMENTS_GIVEN = "documents_given", "材料待核验"
    CHECKED_ONCE = "checked_once", "已核验一次"
    LETTER_PRINTED = "letter_printed", "信函待寄出"
    CODE_SENT = "code_sent", "验证码已寄出"
    FROZEN = "frozen", "已冻结"
    PROVEN = "proven", "已证明"
    REFUSED = "refused", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"
    ENDED = "ended", "已终止"


#: Somebody is still at work on these.
OPEN = frozenset(
    {
        State.CLAIMED,
        State.DOCUMENTS_GIVEN,
        State.CHECKED_ONCE,
        State.LETTER_PRINTED,
        State.CODE_SENT,
        State.FROZEN,
    }
)


class Outcome(models.TextChoices):
    """How two operators decide between rivals."""

    CLAIM = "claim", "支持其中一项申请"
    PRESENT = "present", "维持现有代表"
    NONE = "none", "均不予认可"


class Rest(models.TextChoices):
    """Why the roles of an enterprise's people rest; kept as `Membership.suspended_why`."""

    RIVALS = "rival_claims", "另有人申请代表该企业，等待核定"
    CHANGED = "representative_changed", "登记的法定代表人已变更，等待重新确认"
    NOT_UPHELD = "not_upheld", "经两名操作员核定，不予认可"
