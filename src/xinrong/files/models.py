"""The tables of files: numbered papers, portable reports, and the keys of batch queries.

No file is kept.
"""

from __future__ import annotations

from xinrong.files.asked.models import BatchAsked
from xinrong.files.portable.models import (
    PortableReport,
    ReportChoice,
    ReportEnd,
    StatusMark,
)
from xinrong.files.printing.models import IssuedPaper, PaperMiss, PaperSeries

__all__ = [
    "BatchAsked",
    "IssuedPaper",
    "PaperMiss",
    "PaperSeries",
    "PortableReport",
    "ReportChoice",
    "ReportEnd",
    "StatusMark",
]
