"""What lists refuse, in both languages."""

from __future__ import annotations

from xinrong.domain.process import MoveRefused
from xinrong.domain.text import Text


class ListingRefused(MoveRefused):
    """Somebody cannot be entered so, taken off so, or met with that measure.

    Codes: list_unknown, list_role, list_department, list_enterprise, list_basis, list_ground,
    list_persons, list_why, list_open, list_early, list_real, entry_unknown, measure_unknown,
    measure_department, measure_entry, measure_days, measure_again, measure_text.
    """

    code = "listing_refused"

    def __init__(self, code: str, words: Text) -> None:
        self.words = words
        super().__init__(words.en, code=code)


def refuse(code: str, zh: str, en: str) -> ListingRefused:
    """The refusal, in both languages."""
    return ListingRefused(code, Text(zh=zh, en=en))
