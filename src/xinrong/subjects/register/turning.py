"""Turning back what a register said, when its batch is retracted.

A batch supports what the register said of an enterprise when it was committed: whether it said so
first or only said it again. Where no other batch that stands said so before the next change, the
change counts no more; was it the last, the enterprise is again as it was before. An enterprise
that the batch entered stays, with the name it came with: records of others may be about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched

from xinrong.domain.names import fold
from xinrong.store import services as store
from xinrong.subjects.bulk import run
from xinrong.subjects.judging.due import ask
from xinrong.subjects.linking import LONGEST
from xinrong.subjects.models import Enterprise, EnterpriseName, RegisterChange
from xinrong.subjects.register.models import RetractedName
from xinrong.subjects.representing import follow_later

CHUNK = 500

_WHOSE = (
    "SELECT DISTINCT r.subject, e.id FROM {rows} "
    "CROSS JOIN subjects_subject AS s JOIN subjects_enterprise AS e ON e.code = s.code "
    "JOIN subjects_registerchange AS c ON c.enterprise_id = e.id WHERE s.id = r.subject"
)


@dataclass(frozen=True, slots=True)
class _Chain:
    """All that a register said of one thing of an enterprise, oldest first."""

    changes: Sequence[RegisterChange]

    @property
    def counted(self) -> list[RegisterChange]:
        return [one for one in self.changes if one.retracted_seq is None]

    @property
    def said(self) -> str:
        """What holds by the changes that count."""
        left = self.counted
        return left[-1].after if left else self.changes[0].before


@store.follows_retraction
def turn_back(gone: store.Retracted) -> None:
    """Changes that no batch supports any more count no more, from the retraction's seq on."""
    whose: dict[int, int] = dict(
        run(_WHOSE, {"subject": "bigint"}, [(one,) for one in gone.subjects.to_pylist()])
    )
    if not whose:
        return
    supports = _supports(gone, whose)
    turned = False
    for some in batched(sorted(set(whose.values())), CHUNK):
        for chain in _chains(some):
            turned |= _turn(chain, gone, supports.get(chain.changes[0].enterprise_id, ()))
    if turned:
        ask()
        follow_later()


def _supports(gone: store.Retracted, whose: dict[int, int]) -> dict[int, list[int]]:
    """Enterprise → the seqs of batches that stand and say something of its records."""
    found: dict[int, list[int]] = defaultdict(list)
    pairs = zip(gone.stands["subject"].to_pylist(), gone.stands["seq"].to_pylist(), strict=True)
    for subject, seq in pairs:
        if subject in whose:
            found[whose[subject]].append(seq)
    return found


def _chains(enterprises: Sequence[int]) -> Iterator[_Chain]:
    found: dict[tuple[int, str], list[RegisterChange]] = defaultdict(list)
    rows = RegisterChange.objects.filter(enterprise__in=enterprises)
    for change in rows.order_by("enterprise", "what", "seq", "pk"):
        found[change.enterprise_id, change.what].append(change)
    return map(_Chain, found.values())


def _turn(chain: _Chain, gone: store.Retracted, supports: Sequence[int]) -> bool:
    """Take back what was in force when the batch came, if nobody else says so."""
    counted = chain.counted
    before = [one for one in counted if one.seq <= gone.seq]
    if not before:
        return False
    change = before[-1]
    later = counted[len(before) :]
    until = later[0].seq if later else None
    if any(change.seq <= seq and (until is None or seq < until) for seq in supports):
        return False
    if not _of_this_register(change, gone):
        return False
    change.retracted_seq = gone.at_seq
    change.save(update_fields=["retracted_seq"])
    if not later:
        _put_back(change, chain)
    if change.what == "name":
        _forget_name(change, chain, gone)
    return True


def _of_this_register(change: RegisterChange, gone: store.Retracted) -> bool:
    """Whether a batch of this category made the change: another register's says nothing of it."""
    if change.seq == gone.seq:
        return True
    made = store.Batch.objects.filter(seq=change.seq, category=gone.category)
    return made.exclude(retracted_seq=None).exists()


def _put_back(change: RegisterChange, chain: _Chain) -> None:
    """The enterprise is as the last change that counts says, or as it was before all of them."""
    said = chain.said
    whom = Enterprise.objects.filter(pk=change.enterprise_id)
    if change.what == "name":
        whom.update(name=said, folded_name=fold(said)[:LONGEST])
    elif change.what == "kind":
        whom.update(kind=said)
    elif change.what == "provisional":
        whom.update(provisional=said == "yes")
    else:
        cancelled = said == "yes"
        left = chain.counted
        whom.update(cancelled=cancelled, cancelled_on=left[-1].day if cancelled and left else None)


def _forget_name(change: RegisterChange, chain: _Chain, gone: store.Retracted) -> None:
    """A name that only the retracted change brought is searched no more; its seqs still show it."""
    if change.after in {chain.changes[0].before, *(one.after for one in chain.counted)}:
        return
    held = EnterpriseName.objects.filter(
        enterprise=change.enterprise_id, name=change.after, seq=change.seq
    )
    for row in held:
        RetractedName.objects.create(
            enterprise_id=row.enterprise_id, name=row.name, seq=row.seq, to_seq=gone.at_seq
        )
    held.delete()
