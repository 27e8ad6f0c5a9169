"""Errors of remedy that a person reads, in both languages."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError
from xinrong.domain.text import Text


class RemedyRefused(XinrongError):
    """Something that an enterprise asks for cannot be asked so.

    Codes: correction_field, correction_value, correction_open, correction_source,
    correction_unknown, correction_role; objection_role, objection_record, objection_open,
    objection_new, objection_statement, objection_why, objection_adrift.
    """

    code = "remedy_refused"

    def __init__(self, code: str, words: Text) -> None:
        self.words = words
        super().__init__(words.en, code=code)
