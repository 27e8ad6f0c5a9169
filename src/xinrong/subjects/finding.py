"""Looking for an enterprise: by its code, its number, or what somebody types."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F

from xinrong.domain.names import fold
from xinrong.domain.uscc import read_code
from xinrong.subjects.errors import UnknownEnterprise
from xinrong.subjects.mapping import links_at
from xinrong.subjects.models import Enterprise, EnterpriseName


@dataclass(frozen=True)
class Hit:
    """One answer of a search."""

    enterprise: int
    code: str
    name: str
    kind: str
    provisional: bool
    matched: str  # code, name, former_name, other_code (of an enterprise that is part of it)
    matched_text: str


def enterprise_by_code(code: str, *, seq: int | None = None, using: str = "default") -> Enterprise:
    """The enterprise that answers for a unified social credit code, as of `seq` (now when None).

    After a merge that is the surviving one: its own code then differs from the one asked for.
    Raises UnknownEnterprise.
    """
    reading = read_code(code)
    found = _answering(reading.code, seq, using) if reading.code else None
    if found is None:
        raise UnknownEnterprise(
            f"no enterprise here has the code {code!r}",
            remedy="Check the 18 characters, or search by name.",
        )
    return found


def _answering(code: str, seq: int | None, using: str) -> Enterprise | None:
    links = links_at(seq, using).filter(subject__key=f"code:{code}")
    link = links.select_related("enterprise").first()
    if link is not None:
        return link.enterprise
    return Enterprise.objects.using(using).filter(code=code).first()


def enterprise_of_code(code: str) -> Enterprise:
    """The enterprise that has the code itself, whoever answers for it. Raises UnknownEnterprise."""
    reading = read_code(code)
    found = Enterprise.objects.filter(code=reading.code).first() if reading.code else None
    return found or enterprise_by_code(code)


def enterprise_by_id(number: int, *, using: str = "default") -> Enterprise:
    """The enterprise with that number. Raises UnknownEnterprise."""
    found = Enterprise.objects.using(using).filter(pk=number).first()
    if found is None:
        raise UnknownEnterprise(f"there is no enterprise number {number}")
    return found


def search(text: str, limit: int = 20) -> list[Hit]:
    """Enterprises whose code begins with, or whose name or former name contains, the text.

    Ranked: exact name, name that begins with the text, name that contains it, former names. What
    belongs to an enterprise that is part of another leads to that one: `matched_text` says which
    code or name was met.
    """
    folded = fold(text)
    if not folded:
        return []
    found = _by_code(folded, limit) + _by_name(folded, limit)
    if len({row.enterprise for row in found}) < limit:
        found += _by_former_name(folded, limit)
    hits: dict[int, Hit] = {}
    for row in _answered(found):
        hits.setdefault(row.enterprise, row)
    return list(hits.values())[:limit]


def _answered(found: list[Hit]) -> list[Hit]:
    """Hits of absorbed enterprises as hits of those that answer for them."""
    keys = {f"code:{row.code}" for row in found}
    links = links_at(None, "default").filter(subject__key__in=keys)
    elsewhere = links.exclude(subject__code=F("enterprise__code"))
    now = {
        link.subject.code: link.enterprise
        for link in elsewhere.select_related("subject", "enterprise")
    }
    return [_as_part_of(now[row.code], row) if row.code in now else row for row in found]


def _as_part_of(survivor: Enterprise, row: Hit) -> Hit:
    matched = "other_code" if row.matched == "code" else "former_name"
    return _hit(survivor, matched, row.matched_text)


def _by_code(folded: str, limit: int) -> list[Hit]:
    if len(folded) < 4 or not folded.isascii():
        return []
    found = Enterprise.objects.filter(code__startswith=folded).order_by("code")[:limit]
    return [_hit(row, "code", row.code) for row in found]


def _by_name(folded: str, limit: int) -> list[Hit]:
    begins = Enterprise.objects.filter(folded_name__startswith=folded)
    contains = Enterprise.objects.filter(folded_name__contains=folded)
    found = list(begins.order_by("folded_name")[:limit])
    if len(found) < limit:
        found += list(contains.order_by("folded_name")[:limit])
    found.sort(key=lambda row: (row.folded_name != folded, len(row.folded_name)))
    found.sort(key=lambda row: not row.folded_name.startswith(folded))
    return [_hit(row, "name", row.name) for row in found]


def _by_former_name(folded: str, limit: int) -> list[Hit]:
    found = EnterpriseName.objects.filter(folded_name__contains=folded)
    rows = found.select_related("enterprise").order_by("folded_name")[:limit]
    return [_hit(row.enterprise, "former_name", row.name) for row in rows]


def _hit(row: Enterprise, matched: str, text: str) -> Hit:
    return Hit(row.pk, row.code, row.name, row.kind, row.provisional, matched, text)
