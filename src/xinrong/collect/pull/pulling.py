"""Pulling what is new from one table: read it whole, then take it in as one batch.

The rows are read into a file of their own first and the department's server is left alone again;
only then does the intake begin. So a server that dies midway has changed nothing here, and what
was read is judged, compared and committed like any upload. The watermark moves in the transaction
that commits the batch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import IntegrityError

from xinrong.catalogue.region import Region
from xinrong.collect.errors import PullError
from xinrong.collect.feeds import find_feed, region_of
from xinrong.collect.models import PullMark, PullStep, Receipt
from xinrong.collect.pull.address import address_of
from xinrong.collect.pull.definition import PullSource, pull_source_of
from xinrong.collect.pull.sessions import Session, session
from xinrong.collect.pull.spool import Spool
from xinrong.collect.pull.statements import Statements
from xinrong.collect.push.held import HeldIntake
from xinrong.collect.readers import Note
from xinrong.domain.clock import Clock
from xinrong.domain.errors import Place
from xinrong.domain.text import Text

#: How a value of a position is kept, and read back to be bound.
_KEPT: dict[str, Callable[[str], Any]] = {
    "int": int,
    "decimal": Decimal,
    "text": str,
    "moment": datetime.fromisoformat,
}


@dataclass(frozen=True)
class Pulled:
    """What a pull did: no receipt when nothing was new; `more` when its bound cut it short."""

    feed: str
    receipt: Receipt | None
    more: bool = False


@dataclass(frozen=True)
class _Look:
    """What a session found before it read: types, from where to where, and notes."""

    types: dict[str, str]
    after: list[Any]
    upto: Any
    mark: PullMark | None  # to be kept once the rows up to `upto` are on record
    notes: list[Note]


def pull(
    feed: str,
    *,
    clock: Clock,
    region: Region | str | None = None,
    source: PullSource | None = None,
    accept_types: bool = False,
) -> Pulled:
    """Take in what is new in the table of a feed, as one batch.

    `source` is the region's own unless it is given. `accept_types` goes on although columns have
    other types than at the last pull. Raises UnknownFeed, PullError with the reason (nothing was
    written, the watermark stands), and FileError when the feed's columns do not fit.
    """
    pack = region_of(region)
    found = find_feed(pack, feed)
    source = source or pull_source_of(pack, feed)
    now = clock.now()
    last = _last(pack.info.region, feed)
    with Spool(tuple(source.columns), source) as spool:
        with session(source, address_of(source.connection, source.server)) as reading:
            look = _look(reading, source, last, pack.info.region, now, accept_types=accept_types)
            if look.upto is not None:
                _read(reading, source, look, spool)
        if not spool.rows:
            _keep(look.mark)
            return Pulled(feed, None)
        position = kept(spool.position, source)
        digest = hashlib.sha256(
            json.dumps([pack.info.region, feed, kept(look.after, source), position]).encode()
        ).hexdigest()
        step = PullStep(
            region=pack.info.region,
            feed=feed,
            number=last.number + 1 if last else 1,
            position=position,
            types=look.types,
            at=now,
        )
        intake = HeldIntake(
            f"pull {step.number} of {source.table}",
            spool.held(),
            found,
            pack.contract_of(found),
            region=pack.info.region,
            received_at=now,
            also=lambda receipt: _settle(step, receipt.batch, look.mark),
            notes=look.notes,
        )
        receipt = intake.take(digest, None)
        return Pulled(feed, receipt, more=spool.rows >= source.limits.rows)


def _last(region: str, feed: str) -> PullStep | None:
    return PullStep.objects.filter(region=region, feed=feed).order_by("-number").first()


def _settle(step: PullStep, batch: int | None, mark: PullMark | None = None) -> None:
    """Inside the commit: the watermark moves on. Raises PullError when another pull moved it."""
    _keep(mark)
    step.pk, step.batch = None, batch
    try:
        step.save(force_insert=True)
    except IntegrityError:
        raise PullError(
            f"another pull of {step.feed} was committed meanwhile",
            remedy="Nothing is lost: it has read these rows. The next pull goes on from there.",
            code="pull_overtaken",
        ) from None


def _look(
    reading: Session,
    source: PullSource,
    last: PullStep | None,
    region: str,
    now: datetime,
    *,
    accept_types: bool,
) -> _Look:
    statements = Statements(source)
    types = reading.types(statements.shape())
    _check_types(reading, source, types, last, accept_types=accept_types)
    after = [_KEPT[kind](text) for kind, text in last.position] if last else []
    mark = None
    if source.watermark.kind == "moment":
        upto = reading.one(statements.settled_moment())
    else:
        upto, mark = _settled_number(reading.one(statements.largest()), source, region, now)
    notes = []
    if reading.one(statements.without_watermark()) is not None:
        text = Text(
            zh=f"有些行的 {source.watermark.column} 为空，无法得知何时变动，没有读取。",
            en=f"Rows without {source.watermark.column} do not say when they changed; they are "
            "not read.",
        )
        notes.append(Note("watermark_missing", text))
    return _Look(types, after, upto, mark, notes)


def _check_types(
    reading: Session,
    source: PullSource,
    types: dict[str, str],
    last: PullStep | None,
    *,
    accept_types: bool,
) -> None:
    mark = source.watermark
    plain = types[mark.column].partition("(")[0]
    if plain not in reading.kinds[mark.kind]:
        raise PullError(
            f"the watermark is of type {types[mark.column]}, which is no {mark.kind}",
            place=Place(file=source.table, field=mark.column),
            remedy=f"Name a column of one of the types {', '.join(reading.kinds[mark.kind])}.",
            code="pull_watermark_type",
        )
    before = dict(last.types) if last else {}
    changed = [name for name, kind in types.items() if before.get(name, kind) != kind]
    if changed and not accept_types:
        listed = ", ".join(f"{name}: {before[name]} → {types[name]}" for name in changed)
        raise PullError(
            f"columns have other types than at the last pull: {listed}",
            place=Place(file=source.table, field=changed[0]),
            remedy="Ask the department what has changed; if the feed still reads it rightly, "
            "repeat with --accept-types.",
            code="pull_types_changed",
        )


def _settled_number(
    largest: Any, source: PullSource, region: str, now: datetime
) -> tuple[Any, PullMark | None]:
    """Up to which number to read, the largest that was seen at least the lag ago; the next mark."""
    lag = timedelta(seconds=source.watermark.lag_seconds)
    if largest is None or not lag:
        return largest, None
    mark = PullMark.objects.filter(region=region, feed=source.feed).first()
    if mark is not None and now - mark.seen_at < lag:
        return None, None
    upto = None if mark is None else int(mark.value)
    mark = mark or PullMark(region=region, feed=source.feed)
    mark.value, mark.seen_at = Decimal(int(largest)), now
    return upto, mark


def _keep(mark: PullMark | None) -> None:
    if mark is not None:
        PullMark.objects.update_or_create(
            region=mark.region,
            feed=mark.feed,
            defaults={"value": mark.value, "seen_at": mark.seen_at},
        )


def _read(reading: Session, source: PullSource, look: _Look, spool: Spool) -> None:
    width = len(source.columns)
    before: tuple[Any, ...] = ()
    for rows in reading.stream(Statements(source).rows(look.after, look.upto)):
        places = [row[width:] for row in rows]
        chain = [before, *places] if before else places
        if any(one == other for one, other in pairwise(chain)):
            raise _not_settled(source, "two rows have the same watermark and tie-breaker")
        if any(None in place for place in places):
            raise _not_settled(source, "a row has no tie-breaker")
        before = places[-1]
        spool.add([row[:width] for row in rows], before)


def _not_settled(source: PullSource, wrong: str) -> PullError:
    return PullError(
        wrong,
        place=Place(file=source.table, field=", ".join(source.watermark.tie)),
        remedy="Name as `tie` the columns that tell every row from any other, such as its id.",
        code="pull_tie",
    )


def kept(position: Sequence[Any], source: PullSource) -> list[list[str]]:
    """A position as it is kept: the kind and text of each value. Raises PullError."""
    found = []
    for value in position:
        if isinstance(value, bool) or not isinstance(value, int | Decimal | str | datetime):
            raise PullError(
                f"a {type(value).__name__} cannot be a watermark or tie-breaker",
                place=Place(file=source.table, field=", ".join(source.watermark.tie)),
                remedy="Use columns of whole numbers, text or timestamps.",
                code="pull_tie",
            )
        if isinstance(value, datetime):
            found.append(["moment", value.isoformat()])
        else:
            kind = {int: "int", Decimal: "decimal"}.get(type(value), "text")
            found.append([kind, str(value)])
    return found


def rewind(batch: int, *, clock: Clock) -> PullStep:
    """Move a feed's watermark back to where the pull of a batch began. Raises PullError.

    The next pull reads from there; what is on record already comes back as duplicates.
    """
    made = PullStep.objects.filter(batch=batch).first()
    if made is None:
        raise PullError(
            f"batch {batch} was not pulled",
            remedy="Look up the batch on the list of receipts.",
            code="pull_unknown",
        )
    steps = PullStep.objects.filter(region=made.region, feed=made.feed)
    earlier = steps.filter(number=made.number - 1).first()
    last = steps.order_by("-number").first()
    step = PullStep(
        region=made.region,
        feed=made.feed,
        number=(last.number if last else 0) + 1,
        position=earlier.position if earlier else [],
        types=made.types,
        at=clock.now(),
    )
    _settle(step, None)
    return step
