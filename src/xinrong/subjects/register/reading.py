"""Successions as records of the register tell them: found, recorded, and taken back by themselves.

A contract says which of its records mean one (`succession`): the enterprise of the record is
followed by its counterparty from its event date on. Reading again changes nothing; what a person
took back stays so; what rests on a record that counts no more is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from xinrong.catalogue.contract import Contract
from xinrong.catalogue.region import Region
from xinrong.store import services as store
from xinrong.subjects.errors import SuccessionRefused
from xinrong.subjects.mapping import enterprises_of_each
from xinrong.subjects.models import Enterprise
from xinrong.subjects.register.models import Succession
from xinrong.subjects.succession import check_succession, open_at, record_at

#: Who decided, where a record did.
READER = "register"


@dataclass(slots=True)
class ReadSuccessions:
    """What a reading did: how many records tell a succession, and what became of them."""

    told: int = 0
    recorded: int = 0
    taken_back: int = 0
    refused: list[str] = field(default_factory=list)  # why, one sentence each
    nobody: int = 0  # one side is no enterprise that is known here


@dataclass(frozen=True, slots=True)
class _Told:
    source: str
    before: int  # subjects
    after: int
    kind: str
    on: date | None


type _Pair = tuple[Enterprise, Enterprise, _Told]


def read_successions(region: Region, *, at: datetime) -> ReadSuccessions:
    """Bring the successions that records tell up to date with the records that count now."""
    with store.snapshot() as snapshot:
        told = {
            one.source: one
            for contract in region.contracts.values()
            for one in _told(snapshot, contract)
        }
    done = ReadSuccessions(told=len(told))
    read = Succession.objects.exclude(source="")
    standing = {one.source: one for one in read.filter(to_seq=None)}
    kept_off = set(
        read.exclude(to_seq=None).exclude(undone_by=READER).values_list("source", flat=True)
    )
    gone = [standing[name] for name in sorted(standing.keys() - told.keys())]
    new = [told[name] for name in sorted(told.keys() - standing.keys() - kept_off)]
    pairs = _pairs(new, done)
    if not gone:  # else what is taken back may make room
        pairs = [pair for pair in pairs if _may_be(pair, done)]
    if pairs or gone:
        with transaction.atomic():
            _bring_up(pairs, gone, done, at)
    return done


def _told(snapshot: store.Snapshot, contract: Contract) -> Iterator[_Told]:
    says = contract.succession
    if says is None:
        return
    slot = contract.field(says.field).slot
    meanings = {f"m{place}": value for place, value in enumerate(says.values)}
    sql = (
        f"SELECT key, subject, counterparty, {slot} AS said, event_date FROM record "  # noqa: S608 (a slot's name)
        "WHERE category = $category AND counterparty IS NOT NULL "
        f"AND {slot} IN ({', '.join(f'${name}' for name in meanings)}) ORDER BY key"
    )
    found = snapshot.query(sql, {"category": contract.category, **meanings})
    for row in found.to_pylist():
        yield _Told(
            f"{contract.category}/{row['key']}",
            row["subject"],
            row["counterparty"],
            says.values[row["said"]],
            row["event_date"],
        )


def _pairs(new: list[_Told], done: ReadSuccessions) -> list[_Pair]:
    """Both sides as enterprises; without those that a person joined before the register did."""
    who = enterprises_of_each([side for one in new for side in (one.before, one.after)])
    same = set(open_at().values_list("predecessor", "successor"))
    found = []
    for told in new:
        before, after = who.get(told.before), who.get(told.after)
        if before is None or after is None:
            done.nobody += 1
        elif (before.pk, after.pk) not in same:
            same.add((before.pk, after.pk))
            found.append((before, after, told))
    return found


def _may_be(pair: _Pair, done: ReadSuccessions) -> bool:
    before, after, told = pair
    try:
        check_succession(before, after, told.kind)
    except SuccessionRefused as refusal:
        done.refused.append(str(refusal))
        return False
    return True


def _bring_up(
    pairs: list[_Pair], gone: list[Succession], done: ReadSuccessions, at: datetime
) -> None:
    seq = store.identity_seq(at, f"{len(pairs)} successions read, {len(gone)} gone")
    for one in gone:
        one.to_seq, one.undone_at, one.undone_by = seq, at, READER
        one.undone_why = "the record counts no more"
        one.save(update_fields=["to_seq", "undone_at", "undone_by", "undone_why"])
        done.taken_back += 1
    for before, after, told in pairs:
        try:
            record_at(
                seq,
                before,
                after,
                kind=told.kind,
                on=told.on,
                by=READER,
                why="the register says so",
                at=at,
                source=told.source,
            )
        except SuccessionRefused as refusal:
            done.refused.append(str(refusal))
        else:
            done.recorded += 1
