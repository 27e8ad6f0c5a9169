"""What partners hear of a disputed record, through the outbox: which one, and no content."""

from __future__ import annotations

from datetime import datetime

from xinrong.remedy.objecting.models import Objection
from xinrong.work.services import emit

#: Kinds of events. Whoever was shown the record takes back what it made of it, or looks again.
MARKED = "record_marked"  # it is disputed, and shown with a mark
SUSPENDED = "record_suspended"  # it is shown to nobody for now
LIFTED = "record_lifted"  # it is shown again as it was
CORRECTED = "record_corrected"  # it has a new version, or is gone
ENDED = "record_ended"  # it could not be verified, and is shown no longer


def tell_partners(kind: str, objection: Objection, *, article: str = "", at: datetime) -> None:
    """Write the event in the caller's transaction; events of one record arrive in their order.

    `article` names what it rests on.
    """
    about = {
        "category": objection.category,
        "key": objection.key,
        "record": objection.ref,
        "enterprise": objection.enterprise_id,
        "number": objection.case,
        "article": article,
        "at": at.isoformat(),
    }
    emit(kind, about, at=at, queue=f"record:{objection.category}/{objection.key}"[:64])
