"""A Text as the page says it."""

from __future__ import annotations

from django.utils.translation import get_language

from xinrong.domain.text import Text


def said(text: Text | str | None) -> str:
    """A Text in the language of the page; what is a word already stays, nothing is nothing."""
    if text is None:
        return ""
    return text if isinstance(text, str) else text.in_language(get_language() or "zh-hans")
