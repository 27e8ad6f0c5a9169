"""What the process of an objection asks of a case, and says of it; its table is known from here."""

from __future__ import annotations

from django.conf import settings

from xinrong.catalogue.region import load_region
from xinrong.domain.process import register
from xinrong.domain.text import Text
from xinrong.remedy.guards import asked_more_once
from xinrong.remedy.law import jurisdictions_of
from xinrong.remedy.objecting.effects import record_changed
from xinrong.remedy.objecting.table import objection_process
from xinrong.remedy.objecting.table_words import ASKS, PREVIEWS
from xinrong.work.services import Case, Handling, handle


def category_words(category: str) -> Text:
    """The name of a category; as it is where the catalogue does not know it any more."""
    contract = load_region(settings.REGION).contracts.get(category)
    return Text(zh=category, en=category) if contract is None else contract.title


def subject(case: Case) -> Text:
    """Of which category the record is: never what it says."""
    return category_words(case.data.get("category", ""))


OBJECTION = register(objection_process(jurisdictions_of(settings.REGION)))
OBJECTION_HANDLING = handle(
    Handling(
        OBJECTION,
        guards={"asked_more_once": asked_more_once, "record_changed": record_changed},
        asks={name: words for name, words in ASKS.items() if name in OBJECTION.events},
        previews={name: words for name, words in PREVIEWS.items() if name in OBJECTION.events},
        subject=subject,
    )
)
