"""Issuing a paper: the gate, then a number, then the PDF, then what the gate asked once more."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import Clock, SystemClock, day_in_china
from xinrong.domain.errors import XinrongError
from xinrong.domain.signatures import from_base64url
from xinrong.files.printing.content import Whole
from xinrong.files.printing.errors import PaperError
from xinrong.files.printing.layout import LANGUAGES, Occasion, SigningKey, sheet
from xinrong.files.printing.models import IssuedPaper
from xinrong.files.printing.numbering import PaperNumber, number_of, take_number
from xinrong.files.printing.typesetting import typeset
from xinrong.trust.services import (
    Purpose,
    Release,
    Service,
    Stage,
    check_standing,
    disclose,
    key_document,
)

CLOCK: Clock = SystemClock()


@dataclass(frozen=True)
class Paper:
    """A finished paper. `pdf` is for whoever asked and nobody else; it is kept nowhere."""

    number: PaperNumber
    pdf: bytes
    digest: str  # SHA-256 of `pdf`
    release: Release

    @property
    def file_name(self) -> str:
        """A name with nothing of the enterprise in it, and not enough to check the number."""
        return f"xinrong-{self.number.short}.pdf"


def issue(
    viewer: Viewer,
    enterprise: int,
    purpose: Purpose,
    stage: Stage | None = None,
    *,
    language: str = "zh-hans",
    check_at: str = "",
    at_seq: int | None = None,
    clock: Clock = CLOCK,
) -> Paper:
    """A numbered, watermarked PDF of what the gate releases to this viewer at this moment.

    It is a query like any other, with an audit row of its own, and uses up a one-time consent.
    `check_at` is the address at which anybody checks a number; it stands on the paper.

    Raises Denied, also when a consent or the role ended while the paper was made; PaperError;
    AuditUnavailable. A number that was taken and not used stays in the series as void.
    """
    check_may_have(viewer)
    product = Whole(day_in_china(clock.now()))
    release = disclose(viewer, [enterprise], product, Service.PAPER, purpose, stage, at_seq=at_seq)
    language = language if language in LANGUAGES else LANGUAGES[0]
    row = take_number(release, enterprise, language)
    occasion = Occasion(
        number=number_of(row),
        institution=viewer.organisation,
        role=viewer.role,
        purpose=purpose,
        stage=stage,
        key=signing_key(),
        check_at=check_at,
        language=language,
    )
    try:
        pdf = typeset(sheet(release, occasion), at=release.at)
        check_standing(release.standing)
    except Exception as error:
        mark_void(row, error.code if isinstance(error, XinrongError) else "error")
        raise
    row.file_digest = sha256(pdf).hexdigest()
    row.save(update_fields=["file_digest"])
    return Paper(occasion.number, pdf, row.file_digest, release)


def check_may_have(viewer: Viewer) -> None:
    """Whether this viewer is given papers at all. Raises PaperError.

    A paper names the institution that answers for it; an operator who supports somebody looks,
    and takes nothing away.
    """
    if viewer.organisation_id is None:
        raise PaperError(
            "a paper is issued to an institution, and you act for none",
            remedy="Choose under Account for whom you act.",
            code="paper_refused",
        )
    if viewer.support_id is not None:
        raise PaperError(
            "in a support session no paper is issued",
            remedy="Whoever is supported makes it.",
            code="paper_refused",
        )


def mark_void(row: IssuedPaper, reason: str) -> None:
    """The number stays, and belongs to no paper."""
    row.void = reason[:32]
    row.save(update_fields=["void"])


def signing_key() -> SigningKey:
    """The key that signs now, as /.well-known/xinrong-keys.json names it."""
    newest = key_document()["keys"][-1]
    raw = from_base64url(newest["public"])
    return SigningKey(newest["kid"], newest["alg"], sha256(raw).hexdigest())
