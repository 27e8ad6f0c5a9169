"""What the process of a correction asks of a case, and says of it."""

from __future__ import annotations

from django.conf import settings

from xinrong.catalogue.region import load_region
from xinrong.domain.text import Text
from xinrong.remedy.correcting.asking import NAME
from xinrong.work.services import Case


def subject(case: Case) -> Text:
    """Which field of which category: its name, never its content."""
    return field_words(case.data.get("category", ""), case.data.get("field", ""))


def field_words(category: str, field: str) -> Text:
    """The names of a category and a field in words; as they are where the catalogue has neither."""
    contract = load_region(settings.REGION).contracts.get(category)
    if contract is None:
        return Text(zh=f"{category} · {field}", en=f"{category} · {field}")
    fields = (NAME, *contract.fields)
    named = next((one.title for one in fields if one.name == field), None)
    words = named or Text(zh=field, en=field)
    return Text(zh=f"{contract.title.zh} · {words.zh}", en=f"{contract.title.en} · {words.en}")
