"""The four query services and search. Every file goes through `trust.disclose`."""

from __future__ import annotations

from collections.abc import Sequence

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import Clock, SystemClock, day_in_china
from xinrong.files.asking import AskedRow, Question, ask_about, not_asked, sums_of, to_ask
from xinrong.files.batching import MOST_IN_BATCH, PRODUCTS, BatchLine, batch
from xinrong.files.clients import Entry, Fate, ListedRow, entries_of, log_listed, sort_out
from xinrong.files.errors import BatchRefused, BatchTooLarge
from xinrong.files.figures import Finding, KeyFigures
from xinrong.files.history import RegisterHistory
from xinrong.files.joined import JoinedRecords
from xinrong.files.meant import MayBeMeant, Meant
from xinrong.files.objected import is_open, objections_in
from xinrong.files.once import Answer, ask_once
from xinrong.files.portable import services as portable
from xinrong.files.printing.checking import Genuine
from xinrong.files.printing.checking import check_number as check_paper
from xinrong.files.printing.errors import PaperError
from xinrong.files.printing.issuing import Paper
from xinrong.files.printing.issuing import issue as issue_paper
from xinrong.files.products import Basic, Comprehensive, Cube, Signs, Slice
from xinrong.files.reproducing import reproduce, reproduces
from xinrong.files.types import Sign
from xinrong.subjects.services import Hit, predecessors_of, search
from xinrong.trust.gate import Purpose, Release, Service, Stage, disclose, log_shown
from xinrong.trust.services import words_digest

PAGE = 25  # records of a page, unless the caller asks for another number
MOST_RECORDS = 500
CLOCK: Clock = SystemClock()


def find(text: str, limit: int = 20, start: int = 0, *, viewer: Viewer | None = None) -> list[Hit]:
    """Enterprises by name or code. What it shows, name and code, is open to every viewer.

    What a viewer who is signed in is shown leaves a row in the log. Raises AuditUnavailable when
    it takes none.
    """
    words, most = text.strip()[:100], min(limit, 100)
    hits = search(words, most, start)
    if viewer is not None and (viewer.person_id is not None or viewer.key_id is not None):
        shown = [[hit.enterprise, hit.code, hit.name, hit.matched_text] for hit in hits]
        kept = words_digest(words)
        asked: dict[str, str | int] = {
            "product": "search",
            "words": kept,
            "limit": most,
            "start": start,
        }
        log_shown(viewer, shown, service=Service.SEARCH, purpose=Purpose.PUBLIC, parameters=asked)
    return hits


def basic(
    viewer: Viewer,
    enterprise: int,
    purpose: Purpose,
    stage: Stage | None = None,
    *,
    at_seq: int | None = None,
    clock: Clock = CLOCK,
) -> Release:
    """Query service 1, basic information: `.content` is a BasicInformation."""
    product = Basic(day_in_china(clock.now()))
    return disclose(viewer, [enterprise], product, Service.BASIC, purpose, stage, at_seq=at_seq)


def with_predecessors(enterprise: int, purpose: Purpose, seq: int | None) -> list[int]:
    """About whom a joined query asks. A representative may ask about the own enterprise only."""
    if purpose == Purpose.SELF:
        return [enterprise]
    return [enterprise, *(one.enterprise.pk for one in predecessors_of(enterprise, seq=seq))]


def register_history(
    viewer: Viewer,
    enterprise: int,
    purpose: Purpose,
    stage: Stage | None = None,
    *,
    at_seq: int | None = None,
    clock: Clock = CLOCK,
) -> Release:
    """Query service 1, what the register said when: `.content` is a RegisterHistoryContent.

    Those whom the enterprise follows are asked about as well, each under its own permits; a
    representative sees the own enterprise only.
    """
    about = with_predecessors(enterprise, purpose, at_seq)
    product = RegisterHistory(day_in_china(clock.now()), enterprise)
    return disclose(viewer, about, product, Service.BASIC, purpose, stage, at_seq=at_seq)


def comprehensive(
    viewer: Viewer,
    enterprise: int,
    purpose: Purpose,
    stage: Stage | None = None,
    *,
    offset: int = 0,
    limit: int = PAGE,
    category: str = "",
    department: str = "",
    sign: Sign | None = None,
    year: int | None = None,
    undated: bool = False,
    joined: bool = False,
    at_seq: int | None = None,
    only_consented: bool = False,
    clock: Clock = CLOCK,
) -> Release:
    """Query service 2, comprehensive information: `.content` is a ComprehensiveInformation.

    `joined`: with the records of those that the enterprise follows, as a JoinedInformation;
    `only_consented`: nothing, not even what is open, unless a consent opens something.
    """
    today, part = day_in_china(clock.now()), Slice(category, department, sign, year, undated)
    window = max(offset, 0), min(max(limit, 1), MOST_RECORDS)
    service, about = Service.COMPREHENSIVE, [enterprise]
    product: Comprehensive | JoinedRecords = Comprehensive(today, part, *window)
    if joined:
        product = JoinedRecords(today, enterprise, part, *window)
        about = with_predecessors(enterprise, purpose, at_seq)
    return disclose(
        viewer,
        about,
        product,
        service,
        purpose,
        stage,
        at_seq=at_seq,
        only_consented=only_consented,
    )


def cube(
    viewer: Viewer,
    enterprise: int,
    purpose: Purpose,
    stage: Stage | None = None,
    *,
    at_seq: int | None = None,
    clock: Clock = CLOCK,
) -> Release:
    """Query service 3, the credit cube: `.content` is a CreditCube."""
    product = Cube(day_in_china(clock.now()))
    return disclose(viewer, [enterprise], product, Service.CUBE, purpose, stage, at_seq=at_seq)


def signs(
    viewer: Viewer,
    enterprise: int,
    purpose: Purpose,
    stage: Stage | None = None,
    *,
    at_seq: int | None = None,
    clock: Clock = CLOCK,
) -> Release:
    """Query service 4, positive and negative information: `.content` is a PositiveNegative."""
    product = Signs(day_in_china(clock.now()))
    return disclose(viewer, [enterprise], product, Service.SIGNS, purpose, stage, at_seq=at_seq)


def meant(
    viewer: Viewer,
    subject: int,
    candidates: Sequence[int],
    purpose: Purpose,
    *,
    clock: Clock = CLOCK,
) -> Release:
    """Both sides of a name that came without a code: `.content` is a BothSides.

    `candidates` are those who may be meant, at least one: the query is about them.
    """
    product = Meant(day_in_china(clock.now()), subject)
    return disclose(viewer, candidates, product, Service.BASIC, purpose)


__all__ = [
    "MOST_IN_BATCH",
    "PRODUCTS",
    "Answer",
    "AskedRow",
    "BatchLine",
    "BatchRefused",
    "BatchTooLarge",
    "Entry",
    "Fate",
    "Finding",
    "Genuine",
    "Hit",
    "KeyFigures",
    "ListedRow",
    "MayBeMeant",
    "Paper",
    "PaperError",
    "Question",
    "ask_about",
    "ask_once",
    "basic",
    "batch",
    "check_paper",
    "comprehensive",
    "cube",
    "entries_of",
    "find",
    "is_open",
    "issue_paper",
    "log_listed",
    "meant",
    "not_asked",
    "objections_in",
    "portable",
    "register_history",
    "reproduce",
    "reproduces",
    "signs",
    "sort_out",
    "sums_of",
    "to_ask",
]
