"""Numbers of papers: a series for each year without gaps, and a part that nobody can guess.

`XR-2026-000123-K3M9-Q2TX-HB7D`: year, place in the series, and 60 random bits in Crockford's
base 32, which has no I, L, O and U. Who knows one number knows no other.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from xinrong.domain.clock import day_in_china
from xinrong.files.printing.errors import PaperError
from xinrong.files.printing.models import IssuedPaper, PaperSeries
from xinrong.trust.services import Release

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CONTROL = 12  # signs: 60 bits
#: What people write for signs that the alphabet leaves out.
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})
_WRITTEN = re.compile(rf"(?:XR)?(\d{{4}})(\d{{6,9}})([{ALPHABET}]{{{CONTROL}}})")


@dataclass(frozen=True)
class PaperNumber:
    """The number of one paper."""

    year: int
    serial: int
    control: str

    def __str__(self) -> str:
        parts = [self.control[start : start + 4] for start in range(0, CONTROL, 4)]
        return f"XR-{self.year}-{self.serial:06d}-{'-'.join(parts)}"

    @property
    def short(self) -> str:
        """Without the part that cannot be guessed: for lists, file names and logs."""
        return f"{self.year}-{self.serial:06d}"


def new_control() -> str:
    """The part that cannot be guessed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CONTROL))


def read_number(text: str) -> PaperNumber | None:
    """The number that somebody typed: any case, width, spaces and dashes; None for anything else.

    What stands before the series, `XR`, may be left out; O is read as 0, I and L as 1.
    """
    wide = unicodedata.normalize("NFKC", text[:100]).upper()
    signs = "".join(sign for sign in wide if sign.isalnum()).translate(_MEANT)
    found = _WRITTEN.fullmatch(signs)
    if found is None or not found[1].isascii() or not found[2].isascii():
        return None
    return PaperNumber(int(found[1]), int(found[2]), found[3])


def number_of(paper: IssuedPaper) -> PaperNumber:
    """The number of a row."""
    return PaperNumber(paper.year, paper.serial, paper.control)


def take_number(release: Release, enterprise: int, language: str) -> IssuedPaper:
    """The row of a paper that is about to be made, with the next number of the series; committed.

    Number and row are written in one transaction: no number is without its row. The release has
    left the gate, so its audit row is committed. Raises PaperError for one by nobody.
    """
    if release.who.organisation_id is None or not release.audit_id:
        raise PaperError("a paper is issued to an institution", code="paper_refused")
    year = year_of(release.at)
    with transaction.atomic(durable=True):
        PaperSeries.objects.get_or_create(year=year)
        series = PaperSeries.objects.select_for_update().get(year=year)
        series.last += 1
        series.save(update_fields=["last"])
        return IssuedPaper.objects.create(
            year=year,
            serial=series.last,
            control=new_control(),
            audit_id=release.audit_id,
            enterprise_id=enterprise,
            organisation_id=release.who.organisation_id,
            language=language,
            issued_at=release.at,
            content_digest=release.digest,
        )


def year_of(moment: datetime) -> int:
    """The year of the series: that of the calendar day in China."""
    return day_in_china(moment).year
