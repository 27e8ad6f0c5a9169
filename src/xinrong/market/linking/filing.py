"""The consented file, read at the moment at which it is sent, and never kept.

It is asked of the gate as the bank's own question, under the bank's own key, so the enterprise sees
who looked. Without a consent that opens something nothing is sent: the message says why instead.
A repeat sends the same state of the store; where less may be shown by then it is another message.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from xinrong.accounts.services import (
    ApiKey,
    Organisation,
    Viewer,
    create_key,
    keys_of,
    viewer_from,
)
from xinrong.domain.errors import XinrongError
from xinrong.files import services as files
from xinrong.market.linking import queueing
from xinrong.market.linking.errors import LinkBroken
from xinrong.market.linking.models import Link, OutMessage
from xinrong.trust.services import Denied, Purpose, Release, Stage

SCOPE = "bank_link"
VALID = timedelta(days=366)
#: Pages of records in one message, each of as many as the service gives at once.
MOST_PAGES = 20
PAGE = 500
#: Refusals that pass: the message waits for another day.
PASSING = frozenset({"denied_budget"})


def viewer_of_link(link: Link, *, now: datetime) -> Viewer:
    """As whom the bank's system is shown a file: the bank's own key for it.

    It is made where there is none or it has ended by itself; one that the bank has revoked is not
    replaced. Raises LinkBroken (link_key).
    """
    newest = next((key for key in keys_of(link.organisation_id) if SCOPE in key.scopes), None)
    if newest is None or (newest.revoked_at is None and newest.expires_at <= now):
        newest = new_key(link.organisation, now=now)
    if newest.revoked_at is not None:
        raise LinkBroken(
            f"{link.organisation.name} has revoked the key {newest.prefix} of its link",
            remedy="Its manager makes a new one with the scope bank_link.",
            code="link_key",
        )
    return viewer_from(newest)


def new_key(organisation: Organisation, *, now: datetime) -> ApiKey:
    """A key under which files are sent; its token is known to nobody."""
    key, _ = create_key(organisation, "bank link", [SCOPE], valid_for=VALID, now=now)
    return key


def filed(link: Link, row: OutMessage) -> tuple[str, dict[str, Any]]:
    """Type and data of the message: the file, or `void` with the reason why there is none.

    Must not be called inside a transaction. Raises LinkBroken where it can be tried again.
    """
    assert row.conversation is not None
    stage = Stage(row.data["stage"])
    try:
        who = viewer_of_link(link, now=timezone.now())
        releases = read(who, row.conversation.enterprise, stage, row.data.get("seq"))
    except Denied as refusal:
        if refusal.code in PASSING:
            raise _later(refusal) from None
        return "void", {"instead_of": "file", "stage": str(stage), "reason": refusal.code}
    except LinkBroken:
        raise
    except XinrongError as error:  # the log takes no row, the store was overtaken …
        raise _later(error) from None
    first = releases[0]
    digests = [one.digest for one in releases]
    if row.data.get("digests") != digests:
        _remember(row, first, digests)
    return "file", {
        "stage": str(stage),
        "audit": row.data["audit"],
        "seq": first.seq,
        "digests": digests,
        "withheld": [{"category": one.category, "reason": one.reason} for one in first.withheld],
        "pages": [json.loads(one.spelled) for one in releases],
    }


def read(who: Viewer, enterprise: int, stage: Stage, seq: int | None) -> list[Release]:
    """All pages of the file, of one state of the store. Raises Denied and what the gate raises."""
    found: list[Release] = []
    for page in range(MOST_PAGES):
        release = files.comprehensive(
            who,
            enterprise,
            Purpose.CREDIT,
            stage,
            offset=page * PAGE,
            limit=PAGE,
            at_seq=seq,
            only_consented=True,
        )
        found.append(release)
        seq = release.seq
        if (page + 1) * PAGE >= release.content.total:
            break
    return found


def _remember(row: OutMessage, first: Release, digests: list[str]) -> None:
    """Which state was sent. What differs from what was sent before is a message of its own."""
    if "digests" in row.data:
        row.name = queueing.new_name()
    row.data = {**row.data, "seq": first.seq, "digests": digests, "audit": first.audit_id}
    OutMessage.objects.filter(pk=row.pk).update(data=row.data, name=row.name)


def _later(error: XinrongError) -> LinkBroken:
    return LinkBroken(
        f"the file cannot be read now: {error.code}",
        remedy="It is tried again.",
        code="link_file",
    )
