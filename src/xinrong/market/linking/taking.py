"""What a bank says: verified, kept under the bank's own name of it, applied in its order.

The same message again gets the answer that it got; the same name with another body is refused.
A message that comes before the one it follows is parked until that has come. One that is refused
has had its turn: the bank says something better under the next number.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from xinrong.domain.errors import XinrongError
from xinrong.market.linking import carrying, queueing, reconciling, signing
from xinrong.market.linking.errors import (
    LinkRefused,
    field_refused,
    status_of,
    unknown_application,
)
from xinrong.market.linking.keys import in_force, secret_in
from xinrong.market.linking.models import Conversation, Direction, InMessage, Link, Taken
from xinrong.market.linking.reconciling import FORGOTTEN
from xinrong.market.linking.wire import MOST_AHEAD, placed, read_message

#: Words of the process that say: try the same again, nothing was decided.
PASSING = frozenset({"move_stale", "move_overdue", "case_taken", "link_officer"})


@dataclass(frozen=True)
class Answer:
    """What the bank is told: the same for the same message, however often it comes."""

    status: int
    content: dict[str, Any] = field(default_factory=dict)


def take(link: Link, signed: signing.Signed, body: bytes, *, now: datetime) -> Answer:
    """Take a message that is authentic (`authentic`).

    Raises LinkRefused for what is not kept: replayed, an id used for another message, too far
    ahead, or in the way of somebody else's work (link_busy).
    """
    row = InMessage(
        link=link,
        number=signed.name,
        body=body.decode(),
        digest=sha256(body).hexdigest(),
        stamp=signed.stamp,
        signature=signed.signature,
        at=now,
    )
    try:
        with transaction.atomic():
            return _first(row, link, signed, body, now)
    except IntegrityError:  # the same has come before, or at the same moment
        known = _known(link, signed.name)
        if known is None:
            raise busy() from None
        return _again(known, signed, row.digest)


def authentic(
    name: str, headers: Mapping[str, str], body: bytes, *, certificate: str, now: datetime
) -> tuple[Link, signing.Signed]:
    """The link and the signature, once both and the certificate hold. Raises LinkRefused.

    `certificate` is the caller's fingerprint as a trusted proxy told it; empty: none.
    """
    rows = in_force(Direction.THEIRS, now).filter(link__name=name, link__closed_at=None)
    keys = list(rows.select_related("link__officer"))
    signed = signing.verified([secret_in(key) for key in keys], headers, body, now=now)
    link = keys[0].link  # without one nothing verifies
    if link.theirs and certificate != link.theirs:
        raise LinkRefused(
            "this link is used with the bank's own certificate only",
            remedy="Call with the client certificate whose fingerprint the operator has.",
            code="link_certificate",
        )
    return link, signed


def busy() -> LinkRefused:
    """Nothing was decided."""
    return LinkRefused(
        "somebody else is working on this application at this moment",
        remedy="Send the same message again in a few seconds, signed anew.",
        code="link_busy",
    )


def _known(link: Link, number: str) -> InMessage | None:
    return InMessage.objects.filter(link=link, number=number).first()


def _again(known: InMessage, signed: signing.Signed, digest: str) -> Answer:
    """The answer to a message that has come before. Raises LinkRefused."""
    if known.digest != digest:
        raise LinkRefused(
            f"the id {signed.name} is that of another message",
            remedy="Give every message an id of its own, and repeat one word for word.",
            code="link_id_reused",
        )
    later = InMessage.objects.filter(pk=known.pk, stamp__lt=signed.stamp)
    if not later.update(stamp=signed.stamp, signature=signed.signature):
        raise LinkRefused(
            "this very request has come before",
            remedy="Sign a repeat anew, with a later timestamp.",
            code="link_replayed",
        )
    repeated = {"repeated": True} if known.status < 400 else {}
    return Answer(known.status, {**known.answer, **repeated})


def _first(
    row: InMessage, link: Link, signed: signing.Signed, body: bytes, now: datetime
) -> Answer:
    """Read it, and see where it belongs. Raises LinkRefused for what is not kept."""
    message = understood(body)
    misplaced = _misplaced(message, link, signed)
    if misplaced is not None:
        return _refuse(row, misplaced)
    row.type = message.type
    if not isinstance(message, Faulty) and message.type in ("ledger", "resend"):
        known = _known(link, signed.name)
        return _again(known, signed, row.digest) if known else _unordered(row, link, message, now)
    conversation = (
        Conversation.objects.select_for_update()
        .filter(link=link, application=message.application)
        .first()
    )
    if conversation is None:
        return _refuse(row, unknown_application())
    conversation.link = link  # with its officer: as it stands now
    row.conversation = conversation
    there = _there(row, message.sequence)
    known = next(
        (one for one in there if one.number == row.number and one.link_id == link.pk), None
    )
    if known is not None:
        answer = _again(known, signed, row.digest)
        if known.code != FORGOTTEN:
            return answer
        known.delete()  # the bank has not lost it after all: it is taken as if for the first time
    return _in_order(row, conversation, message, there, now)


def _there(row: InMessage, sequence: int) -> list[InMessage]:
    """What has come already of this name, of this number, and of the next, in one look.

    The conversation's row is held: nothing comes to it meanwhile.
    """
    return list(
        InMessage.objects.filter(
            Q(link=row.link, number=row.number)
            | Q(conversation=row.conversation, sequence__in=(sequence, sequence + 1))
        )
    )


def _misplaced(message: Any, link: Link, signed: signing.Signed) -> LinkRefused | None:
    """Why a message belongs nowhere; None where it has its place."""
    if isinstance(message, Faulty):
        return None if message.sequence else message.refused
    if message.id != signed.name:
        return field_refused("id", "the id is not that of the header webhook-id")
    if message.link != link.name:
        return field_refused("link", "the message is for another link")
    return None


@dataclass(frozen=True)
class Faulty:
    """A message that cannot be taken: it has its turn all the same, where it says which."""

    refused: LinkRefused
    application: str = ""
    sequence: int = 0
    type: str = ""


def understood(body: bytes) -> Any:
    """A bank's message, or what is wrong with it."""
    try:
        return read_message(body)
    except LinkRefused as refused:
        return Faulty(refused, *(placed(body) or ("", 0)))


def _unordered(row: InMessage, link: Link, message: Any, now: datetime) -> Answer:
    """A ledger, or the wish to hear something again."""
    try:
        with transaction.atomic():
            told = (
                reconciling.take_ledger(link, message.data, now=now)
                if message.type == "ledger"
                else reconciling.resend(link, message.data, now=now)
            )
    except LinkRefused as refused:
        return _refuse(row, refused)
    return _keep(row, Taken.APPLIED, Answer(200, _told(row, "taken", told)), now)


def _in_order(
    row: InMessage,
    conversation: Conversation,
    message: Any,
    there: Collection[InMessage],
    now: datetime,
) -> Answer:
    """Apply it, park it, or refuse a number that has been used. Raises LinkRefused."""
    due, numbers = conversation.next_theirs, {one.sequence for one in there}
    if message.sequence < due or message.sequence in numbers:
        return _refuse(row, _sequence_taken(message.sequence, due))
    if message.sequence > due + MOST_AHEAD:
        raise LinkRefused(
            f"number {message.sequence} is far beyond {due}, which is waited for",
            remedy=f"Send number {due} first.",
            code="link_too_far",
        )
    row.sequence = message.sequence
    if message.sequence > due:
        if isinstance(message, Faulty):  # told at once; it has its turn when that comes
            return _keep(row, Taken.PARKED, _said(message.refused), now)
        told = _told(row, "parked", {"waiting_for": due})
        return _keep(row, Taken.PARKED, Answer(202, told), now)
    answer = _apply(row, conversation, message, now)
    if message.sequence + 1 in numbers:
        _catch_up(conversation, now)
    return answer


def _sequence_taken(sequence: int, due: int) -> LinkRefused:
    return LinkRefused(
        f"number {sequence} of this application has been used",
        remedy=f"Go on with number {due}; if you have lost what you sent, ask for it by `resend`.",
        code="link_sequence_taken",
    )


def _apply(row: InMessage, conversation: Conversation, message: Any, now: datetime) -> Answer:
    """Carry it to the application; what that refuses has had its turn. Raises LinkRefused."""
    try:
        with transaction.atomic():
            if isinstance(message, Faulty):
                raise message.refused
            told = carrying.carry(conversation, message, now=now)
    except XinrongError as refused:
        if refused.code in PASSING:
            raise busy() from None
        _turn(conversation)
        return _refuse(row, refused)
    _turn(conversation)
    return _keep(row, Taken.APPLIED, Answer(200, _told(row, "taken", told)), now)


def _turn(conversation: Conversation) -> None:
    conversation.next_theirs += 1
    conversation.save(update_fields=["next_theirs"])


def _catch_up(conversation: Conversation, now: datetime) -> int:
    """Apply what was parked and now has its turn; the bank is told what was refused."""
    done = 0
    while True:
        row = InMessage.objects.filter(
            conversation=conversation, sequence=conversation.next_theirs, outcome=Taken.PARKED
        ).first()
        if row is None:
            return done
        try:
            with transaction.atomic():
                said = _apply_parked(row, conversation, now)
        except LinkRefused:  # somebody works on it: `apply_parked` tries again
            return done
        if said:
            queueing.say(conversation, "not_taken", said, now=now)
        done += 1


def _apply_parked(row: InMessage, conversation: Conversation, now: datetime) -> dict[str, Any]:
    """Apply it; what the bank has to be told of that."""
    kept = row.status, row.answer  # what was said at once is said again
    answer = _apply(row, conversation, understood(row.body.encode()), now)
    row.status, row.answer = kept
    row.save(update_fields=["status", "answer"])
    if answer.status < 400 or kept[0] >= 400:
        return {}
    return {"message": row.number, "sequence": row.sequence, **answer.content["error"]}


def apply_parked(now: datetime) -> int:
    """Apply parked messages whose turn has come and that somebody's work held up; how many."""
    done = 0
    by_link = Link.objects.values("pk")  # the index begins with it
    parked = InMessage.objects.filter(link__in=by_link, outcome=Taken.PARKED)
    for one in parked.values("conversation").distinct():
        with transaction.atomic():
            rows = Conversation.objects.select_for_update(of=("self",))
            conversation = rows.select_related("link__officer").get(pk=one["conversation"])
            done += _catch_up(conversation, now)
    return done


def _told(row: InMessage, outcome: str, more: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row.number, "outcome": outcome, **more}


def _keep(row: InMessage, outcome: Taken, answer: Answer, now: datetime) -> Answer:
    row.outcome, row.status, row.answer = outcome, answer.status, answer.content
    row.applied_at = now if outcome == Taken.APPLIED else None
    row.save()
    return answer


def _refuse(row: InMessage, refused: XinrongError) -> Answer:
    """Keep what was not taken, and why."""
    answer = _said(refused)
    row.outcome, row.code = Taken.REFUSED, refused.code
    row.status, row.answer = answer.status, answer.content
    row.save()
    return answer


def _said(refused: XinrongError) -> Answer:
    """Why not, in the one shape of all errors."""
    content = {
        "error": {
            "code": refused.code,
            "wrong": refused.wrong,
            "place": str(refused.place),
            "remedy": refused.remedy,
        }
    }
    return Answer(status_of(refused), content)
