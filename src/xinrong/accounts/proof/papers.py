"""Handed-in documents: encrypted on disk, seen by operators at work, deleted on their day.

A paper is personal information of level 5. It lies outside of the web root under a random name,
mode 0600, encrypted with AES-256-GCM under a key that the database does not hold; a file that was
changed or moved to another row does not open.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from xinrong.accounts.models import Person
from xinrong.accounts.proof.enums import OPEN, Paper, State
from xinrong.accounts.proof.errors import refused, unknown_claim
from xinrong.accounts.proof.guards import check_operator, own_claim
from xinrong.accounts.proof.models import Claim, ClaimMove, ClaimPaper
from xinrong.accounts.proof.sniffing import media_of
from xinrong.accounts.proof.states import check_clock, move
from xinrong.environment import secret
from xinrong.store import services as store

#: How long papers are kept after a claim has ended, for complaints about it. The shortest time
#: that the purpose needs: Personal Information Protection Law, article 19; the number of days is a
#: parameter of this platform [?].
KEPT_AFTER = timedelta(days=90)
#: The journal's name for the decision to delete papers.
PAPERS_DELETED = "papers_deleted"
_NONCE = 12


def folder() -> Path:
    """Where papers lie: under DATA, never under what is served."""
    return Path(settings.DATA) / "proofs"


def _cipher() -> AESGCM:
    return AESGCM(hashlib.sha256(secret("XINRONG_PROOFS_KEY").encode()).digest())


def give_paper(
    number: int, person: Person, kind: Paper, content: bytes, *, now: datetime
) -> ClaimPaper:
    """Keep one paper of an own claim; one of the same kind that was there before is deleted.

    Raises ProofRefused: not one of the three formats, too large, or the claim is past this.
    """
    media = media_of(content)
    key = secrets.token_hex(16)
    _write(key, content)
    try:
        with transaction.atomic():
            claim, _ = own_claim(number, person)
            _check_open(claim, now)
            gone = list(claim.papers.filter(kind=kind, deleted_at=None))
            claim.papers.filter(pk__in=[one.pk for one in gone]).update(deleted_at=now)
            paper = ClaimPaper.objects.create(
                claim=claim,
                kind=kind,
                key=key,
                media=media,
                size=len(content),
                digest=hashlib.sha256(content).hexdigest(),
                given_at=now,
            )
    except BaseException:
        remove_file(key)
        raise
    for one in gone:
        remove_file(one.key)
    return paper


def _check_open(claim: Claim, now: datetime) -> None:
    check_clock(claim, now)
    if claim.state not in (State.CLAIMED, State.FROZEN):
        raise refused(
            "claim_state",
            "材料已提交核验，不能更换。",
            "the papers are being checked and cannot be changed",
            "请等待结果，或撤回申请后重新提出。",
            "Wait for the result, or withdraw the claim and make another.",
        )


def hand_in(number: int, person: Person, *, now: datetime) -> Claim:
    """All papers are there: let operators check them."""
    with transaction.atomic():
        claim, _ = own_claim(number, person)
        if not complete(claim):
            raise refused(
                "papers_missing",
                "三种材料没有交齐。",
                "not all three papers are there",
                "请交齐后再提交核验。",
                "Hand in what is missing first.",
            )
        claim.checked_by = claim.checked_at = None
        move(claim, "give_documents", by=person, now=now)
    return claim


def complete(claim: Claim) -> bool:
    """Whether a claim has every paper."""
    return not missing(claim)


def missing(claim: Claim) -> list[Paper]:
    """Which papers are still to be handed in."""
    there = set(claim.papers.filter(deleted_at=None).values_list("kind", flat=True))
    return [kind for kind in Paper if kind not in there]


def read_paper(number: int, operator: Person, *, now: datetime) -> tuple[ClaimPaper, bytes]:
    """A paper and its content, for an operator who is no party; that it was read is logged first.

    Raises ProofRefused.
    """
    paper = ClaimPaper.objects.select_related("claim").filter(pk=number, deleted_at=None).first()
    if paper is None:
        raise unknown_claim()
    check_operator(operator, paper.claim.code)
    ClaimMove.objects.create(
        claim=paper.claim,
        at=now,
        move="read_paper",
        before=paper.claim.state,
        after=paper.claim.state,
        by=operator,
        why=paper.kind,
    )
    return paper, _read(paper)


def _read(paper: ClaimPaper) -> bytes:
    try:
        held = (folder() / paper.key).read_bytes()
        return _cipher().decrypt(held[:_NONCE], held[_NONCE:], paper.key.encode())
    except (OSError, InvalidTag, ValueError):
        raise refused(
            "paper_damaged",
            "这份材料已损坏或丢失。",
            "this paper is damaged or lost",
            "请退回申请，请申请人重新提交。",
            "Send the claim back and ask for the paper again.",
        ) from None


def _write(key: str, content: bytes) -> None:
    place = folder()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    nonce = secrets.token_bytes(_NONCE)
    handle = os.open(place / key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(nonce + _cipher().encrypt(nonce, content, key.encode()))
        file.flush()
        os.fsync(file.fileno())


def remove_file(key: str) -> None:
    """Delete the file of a paper; one that is gone already is no error."""
    with contextlib.suppress(FileNotFoundError):
        (folder() / key).unlink()


def delete_papers(claim: Claim, *, now: datetime) -> int:
    """Delete what a claim handed in; the rows stay without content. How many.

    No restore brings them back: that they go is written to the journal first.
    """
    held = list(claim.papers.filter(deleted_at=None))
    if held:
        store.record(PAPERS_DELETED, {"files": [paper.key for paper in held]}, now)
    claim.papers.filter(deleted_at=None).update(deleted_at=now)
    for paper in held:
        remove_file(paper.key)
    return len(held)


@store.replayer(PAPERS_DELETED)
def delete_again(entry: store.Entry) -> store.Outcome:
    """Papers deleted since the backup are deleted in the restored database, and their files."""
    files = list(entry.payload["files"])
    for key in files:
        remove_file(key)
    found = ClaimPaper.objects.filter(key__in=files)
    if found.filter(deleted_at=None).update(deleted_at=entry.at):
        return store.Outcome.APPLIED
    return store.Outcome.PRESENT if found.exists() else store.Outcome.ABSENT


def sweep_papers(*, now: datetime) -> int:
    """Delete the papers of claims that ended KEPT_AFTER ago, and files that no row names."""
    due = Claim.objects.filter(~Q(state__in=OPEN), moved_at__lte=now - KEPT_AFTER)
    done = sum(
        delete_papers(claim, now=now)
        for claim in due.filter(papers__deleted_at=None, papers__isnull=False).distinct()
    )
    if folder().is_dir():
        known = set(ClaimPaper.objects.filter(deleted_at=None).values_list("key", flat=True))
        for path in folder().iterdir():
            lone = path.name not in known
            if lone and path.stat().st_mtime < (now - timedelta(days=1)).timestamp():
                path.unlink(missing_ok=True)
    return done
