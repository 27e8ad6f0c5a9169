"""Errors of work that a person reads."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class CaseRefused(XinrongError):
    """Something about a case cannot be done now.

    Codes: case_unknown (none, or not for this viewer: the same words), case_moved (somebody moved
    it meanwhile), case_ended, case_role, case_text (a text is missing or too long), case_taken
    (somebody else does it), paper_title, papers_many, paper_damaged, delivery_unknown.
    """

    code = "case_refused"
