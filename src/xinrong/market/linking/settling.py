"""A bank's dispute is settled by the operator, in words that the bank's officers read as well.

Nothing moves by it: what was wrong is put right by the side whose it is, with a correction.
"""

from __future__ import annotations

from datetime import datetime

from xinrong.accounts.services import Viewer
from xinrong.domain.text import Text
from xinrong.market.errors import MarketRefused
from xinrong.market.linking.lists import disputes
from xinrong.market.linking.models import InMessage, Link
from xinrong.market.needs.refusals import refused
from xinrong.market.perms import can_see_links

LONGEST = 500


def settle(who: Viewer, link: Link, number: int, words: str, *, now: datetime) -> None:
    """Write down how a dispute ended, once. Raises MarketRefused (dispute_role, _unknown, _words).

    Settled already, it stays as it was settled first.
    """
    said = " ".join(words.split())
    if not can_see_links(who):
        raise refused(
            "dispute_role",
            Text(zh="只有平台操作员可以处理争议", en="Only the operator settles disputes"),
            Text(zh="请以操作员身份登录。", en="Sign in as one."),
        )
    if not disputes(link).filter(pk=number).exists():
        raise refused(
            "dispute_unknown",
            Text(zh="没有这项争议", en="There is no such dispute"),
            Text(zh="请刷新页面。", en="Load the page again."),
        )
    if not 1 <= len(said) <= LONGEST:
        raise _words()
    InMessage.objects.filter(pk=number, settled_at=None).update(
        settled_at=now, settled_by=who.person_id, settlement=said
    )


def _words() -> MarketRefused:
    return refused(
        "dispute_words",
        Text(zh="没有写明如何处理，或过长", en="It does not say how it ended, or too much"),
        Text(zh=f"请填写 1 至 {LONGEST} 字。", en=f"Write 1 to {LONGEST} characters."),
    )
