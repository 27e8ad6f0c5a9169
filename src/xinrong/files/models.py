"""The tables of files: the keys of batch queries. No file is kept."""

from __future__ import annotations

from xinrong.files.asked.models import BatchAsked

__all__ = ["BatchAsked"]
