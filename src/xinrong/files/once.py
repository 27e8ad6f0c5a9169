"""A batch that a program asks for by a key: asked once, however often it is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import Error as DatabaseError
from django.db import IntegrityError, transaction

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import Clock, SystemClock
from xinrong.domain.errors import XinrongError
from xinrong.files.asked.models import BatchAsked
from xinrong.files.asking import (
    ANSWERED,
    DENIED,
    AskedRow,
    Question,
    ask_about,
    not_asked,
    of_release,
    to_ask,
)
from xinrong.files.batching import PRODUCTS
from xinrong.files.clients import KNOWN, ListedRow
from xinrong.files.errors import BatchKeyReused, BatchRunning
from xinrong.trust.services import trail

CLOCK: Clock = SystemClock()
#: How long a batch holds its key unheard: many times what the largest takes.
LEASE = timedelta(seconds=120)
#: How long a key gives the first answer again.
REPEATED_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Answer:
    """A whole batch: its rows in the order of the list."""

    bundle: str
    asked_at: datetime
    repeated: bool
    rows: list[AskedRow]


def ask_once(
    who: Viewer,
    rows: Sequence[ListedRow],
    question: Question,
    *,
    key: str,
    body: Mapping[str, Any],
    clock: Clock = CLOCK,
) -> Answer:
    """Ask about a whole list; the same key and body again give the first answer for a day.

    A repeat asks nobody anew and counts nothing: what was released is read again at the same
    state of the store, and handed over where it is word for word the same and its consent still
    stands. Raises BatchTooLarge, BatchKeyReused, BatchRunning.
    """
    known = to_ask(rows)
    if not known:
        return Answer("", clock.now(), False, [not_asked(row) for row in rows])
    held = _claim(who, key, _digest(body), question, clock.now())
    if held.done_at is not None:
        again = [
            _again(who, row, kept, question) for row, kept in zip(rows, held.rows, strict=True)
        ]
        return Answer(held.bundle, held.asked_at, True, again)
    try:
        answered = ask_about(who, known, question, bundle=held.bundle, clock=clock)
        found = {one.row.enterprise: one for one in answered}
        done = [found[row.enterprise] if row.fate in KNOWN else not_asked(row) for row in rows]
        held.rows = [[one.status, one.error, one.audit_id] for one in done]
        held.done_at = clock.now()
        held.save(update_fields=["rows", "done_at"])
    except BaseException:
        with suppress(DatabaseError):  # then the claim ends with its time
            held.delete()
        raise
    return Answer(held.bundle, held.asked_at, False, done)


def _again(who: Viewer, row: ListedRow, kept: list[Any], question: Question) -> AskedRow:
    """One row of a batch that was asked before, as it came out then."""
    status, error, audit_id = kept
    first = AskedRow(row, status, error, audit_id)
    if status != ANSWERED:
        return first
    try:
        return of_release(row, trail.reread(who, audit_id, PRODUCTS[question.service]))
    except XinrongError as refusal:
        return replace(first, status=DENIED, error=refusal.code)


def _digest(body: Mapping[str, Any]) -> str:
    encoded = json.dumps(body, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(encoded.encode()).hexdigest()


def _claim(who: Viewer, key: str, digest: str, question: Question, now: datetime) -> BatchAsked:
    """Hold the key; a batch that was answered comes back as it is."""
    caller = f"key {who.key_id}" if who.key_id is not None else f"person {who.person_id}"
    mine = BatchAsked.objects.filter(organisation=who.organisation_id, caller=caller)
    mine.filter(asked_at__lt=now - REPEATED_FOR).delete()
    try:
        with transaction.atomic():
            return BatchAsked.objects.create(
                organisation_id=who.organisation_id or 0,
                caller=caller,
                key=key,
                digest=digest,
                bundle=uuid4().hex,
                service=question.service,
                purpose=question.purpose,
                stage=question.stage or "",
                asked_at=now,
            )
    except IntegrityError:
        held = mine.filter(key=key).first()
    if held is None:  # its attempt failed and let go in this moment
        raise BatchRunning(key, 1)
    if held.digest != digest:
        raise BatchKeyReused(key)
    if held.done_at is None:
        left = held.asked_at + LEASE - now
        if left > timedelta(0):
            raise BatchRunning(key, max(1, round(left.total_seconds())))
        if not mine.filter(pk=held.pk, asked_at=held.asked_at, done_at=None).update(asked_at=now):
            raise BatchRunning(key, 1)
        held.asked_at = now
    return held
