"""What was judged to be wrong since a backup stays so in the store that is restored from it.

The journal names subjects by their digest, so that a name holds even when the backup does not
know it yet and it is sent again later.
"""

from __future__ import annotations

from xinrong.store import services as store
from xinrong.subjects.judging import ledger
from xinrong.subjects.judging.ledger import DIFFERENT, NOTHING, WITHDRAWN, Said
from xinrong.subjects.judging.linkage import unlink
from xinrong.subjects.judging.models import Judged, Judgement
from xinrong.subjects.judging.waiting import codes_of
from xinrong.subjects.models import IdentityLink, Subject

BY, WHY = "journal", "decided after the backup"


@store.replayer(DIFFERENT)
def differ_again(entry: store.Entry) -> store.Outcome:
    """Links that were ruled out since the backup are ruled out again, and end where they stand."""
    pairs = _pairs(entry)
    held = ledger.standing(digest for digest, _ in pairs)
    new = [pair for pair in pairs if pair[1] not in held.get(pair[0], NOTHING).different]
    if not new:
        return store.Outcome.PRESENT
    numbers = numbers_with({digest for digest, _ in new})
    _end(entry, new, numbers)
    said = [Said(numbers.get(digest), digest, code, Judged.DIFFERENT) for digest, code in new]
    ledger.write(said, by=BY, why=WHY, at=entry.at)
    return store.Outcome.APPLIED


@store.replayer(WITHDRAWN)
def withdraw_again(entry: store.Entry) -> store.Outcome:
    """Links whose judgement was taken back since the backup end again."""
    pairs = _pairs(entry)
    held = ledger.standing(digest for digest, _ in pairs)
    standing = [pair for pair in pairs if held.get(pair[0], NOTHING).same == pair[1]]
    if not standing:
        seen = Judgement.objects.filter(digest__in=[digest for digest, _ in pairs[:500]])
        return store.Outcome.PRESENT if seen.exists() else store.Outcome.ABSENT
    numbers = numbers_with({digest for digest, _ in standing})
    _end(entry, standing, numbers)
    said = [Said(numbers.get(digest), digest, code, Judged.WITHDRAWN) for digest, code in standing]
    ledger.write(said, by=BY, why=WHY, at=entry.at)
    return store.Outcome.APPLIED


def _pairs(entry: store.Entry) -> list[tuple[str, str]]:
    return [(digest, code) for digest, code in entry.payload["pairs"]]


def numbers_with(digests: set[str]) -> dict[str, int]:
    """The subjects with these digests: every key is looked at, which only a restore does."""
    keys = Subject.objects.filter(code="").values_list("pk", "key").iterator()
    return {digest: pk for pk, key in keys if (digest := ledger.digest_of(key)) in digests}


def _end(entry: store.Entry, pairs: list[tuple[str, str]], numbers: dict[str, int]) -> None:
    links = IdentityLink.objects.filter(to_seq=None, subject__in=list(numbers.values()))
    to = dict(links.values_list("subject", "enterprise"))
    codes = codes_of(list(to.values()))
    ending = {
        numbers[digest]
        for digest, code in pairs
        if numbers.get(digest) in to and code in codes.get(to[numbers[digest]], set())
    }
    unlink(sorted(ending), by=BY, why=WHY, at=entry.at)
