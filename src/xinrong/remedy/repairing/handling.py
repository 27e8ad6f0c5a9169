"""The processes of repair with the clocks that bind where this deployment stands."""

from __future__ import annotations

from django.conf import settings

from xinrong.domain.process import register
from xinrong.remedy.guards import asked_more_once
from xinrong.remedy.law import jurisdictions_of
from xinrong.remedy.repairing import deciding, doubting
from xinrong.remedy.repairing import table_words as words
from xinrong.remedy.repairing.table import doubt_process, repair_process
from xinrong.work.services import Handling, handle

REPAIR = register(repair_process(jurisdictions_of(settings.REGION)))
DOUBT = register(doubt_process(jurisdictions_of(settings.REGION)))

handle(
    Handling(
        REPAIR,
        guards={
            "pledge_signed": deciding.pledge_signed,
            "both_documents": deciding.both_documents,
            "asked_more_once": asked_more_once,
            "none_other": deciding.none_other,
        },
        asks=words.ASKS,
        previews=words.PREVIEWS,
        subject=deciding.subject,
    )
)
handle(
    Handling(DOUBT, asks=words.DOUBT_ASKS, previews=words.DOUBT_PREVIEWS, subject=doubting.subject)
)
