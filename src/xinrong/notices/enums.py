"""Words of notices that have few values."""

from __future__ import annotations

from django.db import models


class Channel(models.TextChoices):
    """How a message leaves the platform; in the platform a notice always stands."""

    MAIL = "mail", "邮件"
    SMS = "sms", "短信"


class MessageState(models.TextChoices):
    """Where a message stands."""

    QUEUED = "queued", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "待重试"  # tried, and tried again when its pause is over
    DEAD = "dead", "发送失败"  # given up: an operator looks, and sends it again
    DROPPED = "dropped", "已取消"  # nobody is to be told any more


class Wanted(models.TextChoices):
    """What somebody wants to be told by a channel."""

    OFF = "off", "不接收"
    URGENT = "urgent", "仅紧急"
    DAILY = "daily", "紧急即时，其余每日汇总"
    ALL = "all", "全部即时"


class Language(models.TextChoices):
    """In which language somebody is told."""

    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"
