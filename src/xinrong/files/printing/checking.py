"""Whether a paper is genuine: for anybody who holds one, and nothing besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from django.db import transaction

from xinrong.files.printing.errors import PaperError
from xinrong.files.printing.models import IssuedPaper, PaperMiss
from xinrong.files.printing.numbering import number_of, read_number
from xinrong.files.printing.plain import spaced

WINDOW = timedelta(minutes=15)
#: Wrong numbers from one network address within WINDOW; right ones are not counted.
MISSES = 20


@dataclass(frozen=True)
class Genuine:
    """What is told of a genuine paper: not about whom it is, and nothing that stands on it."""

    number: str
    issued_at: datetime
    institution: str
    content_digest: str  # of what was released; it stands on the paper
    file_digest: str  # SHA-256 of the PDF

    @property
    def printed_digest(self) -> str:
        """The digest of what was released, as it stands on the paper."""
        return spaced(self.content_digest)


def check_number(text: str, *, address: str, now: datetime) -> Genuine | None:
    """The paper with that number; None, for whatever reason, when there is none.

    A wrong number is counted before it is looked up, so that many at once count as well.
    Raises PaperError, paper_locked, after too many wrong numbers from one address.
    """
    place = sha256(address.encode()).hexdigest()
    miss = reserve(place, now)
    found = find(text)
    if found is None:
        return None
    miss.delete()
    organisation = found.organisation
    return Genuine(
        number=str(number_of(found)),
        issued_at=found.issued_at,
        institution=(organisation.parent or organisation).name,
        content_digest=found.content_digest,
        file_digest=found.file_digest,
    )


def find(text: str) -> IssuedPaper | None:
    """The finished paper with that number."""
    number = read_number(text)
    if number is None or number.serial >= 1 << 31:
        return None
    papers = IssuedPaper.objects.select_related("organisation__parent").exclude(file_digest="")
    found = papers.filter(year=number.year, serial=number.serial).first()
    if found is None or not compare_digest(found.control, number.control):
        return None
    return found


def reserve(place: str, now: datetime) -> PaperMiss:
    """Count one number as wrong. Raises PaperError, and counts nothing, after too many."""
    with transaction.atomic():
        PaperMiss.objects.filter(at__lt=now - WINDOW).delete()
        if PaperMiss.objects.filter(address=place, at__gt=now - WINDOW).count() >= MISSES:
            raise PaperError(
                "too many wrong numbers",
                remedy=f"Wait {int(WINDOW.total_seconds() // 60)} minutes and try again.",
                code="paper_locked",
            )
        return PaperMiss.objects.create(at=now, address=place)
