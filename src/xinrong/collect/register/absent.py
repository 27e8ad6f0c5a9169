"""Enterprises that a full file of the register no longer has: reported, never removed."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from xinrong.catalogue.contract import Contract
from xinrong.catalogue.register import RegisterFile
from xinrong.collect.models.register import RegisterAcceptance
from xinrong.collect.register.words import too_many_missing
from xinrong.store import services as store
from xinrong.subjects.services import names_of_subjects

#: Fewer than this never stop a file: a share of a handful says nothing.
A_FEW = 20
NAMED = 5


@dataclass(frozen=True)
class Absent:
    """How many enterprises the register has by now, and which of them a file lacks."""

    known: int
    missing: list[int]


def absent(
    says: RegisterFile, contract: Contract, department: str, present: AbstractSet[int]
) -> Absent:
    """The subjects with a record of this register, deregistered ones apart, that a file lacks."""
    params: dict[str, str] = {"category": contract.category, "department": department}
    standing = ""
    if says.status is not None:
        slot = contract.field(says.status.field).slot
        for place, value in enumerate(says.status.cancelled):
            params[f"gone_{place}"] = value
        gone = ", ".join(f"$gone_{place}" for place in range(len(says.status.cancelled)))
        standing = f"AND (r.{slot} IS NULL OR r.{slot} NOT IN ({gone}))"
    sql = (
        "SELECT DISTINCT r.subject FROM record AS r JOIN batch AS b ON b.batch = r.batch "  # noqa: S608 (a slot's name)
        f"WHERE r.category = $category AND b.department = $department {standing} ORDER BY 1"
    )
    with store.snapshot() as snap:
        known = snap.query(sql, params)["subject"].to_pylist()
    return Absent(len(known), [one for one in known if one not in present])


def refuse_too_many(
    says: RegisterFile, feed: str, found: Absent, file: str, source_digest: str
) -> None:
    """Raises FileError when too many are missing and nobody accepted these very bytes."""
    missing = len(found.missing)
    if missing <= A_FEW or missing * 100 <= found.known * says.missing_percent:
        return
    if RegisterAcceptance.objects.filter(feed=feed, source_digest=source_digest).exists():
        return
    names = names_of_subjects(found.missing[:NAMED]).values()
    some = [name or code for code, name in names]
    raise too_many_missing(missing, found.known, says.missing_percent, some, file)


def accept_missing(feed: str, source_digest: str, *, by: str, why: str, at: datetime) -> None:
    """Let a full file with these very bytes in, whatever it lacks; kept with who and why."""
    RegisterAcceptance.objects.get_or_create(
        feed=feed, source_digest=source_digest, defaults={"by": by, "why": why, "at": at}
    )
