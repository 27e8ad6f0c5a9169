"""What is wrong with a portable report."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class ReportError(XinrongError):
    """A text is no portable report, no code of one, no list of states or no document of keys.

    Codes: report_too_large, report_malformed (no JSON of the strict kind), report_shape (JSON of
    another shape), report_version, code_malformed, status_malformed, keys_malformed, part_unknown.
    """

    code = "report_malformed"
