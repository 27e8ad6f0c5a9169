"""The processes of remedy, with the clocks that bind where this deployment stands."""

from __future__ import annotations

from django.conf import settings

from xinrong.domain.process import register
from xinrong.remedy.correcting.handling import subject
from xinrong.remedy.correcting.table import ASKS, PREVIEWS, correction_process
from xinrong.remedy.guards import asked_more_once
from xinrong.remedy.law import jurisdictions_of
from xinrong.remedy.listing.handling import handle_lists
from xinrong.remedy.objecting.handling import OBJECTION
from xinrong.remedy.repairing.handling import DOUBT, REPAIR
from xinrong.work.services import Handling, handle

__all__ = ["CORRECTION", "CORRECTION_HANDLING", "DOUBT", "LISTINGS", "OBJECTION", "REPAIR"]

#: One for each red and black list of the region.
LISTINGS = [register(process) for process in handle_lists()]
CORRECTION = register(correction_process(jurisdictions_of(settings.REGION)))
CORRECTION_HANDLING = handle(
    Handling(
        CORRECTION,
        guards={"asked_more_once": asked_more_once},
        asks=ASKS,
        previews=PREVIEWS,
        subject=subject,
    )
)
