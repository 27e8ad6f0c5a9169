"""The tables of files: numbered papers, and the keys of batch queries. No file is kept."""

from __future__ import annotations

from xinrong.files.asked.models import BatchAsked
from xinrong.files.printing.models import IssuedPaper, PaperMiss, PaperSeries

__all__ = ["BatchAsked", "IssuedPaper", "PaperMiss", "PaperSeries"]
