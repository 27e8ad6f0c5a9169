"""The matter of a case of a list: the record and the ground, as each side may see them."""

from __future__ import annotations

from typing import Any

from xinrong.accounts.services import Viewer
from xinrong.files import services as files
from xinrong.files.types import FileRecord
from xinrong.pages.lists import words
from xinrong.pages.lists.public import way_of
from xinrong.remedy.services import listing
from xinrong.trust.services import Denied, Purpose, purposes_of
from xinrong.work import services as work

PAGE, MOST = 200, 2_000


def listing_told(seen: work.Seen, who: Viewer) -> dict[str, Any]:
    """What the page of the case shows of the entry."""
    entry = listing.entry_of_case(seen.case.number)
    if entry is None or entry.list not in listing.book().lists:
        return {"listing": None}
    one = listing.list_of(entry.list)
    ground = one.ground(entry.ground)
    return {
        "listing": {
            "entry": entry,
            "list": one,
            "ground": ground.title if ground else None,
            "source": words.source_of(ground.source) if ground else None,
            "record": _record(entry, who),
            "persons": who.role != "operator" and entry.responsible,
            "measures": listing.book().measures_of(entry.list),
            "ways": [way_of(each) for each in one.exits],
        }
    }


def _record(entry: listing.ListEntry, who: Viewer) -> FileRecord | None:
    """The record it rests on, as the gate shows it to the viewer; None where it does not."""
    purpose: Purpose = purposes_of(who)[0]
    ref = f"{entry.basis_category}/{entry.basis_key}/"
    offset, total = 0, 1
    try:
        while offset < min(total, MOST):
            content = files.comprehensive(
                who, entry.enterprise_id, purpose, category=entry.basis_category, offset=offset,
                limit=PAGE,
            ).content  # fmt: skip
            for record in content.records:
                if record.ref.startswith(ref) and isinstance(record, FileRecord):
                    return record
            offset, total = offset + PAGE, content.total
    except Denied:
        return None
    return None
