"""Looking for an enterprise: by its code, its number, or what somebody types."""

from __future__ import annotations

from dataclasses import dataclass

from xinrong.domain.names import fold
from xinrong.domain.uscc import read_code
from xinrong.subjects.errors import UnknownEnterprise
from xinrong.subjects.models import Enterprise, EnterpriseName


@dataclass(frozen=True)
class Hit:
    """One answer of a search."""

    enterprise: int
    code: str
    name: str
    kind: str
    provisional: bool
    matched: str  # code, name, former_name
    matched_text: str


def enterprise_by_code(code: str) -> Enterprise:
    """The enterprise with that unified social credit code. Raises UnknownEnterprise."""
    reading = read_code(code)
    found = Enterprise.objects.filter(code=reading.code).first() if reading.code else None
    if found is None:
        raise UnknownEnterprise(
            f"no enterprise here has the code {code!r}",
            remedy="Check the 18 characters, or search by name.",
        )
    return found


def enterprise_by_id(number: int, *, using: str = "default") -> Enterprise:
    """The enterprise with that number. Raises UnknownEnterprise."""
    found = Enterprise.objects.using(using).filter(pk=number).first()
    if found is None:
        raise UnknownEnterprise(f"there is no enterprise number {number}")
    return found


def search(text: str, limit: int = 20) -> list[Hit]:
    """Enterprises whose code begins with, or whose name or former name contains, the text.

    Ranked: exact name, name that begins with the text, name that contains it, former names.
    """
    folded = fold(text)
    if not folded:
        return []
    hits: dict[int, Hit] = {}
    for row in _by_code(folded, limit) + _by_name(folded, limit):
        hits.setdefault(row.enterprise, row)
    if len(hits) < limit:
        for row in _by_former_name(folded, limit):
            hits.setdefault(row.enterprise, row)
    return list(hits.values())[:limit]


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
