"""Erasing what is known of an enterprise, because the law demands it.

An order acts in two steps. *Erased*: in one transaction the records stop being shown, quarantined
rows lose their cells, open uploads and dropped files that carry its code or name go, and of a
personal-kind enterprise that is erased as a whole names, reasons that people wrote down, papers of
claims, and what people wrote and handed in with its cases are forgotten (Personal Information
Protection Law, article 47). *Removed*: parts are written anew without the rows, the replaced ones
deleted, and the database's files rid of what was deleted. Then the certificate is made: counts, ids
and digests, no values. Backups taken before hold the values until they are given up.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from xinrong.accounts.services import proof
from xinrong.collect.enums import UploadState
from xinrong.collect.erasing import carrying, holding
from xinrong.collect.erasing.carrying import Marks
from xinrong.collect.errors import CollectError
from xinrong.collect.models import ErasureOrder, QuarantinedRow, Upload
from xinrong.collect.uploads.receiving import discard_upload
from xinrong.domain.clock import Clock, day_in_china
from xinrong.store import services as store
from xinrong.subjects import services as subjects

#: By when a person's request is answered: GB/T 35273-2020, 8.7 (thirty days).
TERM = timedelta(days=30)
#: How long a replaced part stays for snapshots that are open.
GRACE = timedelta(hours=1)
QUARANTINE_ERASED = "quarantine_erased"
NAMES_ERASED = "names_erased"
_NO_CLAIMS = proof.Forgotten(0, ())
Progress = Callable[[int, int], None]


class NothingToErase(CollectError):
    """There is no such record, quarantined row, upload or name."""

    code = "nothing_to_erase"


@dataclass(frozen=True)
class ErasurePreview:
    """What an order would erase. `mentions` are records of others that name it: they stay."""

    enterprise: int
    personal: bool
    category: str
    records: dict[str, int]  # category → records
    versions: int  # rows, with all earlier versions
    quarantined: int
    uploads: int
    names: int
    mentions: int
    files: int = 0  # that folder drops have put aside
    claims: int = 0  # rows of claims to represent it that hold its name, or reasons
    papers: int = 0  # handed in with these claims
    words: int = 0  # rows of its cases in which people wrote, and documents of them

    @property
    def empty(self) -> bool:
        """Whether there is nothing to erase."""
        kept = (self.versions, self.quarantined, self.uploads, self.names, self.files)
        return not any((*kept, self.claims, self.papers, self.words))


@dataclass
class _Found:
    """The same, with what is needed to carry it out."""

    enterprise: int
    code: str
    personal: bool
    category: str
    subjects: list[int]
    records: list[store.RecordId]
    versions: int
    quarantined: list[int]
    uploads: list[Upload]
    names: set[str] = field(default_factory=set)  # that will be forgotten
    files: list[Path] = field(default_factory=list)
    claims: proof.Forgotten = _NO_CLAIMS
    words: int = 0

    def preview(self) -> ErasurePreview:
        return ErasurePreview(
            enterprise=self.enterprise,
            personal=self.personal,
            category=self.category,
            records=dict(sorted(Counter(one.category for one in self.records).items())),
            versions=self.versions,
            quarantined=len(self.quarantined),
            uploads=len(self.uploads),
            names=len(self.names),
            mentions=_mentions(self.subjects),
            files=len(self.files),
            claims=self.claims.rows,
            papers=len(self.claims.files),
            words=self.words,
        )


def _codes(enterprise: int) -> set[str]:
    """Every code under which it may be known; none of one that a restored database lacks."""
    codes = set(subjects.codes_of_enterprise(enterprise))
    with suppress(subjects.UnknownEnterprise):
        codes.add(subjects.enterprise_by_id(enterprise).code)
    return codes


def _find(
    enterprise: int,
    category: str,
    only: Sequence[store.RecordId] | None = None,
    folders: Sequence[Path] = (),
) -> _Found:
    who = subjects.enterprise_by_id(enterprise)
    numbers = subjects.subjects_of([enterprise])[enterprise]
    held = store.versions_of(numbers).to_pylist()
    if category:
        held = [row for row in held if row["category"] == category]
    records = {store.RecordId(row["category"], row["key"], row["subject"]) for row in held}
    if only is not None:
        records &= set(only)
    known = subjects.names_held(enterprise, numbers)
    codes = _codes(enterprise)
    marks = Marks.of(codes, known)
    whole = not category and only is None
    return _Found(
        enterprise=enterprise,
        code=who.code,
        personal=who.personal,
        category=category,
        subjects=numbers,
        records=sorted(records, key=lambda one: (one.category, one.key, one.subject)),
        versions=sum(
            store.RecordId(row["category"], row["key"], row["subject"]) in records for row in held
        ),
        quarantined=_quarantined(marks, category, records, narrow=only is not None),
        uploads=carrying.uploads(marks) if whole else [],
        names=known if whole and who.personal else set(),
        files=carrying.dropped(folders, marks),
        claims=proof.held_of(codes) if whole and who.personal else _NO_CLAIMS,
        words=holding.words_held(enterprise) if whole and who.personal else 0,
    )


def _quarantined(
    marks: Marks, category: str, records: set[store.RecordId], *, narrow: bool
) -> list[int]:
    """Rows that carry code or name; of single records only those of the records' categories."""
    if not narrow:
        return list(carrying.quarantined(marks, category))
    categories = sorted({one.category for one in records})
    return [number for name in categories for number in carrying.quarantined(marks, name)]


def _mentions(numbers: Sequence[int]) -> int:
    few = ", ".join(str(int(number)) for number in numbers)
    if not few:
        return 0
    sql = f"SELECT count(*) AS n FROM record WHERE counterparty IN ({few})"  # noqa: S608 - integers
    with store.snapshot() as snap:
        [row] = snap.query(sql).to_pylist()
    return int(row["n"])


def preview_erasure(
    enterprise: int, category: str = "", *, folders: Sequence[Path] = ()
) -> ErasurePreview:
    """What erasing an enterprise (or one category of it) would do. Raises UnknownEnterprise."""
    return _find(enterprise, category, folders=folders).preview()


def erase_enterprise(
    enterprise: int,
    *,
    article: str,
    reason: str,
    clock: Clock,
    category: str = "",
    requested_at: datetime | None = None,
    folders: Sequence[Path] = (),
) -> ErasureOrder:
    """Erase everything about an enterprise, or one category of it; acts at once.

    `requested_at` starts the clock (now when None). `folders` are folder drops: files that they
    have put aside are deleted when they carry the code or a name. `finish_erasures` then removes
    the bytes. Raises UnknownEnterprise, NothingToErase.
    """
    found = _find(enterprise, category, folders=folders)
    return _carry_out(found, article, reason, clock, requested_at)


def erase_records(
    enterprise: int,
    records: Sequence[store.RecordId],
    *,
    article: str,
    reason: str,
    clock: Clock,
    requested_at: datetime | None = None,
) -> ErasureOrder:
    """Erase some records of an enterprise, in every version, and what is quarantined of it.

    A quarantined row was not understood, so nobody can tell whether it is one of the records: all
    that carry the code or name and are of the same categories are erased.
    """
    found = _find(enterprise, "", records)
    return _carry_out(found, article, reason, clock, requested_at)


def _carry_out(
    found: _Found, article: str, reason: str, clock: Clock, requested_at: datetime | None
) -> ErasureOrder:
    preview = found.preview()
    if preview.empty:
        raise NothingToErase(
            f"nothing is held of enterprise {found.enterprise} that could be erased",
            remedy="Check the code and the category; what was erased before is gone.",
        )
    now = clock.now()
    asked = requested_at or now
    with transaction.atomic():
        seq = (
            store.erase(found.records, article=article, reason=reason, at=now)
            if found.records
            else None
        )
        _erase_quarantined(found.quarantined, article, now)
        papers = _forget(found, article, now)
        order = ErasureOrder.objects.create(
            enterprise_id=found.enterprise,
            category=found.category,
            article=article,
            reason=reason,
            requested_at=asked,
            due_at=asked + TERM,
            erased_at=now,
            seq=seq,
            counts=asdict(preview),
        )
    for upload in found.uploads:  # files are not undone by a transaction that fails
        if upload.state != UploadState.TAKING:  # its rows meet the erasure; its bytes go then
            discard_upload(upload, clock=clock)
    for path in found.files:
        path.unlink(missing_ok=True)
    proof.remove_papers(papers)
    return order


def _erase_quarantined(numbers: Sequence[int], article: str, at: datetime) -> None:
    """Take the cells of quarantined rows away: the rows stay, so that receipts still add up."""
    if numbers:
        payload = {"rows": list(numbers), "article": article}
        store.record(QUARANTINE_ERASED, payload, at)
    _empty(numbers, article, at)


def _empty(numbers: Sequence[int], article: str, at: datetime) -> int:
    day = day_in_china(at).isoformat()
    problem = {
        "rule": carrying.RULE,
        "field": "",
        "reason_zh": f"{day} 依据{article}删除。",
        "reason_en": f"Erased on {day}, {article}.",
    }
    emptied = 0
    for start in range(0, len(numbers), 500):
        rows = QuarantinedRow._base_manager.filter(pk__in=numbers[start : start + 500])  # noqa: SLF001
        emptied += rows.exclude(original={}).update(original={}, problems=[problem])
    return emptied


def _forget(found: _Found, article: str, at: datetime) -> tuple[str, ...]:
    """Names, reasons and claims of a personal-kind enterprise; the papers' files still to go."""
    if not (found.names or found.claims.rows or found.claims.files or found.words):
        return ()
    payload = {"enterprise": found.enterprise, "subjects": found.subjects, "article": article}
    store.record(NAMES_ERASED, payload, at)
    return _forgotten(found.enterprise, found.subjects, article, at)[1]


def _forgotten(
    enterprise: int, numbers: Sequence[int], article: str, at: datetime
) -> tuple[int, tuple[str, ...]]:
    """How many rows held something, and the files of papers that are still to go."""
    words = proof.forgotten_words(day_in_china(at).isoformat(), article)
    done = proof.forget_claims(_codes(enterprise), words, now=at)
    told = holding.forget_words(enterprise, words, at)
    return done.rows + told + subjects.forget_names(enterprise, numbers), done.files


@store.replayer(QUARANTINE_ERASED)
def empty_again(entry: store.Entry) -> store.Outcome:
    """Rows erased since the backup lose their cells in the restored store too."""
    numbers = list(entry.payload["rows"])
    if _empty(numbers, entry.payload["article"], entry.at):
        return store.Outcome.APPLIED
    there = QuarantinedRow._base_manager.filter(pk__in=numbers[:500]).exists()  # noqa: SLF001
    return store.Outcome.PRESENT if there else store.Outcome.ABSENT


@store.replayer(NAMES_ERASED)
def forget_again(entry: store.Entry) -> store.Outcome:
    """What was forgotten since the backup is forgotten in the restored store too."""
    told = entry.payload
    changed, papers = _forgotten(
        told["enterprise"], told["subjects"], told.get("article", ""), entry.at
    )
    proof.remove_papers(papers)
    return store.Outcome.APPLIED if changed or papers else store.Outcome.PRESENT


def erasure_orders(*, open_only: bool = False) -> list[ErasureOrder]:
    """The orders, those that are due first first."""
    found = ErasureOrder.objects.select_related("enterprise").order_by("due_at", "pk")
    return list(found.filter(removed_at=None) if open_only else found)


def finish_erasures(
    *, clock: Clock, at_once: bool = False, progress: Progress | None = None
) -> list[ErasureOrder]:
    """Remove the bytes of all orders that are still open; returns those that are done with it.

    Replaced parts stay an hour for the snapshots that read them, unless `at_once`, and as long as
    a backup in progress needs them: the orders then stay open, and the next call goes on. Call it
    outside of any transaction. Raises ScrubFailed.
    """
    waiting = erasure_orders(open_only=True)
    if not waiting:
        return []
    store.rewrite_erased(clock.now(), progress)
    store.remove_replaced(clock.now(), timedelta(0) if at_once else GRACE)
    scrubbed = store.scrub(holding.tables())
    if store.replaced_parts():
        return []
    now = clock.now()
    for order in waiting:
        order.removed_at = now
        order.certificate = certificate(order, scrubbed)
        order.save(update_fields=["removed_at", "certificate"])
    return waiting


def certificate(order: ErasureOrder, scrubbed: store.Scrubbed) -> dict[str, object]:
    """What was erased, when and on which article: counts, ids and digests only."""
    assert order.erased_at is not None
    assert order.removed_at is not None
    return {
        "certificate": "erasure",
        "order": order.pk,
        "enterprise": order.enterprise_id,
        "code_sha256": hashlib.sha256(order.enterprise.code.encode()).hexdigest(),
        "category": order.category,
        "article": order.article,
        "reason_sha256": hashlib.sha256(order.reason.encode()).hexdigest(),
        "seq": order.seq,
        "requested_at": order.requested_at.isoformat(),
        "due_at": order.due_at.isoformat(),
        "erased_at": order.erased_at.isoformat(),
        "removed_at": order.removed_at.isoformat(),
        "in_time": order.removed_at <= order.due_at,
        "counts": order.counts,
        "database": asdict(scrubbed),
    }
