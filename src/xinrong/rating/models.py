"""Tables of rating."""

from __future__ import annotations

from xinrong.rating.kept.models import GradeBatch, GradeOverlay, GradeRow
from xinrong.rating.versions.models import CardVersion

__all__ = ["CardVersion", "GradeBatch", "GradeOverlay", "GradeRow"]
