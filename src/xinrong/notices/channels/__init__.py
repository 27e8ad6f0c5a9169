"""The ways out of the platform: which are set up, and one object for each."""

from __future__ import annotations

from django.conf import settings

from xinrong.notices.channels.mail import MailChannel
from xinrong.notices.channels.port import Outgoing, Way
from xinrong.notices.channels.sms import SmsChannel
from xinrong.notices.enums import Channel

__all__ = ["Outgoing", "Way", "open_channels", "way_of"]


def open_channels() -> list[Channel]:
    """The channels that are set up; none without XINRONG_SITE, to which every link leads."""
    if not settings.SITE:
        return []
    found = [Channel.MAIL] if "default" in settings.MAILERS else []
    return [*found, Channel.SMS] if settings.SMS else found


def way_of(channel: Channel) -> Way:
    """The way out for a channel that is set up."""
    if channel == Channel.MAIL:
        return MailChannel(settings.MAIL_FROM)
    return SmsChannel(settings.SMS)
