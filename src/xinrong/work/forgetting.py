"""Forgetting what people wrote in cases of a personal-kind enterprise that is erased as a whole.

What was said with a move and the documents that were handed in are about a person (Personal
Information Protection Law, article 47). That a case was, who moved it and when stays.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from xinrong.accounts.services import proof
from xinrong.work.models import CaseMove, CasePaper
from xinrong.work.papers import LONGEST_TITLE


def words_held(enterprise: int) -> int:
    """How many moves and documents of an enterprise's cases hold words of people."""
    return _said(enterprise).count() + _papers(enterprise).count()


def forget_words(enterprise: int, words: str, at: datetime) -> int:
    """Put `words` where people's were by a moment, and end the documents; how many rows.

    In the caller's transaction. A second time there is nothing left to forget.
    """
    told = _said(enterprise).filter(at__lte=at).update(text=words)
    papers = _papers(enterprise).filter(given_at__lte=at)
    papers.filter(deleted_at=None).update(deleted_at=at)
    return told + papers.update(title=words[:LONGEST_TITLE], content=b"")


def _said(enterprise: int) -> QuerySet[CaseMove]:
    moves = CaseMove.objects.filter(case__enterprise=enterprise).exclude(text="")
    return moves.exclude(text__startswith=proof.FORGOTTEN)


def _papers(enterprise: int) -> QuerySet[CasePaper]:
    papers = CasePaper.objects.filter(case__enterprise=enterprise)
    return papers.exclude(title__startswith=proof.FORGOTTEN)
