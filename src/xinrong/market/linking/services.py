"""Verbs of the bank link."""

from __future__ import annotations

from xinrong.market.linking.errors import STATUSES, LinkBroken, LinkRefused
from xinrong.market.linking.filing import SCOPE
from xinrong.market.linking.keys import rotate, secrets_of
from xinrong.market.linking.links import (
    LinkConfig,
    change_link,
    close_link,
    config_of,
    link_named,
    links,
    open_link,
    read_config,
)
from xinrong.market.linking.lists import (
    Health,
    data_of,
    disputes,
    health_of,
    refused_lately,
    silent_of,
)
from xinrong.market.linking.models import (
    Conversation,
    Difference,
    Direction,
    InMessage,
    Link,
    LinkKey,
    OutMessage,
    Standing,
    Taken,
)
from xinrong.market.linking.reconciling import open_differences, send_ledger, send_ledgers
from xinrong.market.linking.revoking import follow as follow_revocations
from xinrong.market.linking.sending import dead_letters, hurry, resend, resend_all, send_due
from xinrong.market.linking.settling import settle
from xinrong.market.linking.signing import Signed
from xinrong.market.linking.taking import Answer, apply_parked, authentic, take
from xinrong.market.linking.wire import BANK, LONGEST, OURS, THEIRS

__all__ = [
    "BANK",
    "LONGEST",
    "OURS",
    "SCOPE",
    "STATUSES",
    "THEIRS",
    "Answer",
    "Conversation",
    "Difference",
    "Direction",
    "Health",
    "InMessage",
    "Link",
    "LinkBroken",
    "LinkConfig",
    "LinkKey",
    "LinkRefused",
    "OutMessage",
    "Signed",
    "Standing",
    "Taken",
    "apply_parked",
    "authentic",
    "change_link",
    "close_link",
    "config_of",
    "data_of",
    "dead_letters",
    "disputes",
    "follow_revocations",
    "health_of",
    "hurry",
    "link_named",
    "links",
    "open_differences",
    "open_link",
    "read_config",
    "refused_lately",
    "resend",
    "resend_all",
    "rotate",
    "secrets_of",
    "send_due",
    "send_ledger",
    "send_ledgers",
    "settle",
    "silent_of",
    "take",
]
