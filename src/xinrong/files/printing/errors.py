"""What stops a paper."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class PaperError(XinrongError):
    """A paper is not issued, or a number is not looked up.

    Codes: paper_refused (who asks gets none), paper_busy (others are being made), paper_failed
    (it could not be set within its bounds), paper_fonts (the font is missing), paper_locked (too
    many wrong numbers).
    """

    code = "paper_failed"
