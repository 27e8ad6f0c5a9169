"""What stops a portable report."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class PortableRefused(XinrongError):
    """A report is not made, not handed out again, or not taken back.

    Codes: report_empty (nothing chosen), report_choice (a part or category that is not there),
    report_days (not 1 to 90), report_addressee (too long, or no plain text), report_changed (not
    what the preview showed, or no longer what was signed), report_unknown (none of one's own),
    report_ended (withdrawn, superseded or over).
    """

    code = "report_choice"
