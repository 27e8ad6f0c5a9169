"""Documents of cases: bounded, looked at for what acts, sealed, read by the sides, deleted in time.

They lie in the database, sealed with AES-256-GCM under the key that seals the papers of claims: a
backup has them, and nobody reads them without that file.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from xinrong.accounts.services import Viewer, proof
from xinrong.domain.process import Step
from xinrong.environment import secret
from xinrong.store import services as store
from xinrong.work.errors import CaseRefused
from xinrong.work.models import Case, CasePaper, CaseSide
from xinrong.work.moving import By, lock, log, unknown
from xinrong.work.perms import can_move, side_of

#: Documents of one side in one case.
MOST = 5
LONGEST_TITLE = 100
#: How long documents are kept after a case has ended, for complaints about it: the shortest time
#: that the purpose needs (Personal Information Protection Law, article 19); the number of days is
#: a parameter of this platform.
KEPT_AFTER = timedelta(days=90)
#: The journal's name for the decision to delete documents.
PAPERS_DELETED = "case_papers_deleted"
_NONCE = 12


def _cipher() -> AESGCM:
    key = hashlib.sha256(b"cases:" + secret("XINRONG_PROOFS_KEY").encode())
    return AESGCM(key.digest())


def give_paper(number: str, who: Viewer, title: str, content: bytes, *, now: datetime) -> CasePaper:
    """Add a document to an open case in which the viewer takes part.

    Raises CaseRefused (case_unknown, case_role, case_ended, paper_title, papers_many) and
    ProofRefused (document_type, document_active, document_too_large).
    """
    media = proof.media_of(content)
    named = " ".join(title.split())
    if not named or len(named) > LONGEST_TITLE:
        raise CaseRefused(
            "a document has a name of its own",
            remedy=f"Say what it is in at most {LONGEST_TITLE} characters.",
            code="paper_title",
        )
    with transaction.atomic():
        case, side = _own(number, who)
        if case.ended_at is not None:
            raise CaseRefused("this case is over", remedy="Reopen it first.", code="case_ended")
        if CasePaper.objects.filter(case=case, side=side, deleted_at=None).count() >= MOST:
            raise CaseRefused(
                f"your side has handed in {MOST} documents",
                remedy="Put several pages into one document.",
                code="papers_many",
            )
        digest = hashlib.sha256(content).hexdigest()
        assert who.person_id is not None  # as can_move says
        paper = CasePaper.objects.create(
            case=case,
            side=side,
            title=named,
            media=media,
            size=len(content),
            digest=digest,
            content=_sealed(content, digest),
            given_at=now,
            given_by_id=who.person_id,
        )
        _log(case, side, who, "give_paper", named, now)
    return paper


def read_paper(number: str, paper: int, who: Viewer, *, now: datetime) -> tuple[CasePaper, bytes]:
    """A document and its content, for a person of one of the sides; that it was read is logged.

    Raises CaseRefused (case_unknown, paper_damaged).
    """
    with transaction.atomic():
        case, side = _own(number, who)
        found = CasePaper.objects.filter(case=case, pk=paper, deleted_at=None).first()
        if found is None:
            raise unknown()
        content = _opened(found)
        if found.side_id != side.pk:
            _log(case, side, who, "read_paper", found.title, now)
    return found, content


def papers_of(case: Case) -> list[CasePaper]:
    """The documents of a case without their content, the first first; deleted ones as such."""
    rows = CasePaper.objects.filter(case=case).defer("content")
    return list(rows.select_related("side__organisation").order_by("pk"))


def _own(number: str, who: Viewer) -> tuple[Case, CaseSide]:
    case, sides = lock(number)
    side = side_of(who, sides)
    if side is None:
        raise unknown()
    if not can_move(who):
        raise CaseRefused("this is not for your role to do", code="case_role")
    return case, side


def _log(case: Case, side: CaseSide, who: Viewer, event: str, text: str, now: datetime) -> None:
    by = By(side.role, who.organisation_id, who.person_id)
    log(case, Step(event, case.state, case.state, side.role), by, text, now, side=side)


def _sealed(content: bytes, digest: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _cipher().encrypt(nonce, content, digest.encode())


def _opened(paper: CasePaper) -> bytes:
    held = bytes(paper.content)
    try:
        return _cipher().decrypt(held[:_NONCE], held[_NONCE:], paper.digest.encode())
    except (InvalidTag, ValueError):
        raise CaseRefused(
            "this document is damaged",
            remedy="Ask whoever handed it in to hand it in again.",
            code="paper_damaged",
        ) from None


def sweep_papers(*, now: datetime) -> int:
    """Delete what was handed in with cases that ended KEPT_AFTER ago; how many documents.

    No restore brings them back: that they go is written to the journal first.
    """
    due = CasePaper.objects.filter(deleted_at=None, case__ended_at__lte=now - KEPT_AFTER)
    with transaction.atomic():
        found = sorted(due.values_list("pk", "digest"))
        if found:
            store.record(PAPERS_DELETED, {"papers": [[pk, digest] for pk, digest in found]}, now)
        rows = CasePaper.objects.filter(pk__in=[pk for pk, _ in found])
        return rows.update(content=b"", deleted_at=now)


@store.replayer(PAPERS_DELETED)
def delete_again(entry: store.Entry) -> store.Outcome:
    """Documents deleted since the backup are deleted in the restored database."""
    there = {int(pk): str(digest) for pk, digest in entry.payload["papers"]}
    rows = CasePaper.objects.filter(pk__in=there, digest__in=there.values())
    if rows.filter(deleted_at=None).update(content=b"", deleted_at=entry.at):
        return store.Outcome.APPLIED
    return store.Outcome.PRESENT if rows.exists() else store.Outcome.ABSENT
