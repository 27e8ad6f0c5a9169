"""The life of a version: drafted, proposed by one operator, decided on by another, retired."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.scorecards import CardFault
from xinrong.domain.text import Text
from xinrong.rating.cards import CardBook, book_from_json, load_cards, must_have
from xinrong.rating.errors import CardsNotInForce, CardsRefused
from xinrong.rating.perms import can_manage_cards
from xinrong.rating.versions.artefact import sealed
from xinrong.rating.versions.checks import problems_of
from xinrong.rating.versions.models import CardVersion, State
from xinrong.rating.versions.standing import in_force, unknown
from xinrong.store import services as store

LONGEST = 500
#: A version begins at most this long after it is proposed.
FURTHEST = timedelta(days=366)
#: The journal's name for the decision that a version holds no longer.
CARDS_RETIRED = "cards_retired"
_REASON = Text(
    zh=f"请写明理由，不超过 {LONGEST} 字。", en=f"Say why, in at most {LONGEST} characters."
)


def draft_of_files(who: Viewer, why: str, *, now: datetime) -> CardVersion:
    """A draft of the cards in the region's folder. Raises CardsRefused, CardsBroken, NoCards."""
    return _draft(who, load_cards(settings.REGION), why, now)


def draft_of_version(who: Viewer, number: int, why: str, *, now: datetime) -> CardVersion:
    """A draft that goes back to an earlier version: a new number for the same cards."""
    return _draft(who, book_kept(version(number)), why, now, based_on=number)


def draft_of_document(who: Viewer, data: Any, why: str, *, now: datetime) -> CardVersion:
    """A draft of cards that somebody changed in a document of the platform.

    Raises CardsRefused: cards_content with the first thing that is wrong.
    """
    try:
        book = book_from_json(data)
    except CardFault as fault:
        raise _content(Text(zh=fault.wrong, en=fault.wrong)) from fault
    return _draft(who, book, why, now)


def propose(who: Viewer, number: int, since: date, *, now: datetime) -> CardVersion:
    """Lay a draft before the other operators; it would hold from `since` on, today or later."""
    with transaction.atomic():
        row = _held(who, number, State.DRAFT)
        today = day_in_china(now)
        if not today <= since <= today + FURTHEST:
            raise CardsRefused(
                "cards_day",
                Text(
                    zh="生效日应在今天至一年以内。",
                    en="It begins today at the earliest, and within a year.",
                ),
            )
        row.state, row.since = State.PROPOSED, since
        row.proposed_by_id, row.proposed_at = who.person_id, now
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise CardsRefused(
                "cards_waiting",
                Text(
                    zh="已有一版等待批准，请先处理。",
                    en="Another version waits already: decide on that one first.",
                ),
            ) from error
    return row


def approve(who: Viewer, number: int, *, now: datetime) -> CardVersion:
    """Put a proposal in force from its day on, today at the earliest, and sign it.

    Raises CardsRefused: cards_own for whoever proposed it.
    """
    with transaction.atomic():
        row = _held(who, number, State.PROPOSED)
        if row.proposed_by_id == who.person_id:
            raise CardsRefused(
                "cards_own",
                Text(
                    zh="自己提交的评分卡须由另一名操作员批准。",
                    en="Another operator approves what you proposed.",
                ),
            )
        book = book_kept(row)
        _check(book)
        assert row.since is not None  # as the proposal set it
        assert row.proposed_at is not None
        row.since = max(row.since, day_in_china(now))
        row.envelope = sealed(
            book, row.number, row.since, proposed_at=row.proposed_at, approved_at=now
        )
        _decided(row, who, State.APPROVED, "", now)
    return row


def refuse(who: Viewer, number: int, why: str, *, now: datetime) -> CardVersion:
    """Turn a proposal down, or take one's own back, with a reason."""
    said = _said(why)
    with transaction.atomic():
        row = _held(who, number, State.PROPOSED)
        own = row.proposed_by_id == who.person_id
        _decided(row, who, State.WITHDRAWN if own else State.REFUSED, said, now)
    return row


def discard(who: Viewer, number: int, *, now: datetime) -> CardVersion:
    """Give a draft up; its number is not used again."""
    with transaction.atomic():
        row = _held(who, number, State.DRAFT)
        _decided(row, who, State.WITHDRAWN, "", now)
    return row


def retire(who: Viewer, number: int, why: str, *, now: datetime) -> CardVersion:
    """End a version at once: nobody is graded by it from today on.

    It is written to the journal first, so that no restore brings it back.
    """
    said = _said(why)
    with transaction.atomic():
        row = _held(who, number, State.APPROVED)
        if row.retired_from is not None:
            raise _not_now(row)
        day = day_in_china(now)
        store.record(CARDS_RETIRED, {"number": number, "from": day.isoformat()}, now)
        row.retired_from, row.retired_at, row.retired_why = day, now, said
        row.retired_by_id = who.person_id
        row.save()
    return row


@store.replayer(CARDS_RETIRED)
def retire_again(entry: store.Entry) -> store.Outcome:
    """A version retired since the backup is retired in the restored store, from its own day."""
    found = CardVersion.objects.filter(number=entry.payload["number"], state=State.APPROVED)
    day = date.fromisoformat(entry.payload["from"])
    if found.filter(retired_from=None).update(retired_from=day, retired_at=entry.at):
        return store.Outcome.APPLIED
    return store.Outcome.PRESENT if found.exists() else store.Outcome.ABSENT


def version(number: int) -> CardVersion:
    """A version by its number. Raises CardsRefused (cards_unknown)."""
    people = ("drafted_by", "proposed_by", "decided_by", "retired_by")
    found = CardVersion.objects.select_related(*people).filter(number=number).first()
    if found is None:
        raise unknown(number)
    return found


def versions() -> list[CardVersion]:
    """Every version, the newest first, without its cards."""
    people = ("drafted_by", "proposed_by", "decided_by", "retired_by")
    rows = CardVersion.objects.select_related(*people).defer("book", "envelope")
    return list(rows.order_by("-number"))


def approved_before(number: int) -> CardVersion | None:
    """The newest approved version with a smaller number; None for the first."""
    rows = CardVersion.objects.filter(state=State.APPROVED, number__lt=number)
    return rows.order_by("-number").first()


def waiting_for(who: Viewer) -> QuerySet[CardVersion]:
    """Proposals that wait for this operator: others' only."""
    rows = CardVersion.objects.filter(state=State.PROPOSED)
    return rows.exclude(proposed_by=who.person_id) if can_manage_cards(who) else rows.none()


def book_kept(row: CardVersion) -> CardBook:
    """The cards of a version, whatever its state. Raises CardFault for what is none."""
    return book_from_json(row.book)


def _draft(
    who: Viewer, book: CardBook, why: str, now: datetime, based_on: int | None = None
) -> CardVersion:
    _may(who)
    assert who.person_id is not None  # as can_manage_cards says
    must_have(settings.REGION)
    said = _said(why)
    _check(book)
    try:
        current = in_force(day_in_china(now)).book.digest
    except CardsNotInForce:
        current = ""
    same = CardVersion.objects.filter(
        digest=book.digest, state__in=(State.DRAFT, State.PROPOSED)
    ).exists()
    if same or book.digest == current:
        raise CardsRefused(
            "cards_same",
            Text(
                zh="这些评分卡与生效的或待批准的一版相同，没有改变。",
                en="These cards are those in force, or already drafted: nothing would change.",
            ),
        )
    with transaction.atomic():
        last = CardVersion.objects.aggregate(last=Max("number"))["last"] or 0
        return CardVersion.objects.create(
            number=last + 1,
            state=State.DRAFT,
            book=book.written(),
            digest=book.digest,
            based_on=based_on,
            why=said,
            drafted_by_id=who.person_id,
            drafted_at=now,
        )


def _check(book: CardBook) -> None:
    if book.region != settings.REGION:
        raise CardsRefused(
            "cards_region",
            Text(
                zh=f"这是“{book.region[:40]}”的评分卡，不是本地的。",
                en=f"These are the cards of {book.region[:40]!r}, not of this region.",
            ),
        )
    found = problems_of(book)
    if found:
        raise _content(found[0])


def _content(first: Text) -> CardsRefused:
    return CardsRefused(
        "cards_content",
        Text(zh=f"评分卡无法使用。{first.zh}", en=f"These cards cannot be used. {first.en}"),
        "docs/how-to/write-a-scorecard.md shows how cards are written.",
    )


def _may(who: Viewer) -> None:
    if not can_manage_cards(who):
        raise CardsRefused(
            "cards_role",
            Text(zh="评分卡由平台操作员管理。", en="The platform's operators answer for cards."),
        )


def _held(who: Viewer, number: int, state: State) -> CardVersion:
    """A version in a state, whose row is held until the transaction ends."""
    _may(who)
    row = CardVersion.objects.select_for_update().filter(number=number).first()
    if row is None:
        raise unknown(number)
    if row.state != state:
        raise _not_now(row)
    return row


def _not_now(row: CardVersion) -> CardsRefused:
    return CardsRefused(
        "cards_state",
        Text(
            zh=f"第 {row.number} 版的状态已变化，请刷新后再看。",
            en=f"Version {row.number} stands otherwise by now: load the page again.",
        ),
    )


def _said(why: str) -> str:
    said = " ".join(why.split())
    if not said or len(said) > LONGEST:
        raise CardsRefused("cards_words", _REASON)
    return said


def _decided(row: CardVersion, who: Viewer, state: State, why: str, now: datetime) -> None:
    row.state, row.decided_why = state, why
    row.decided_by_id, row.decided_at = who.person_id, now
    row.save()
