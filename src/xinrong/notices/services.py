"""Verbs of notices: tell people, read, choose, deliver, look after what could not be sent."""

from __future__ import annotations

from xinrong.notices.channels import open_channels
from xinrong.notices.confirming import ask_code, confirm
from xinrong.notices.consents import follow_trust
from xinrong.notices.delivering import Delivered, deliver
from xinrong.notices.errors import NoticeError
from xinrong.notices.gateway import LocalGateway, Modes
from xinrong.notices.kinds import KINDS, Kind, holds_while
from xinrong.notices.letters import counted, dead_letters, pauses, resend, resend_all
from xinrong.notices.models import ChannelPause, Message, Notice, Preference
from xinrong.notices.people import (
    Recipient,
    find,
    people_in,
    person_in,
    read,
    read_all,
    told,
    unread,
)
from xinrong.notices.preferring import forget_number, prefer, preference_of, try_again
from xinrong.notices.states import MESSAGE_PROCESS
from xinrong.notices.tasks import sweep
from xinrong.notices.telling import notify

__all__ = [
    "KINDS",
    "MESSAGE_PROCESS",
    "ChannelPause",
    "Delivered",
    "Kind",
    "LocalGateway",
    "Message",
    "Modes",
    "Notice",
    "NoticeError",
    "Preference",
    "Recipient",
    "ask_code",
    "confirm",
    "counted",
    "dead_letters",
    "deliver",
    "find",
    "follow_trust",
    "forget_number",
    "holds_while",
    "notify",
    "open_channels",
    "pauses",
    "people_in",
    "person_in",
    "prefer",
    "preference_of",
    "read",
    "read_all",
    "resend",
    "resend_all",
    "sweep",
    "told",
    "try_again",
    "unread",
]
