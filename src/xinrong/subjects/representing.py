"""What the register says to those who prove that they represent an enterprise, and follows up.

The legal representative is compared by `accounts.proof`, and neither shown nor kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from xinrong.accounts.services import proof
from xinrong.catalogue.region import Region
from xinrong.store import services as store
from xinrong.subjects.finding import enterprise_by_code
from xinrong.subjects.mapping import subjects_of
from xinrong.subjects.models import Enterprise

#: What a category of the register calls the person who acts for the enterprise by law.
LEGAL_REPRESENTATIVE = "legal_representative"
#: And the place at which it can be written to.
ADDRESS = "address"


def register_categories(region: Region, field: str = "") -> list[str]:
    """The categories that register feeds bring; with a field of that name, if one is given."""
    found = sorted({feed.category for feed in region.feeds.values() if feed.register_feed})
    if not field:
        return found
    return [
        name for name in found if field in {held.name for held in region.contracts[name].fields}
    ]


def register_facts(region: Region, code: str) -> proof.RegisterFacts:
    """What the register says of whoever answers for a code. Raises UnknownEnterprise."""
    return _facts(region, enterprise_by_code(code))


def _facts(region: Region, enterprise: Enterprise) -> proof.RegisterFacts:
    return proof.RegisterFacts(
        code=enterprise.code,
        name=enterprise.name,
        registered=not enterprise.provisional,
        cancelled=enterprise.cancelled,
        legal_representative=_named(region, subjects_of([enterprise.pk])[enterprise.pk]),
        invented=region.info.invented,
    )


def _named(region: Region, subjects: Sequence[int]) -> str | None:
    """The legal representative in the newest record of the register that names one."""
    categories = register_categories(region, LEGAL_REPRESENTATIVE)
    if not categories or not subjects:
        return None
    with store.snapshot() as snapshot:
        rows = snapshot.records(subjects, categories).to_pylist()
    return next((name for name in _names(region, rows) if name), None)


def _names(region: Region, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        slot = region.contracts[row["category"]].field(LEGAL_REPRESENTATIVE).slot
        if slot:
            yield (row[slot] or "").strip()
        else:
            display = json.loads(row["display"]) if row["display"] else {}
            yield str(display.get(LEGAL_REPRESENTATIVE) or "").strip()


def follow_later() -> None:
    """Have the register followed by a worker, after the caller's transaction has committed."""
    from xinrong.subjects import tasks  # which knows this module

    if proof.represented():
        tasks.follow_representatives.enqueue()


def follow_register(region: Region, *, at: datetime) -> int:
    """Look at every enterprise that people act for; for how many roles were made to rest.

    Cheap: a few milliseconds for each of them, whatever the size of the register.
    """
    rest = 0
    for code in proof.represented():
        enterprise = Enterprise.objects.filter(code=code).first()
        if enterprise is not None:
            rest += proof.follow(_facts(region, enterprise), now=at)
    return rest
