"""The words of channels, choices and of what kept a message from leaving."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xinrong.pages.words import Words

CHANNELS: Words = {"mail": _("e-mail"), "sms": _("SMS")}

#: What somebody may want by a channel.
WANTED: Words = {
    "off": _("no messages"),
    "urgent": _("only what is urgent, at once"),
    "daily": _("what is urgent at once, all else once a day"),
    "all": _("everything at once"),
}

MESSAGE_STATES: Words = {
    "queued": _("waits"),
    "sent": _("sent"),
    "failed": _("is tried again"),
    "dead": _("given up"),
    "dropped": _("nobody to tell any more"),
}

#: Why a message or a channel did not pass: what is wrong, and what to do.
WHYS: Words = {
    "address_refused": _("There is no such mailbox. The person was told here; nothing to do."),
    "number_refused": _("The number takes no messages. The person was told here; nothing to do."),
    "message_refused": _("The server refuses this message. Read what it said, then send it again."),
    "message_malformed": _("The address is none. Have the person correct it."),
    "server_busy": _("The server took it at none of eight attempts. Ask whoever runs it."),
    "server_unreachable": _("The server does not answer. See whether it runs, and its address."),
    "server_refused": _("The server refuses to talk to the platform. Read what it said."),
    "sign_in_refused": _("The server does not accept the platform's password or secret."),
    "settings_wrong": _("The settings of the mail server are wrong: see what is said below."),
    "fault": _("A fault of the platform itself: see the worker's messages, then send it again."),
    "worker_ended": _("The worker ended at each of eight attempts. See its messages."),
    "too_old": _("It waited for more than three days: what it says is no news."),
}
