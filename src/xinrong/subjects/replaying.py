"""What a restore repeats of decisions about identity: see `journalled`."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from xinrong.store import services as store
from xinrong.subjects.deciding import NewEnterprise, split
from xinrong.subjects.errors import IdentityRefused, SuccessionRefused
from xinrong.subjects.journalled import PARTED, SUCCESSION_SET, SUCCESSION_UNDONE
from xinrong.subjects.judging.replaying import BY, WHY, numbers_with
from xinrong.subjects.models import Enterprise, IdentityLink, Subject
from xinrong.subjects.register.models import Succession
from xinrong.subjects.succession import open_at, record_succession, undo_succession


@store.replayer(PARTED)
def part_again(entry: store.Entry) -> store.Outcome:
    """Subjects that were taken out of an enterprise since the backup leave it again.

    Where they went is made, provisionally, if the backup does not know it. What the restored map
    does not allow, because a merge of that time is not repeated, is left as it is.
    """
    pairs = [(mark, code) for mark, code in entry.payload["moved"]]
    keys = [mark for mark, _ in pairs if mark.startswith("code:")]
    known = dict(Subject.objects.filter(key__in=keys).values_list("key", "pk"))
    known |= numbers_with({mark for mark, _ in pairs} - set(keys))
    to: dict[str, list[int]] = defaultdict(list)
    for mark, code in pairs:
        if mark in known:
            to[code].append(known[mark])
    if not to:
        return store.Outcome.ABSENT
    moved = [_part(entry, numbers, code) for code, numbers in sorted(to.items())]
    return store.Outcome.APPLIED if any(moved) else store.Outcome.PRESENT


def _part(entry: store.Entry, numbers: list[int], code: str) -> bool:
    target = Enterprise.objects.filter(code=code).first()
    links = IdentityLink.objects.filter(subject__in=numbers, to_seq=None)
    if target is not None:
        links = links.exclude(enterprise=target)
    leaving: dict[int, list[int]] = defaultdict(list)
    for subject, enterprise in links.values_list("subject", "enterprise"):
        leaving[enterprise].append(subject)
    done = False
    for group in leaving.values():
        where = target.pk if target is not None else NewEnterprise(code, code)
        try:
            split(group, where, by=BY, why=WHY, at=entry.at)
        except IdentityRefused:
            continue
        target = target or Enterprise.objects.get(code=code)
        done = True
    return done


@store.replayer(SUCCESSION_SET)
def succeed_again(entry: store.Entry) -> store.Outcome:
    """A succession that a person set since the backup holds in the restored store."""
    told = entry.payload
    before, after = _sides(entry)
    if before is None or after is None:
        return store.Outcome.ABSENT
    if open_at().filter(predecessor=before, successor=after).exists():
        return store.Outcome.PRESENT
    on = date.fromisoformat(told["on"]) if told["on"] else None
    try:
        record_succession(
            before.pk, after.pk, kind=told["kind"], on=on, by=BY, why=WHY, at=entry.at
        )
    except SuccessionRefused:
        return store.Outcome.ABSENT
    return store.Outcome.APPLIED


@store.replayer(SUCCESSION_UNDONE)
def unsucceed_again(entry: store.Entry) -> store.Outcome:
    """A succession that a person took back since the backup is taken back again.

    One that a record tells, and that the backup does not hold yet, is kept from being read anew.
    """
    told = entry.payload
    before, after = _sides(entry)
    if before is None or after is None:
        return store.Outcome.ABSENT
    same = Succession.objects.filter(predecessor=before, successor=after, kind=told["kind"])
    standing = same.filter(to_seq=None).first()
    if standing is not None:
        undo_succession(standing.pk, by=BY, why=WHY, at=entry.at)
        return store.Outcome.APPLIED
    if same.filter(source=told["source"]).exclude(to_seq=None).exists() or not told["source"]:
        return store.Outcome.PRESENT
    seq = store.identity_seq(entry.at, "a succession stays taken back")
    Succession.objects.create(
        predecessor=before,
        successor=after,
        kind=told["kind"],
        source=told["source"],
        from_seq=seq,
        to_seq=seq,
        by=BY,
        why=WHY,
        at=entry.at,
        undone_by=BY,
        undone_why=WHY,
        undone_at=entry.at,
    )
    return store.Outcome.APPLIED


def _sides(entry: store.Entry) -> tuple[Enterprise | None, Enterprise | None]:
    codes = (entry.payload["before"], entry.payload["after"])
    found = {one.code: one for one in Enterprise.objects.filter(code__in=codes)}
    return found.get(codes[0]), found.get(codes[1])
