"""An objection from the mark to its end: what is shown to whom, and when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.remedy.objecting.support import (
    CATEGORY,
    DAY,
    NOW,
    STATEMENT,
    WHY,
    Cast,
    corrected,
    go,
    penalty,
    send,
    told,
)
from xinrong.notices.models import Notice
from xinrong.remedy.models import Objection
from xinrong.remedy.services import follow_objections
from xinrong.store.models import Suppression
from xinrong.store.services import RecordId, erase, last_seq, retract_batch, suppress
from xinrong.work.models import CaseMove, OutboxEvent
from xinrong.work.services import deliver, tick, waiting_for

pytestmark = [pytest.mark.usefixtures("store_root")]


def test_the_record_is_marked_in_the_same_moment(cast: Cast) -> None:
    case = cast.objects()
    [shown] = cast.seen()
    assert shown.objection.state == "under_objection"
    assert shown.objection.since == date(2026, 11, 23)
    assert shown.objection.statement == STATEMENT
    assert case.state == "marked"
    assert waiting_for(cast.operator).get().case_id == case.pk
    assert not waiting_for(cast.source).exists()
    assert [one["record"] for one in told("record_marked")] == [cast.ref()]


def test_no_event_and_no_list_says_what_was_said(cast: Cast) -> None:
    case = cast.objects()
    go(case, "forward", cast.operator)
    words = [*OutboxEvent.objects.values_list("about", flat=True), case.data]
    assert not any(one in str(words) for one in (STATEMENT, WHY))


def test_with_the_source_nobody_sees_it(cast: Cast) -> None:
    case = cast.objects()
    assert go(case, "forward", cast.operator) == "with_source"
    assert cast.seen() == []
    assert len(cast.own().content.records) == 0
    assert Suppression.objects.get().article.startswith("台州市企业信用促进条例")
    assert waiting_for(cast.source).get().case_id == case.pk
    assert len(told("record_suspended")) == 1


def test_who_has_to_act_and_the_enterprise_are_told_and_no_notice_says_what_was_said(
    cast: Cast,
) -> None:
    case = cast.objects()
    deliver(NOW)
    go(case, "forward", cast.operator)
    found = list(Notice.objects.values("kind", "person", "reference", "label", "path"))
    told = {(one["kind"], one["person"]) for one in found}
    assert ("case_waiting", cast.operator.person_id) in told
    assert ("case_waiting", cast.source.person_id) in told
    assert ("case_moved", cast.owner.person_id) in told
    assert not any(words in str(found) for words in (STATEMENT, WHY))


def test_what_the_source_upholds_shows_with_the_statement_beside_it(cast: Cast) -> None:
    case = cast.objects()
    go(case, "forward", cast.operator)
    assert go(case, "uphold", cast.source) == "upheld"
    [shown] = cast.seen()
    assert (shown.objection.state, shown.objection.statement) == ("statement", STATEMENT)
    assert len(told("record_lifted")) == 1


def test_a_confirmed_mistake_is_corrected_by_the_next_version_from_its_source(cast: Cast) -> None:
    case = cast.objects()
    go(case, "forward", cast.operator)
    assert go(case, "confirm", cast.source) == "confirmed"
    with pytest.raises(Exception, match="stands as it did"):
        go(case, "carry", cast.source)
    assert follow_objections(now=NOW) == 0
    send(CATEGORY, "health_penalties", corrected())
    assert cast.seen() == [], "until the case is closed"
    assert follow_objections(now=NOW + DAY) == 1
    deliver(NOW + DAY)
    case.refresh_from_db()
    assert case.state == "corrected"
    [shown] = cast.seen()
    assert (shown.amount, shown.objection) == (100, None)
    assert len(told("record_corrected")) == 1


def test_sent_again_with_the_same_content_is_not_corrected(cast: Cast) -> None:
    case = cast.objects()
    go(case, "forward", cast.operator)
    go(case, "confirm", cast.source)
    send(CATEGORY, "health_penalties", penalty(10, date(2026, 3, 5)))
    assert follow_objections(now=NOW) == 0


def test_the_platforms_own_mistake_ends_when_the_record_is_mended(cast: Cast) -> None:
    case = cast.objects()
    assert go(case, "own_mistake", cast.operator) == "ours"
    assert cast.seen() == []
    send(CATEGORY, "health_penalties", corrected(1_00))
    assert go(case, "mend", cast.operator) == "corrected"
    assert [one.amount for one in cast.seen()] == [1]


def test_a_source_that_never_answers_escalates_and_the_record_stays_unseen(cast: Cast) -> None:
    case = cast.objects()
    later = NOW + 9 * DAY
    tick(later)
    deliver(later)
    case.refresh_from_db()
    assert case.state == "with_source", "the operator did not look: the source is asked by itself"
    assert cast.seen() == []
    later += 25 * DAY
    tick(later)
    deliver(later)
    case.refresh_from_db()
    assert case.state == "overdue"
    assert waiting_for(cast.operator).exists()
    assert cast.seen() == []
    later += 60 * DAY
    tick(later)
    deliver(later)
    case.refresh_from_db()
    assert case.state == "withheld"
    assert cast.seen() == []


def test_what_cannot_be_verified_is_shown_no_longer_until_it_can(cast: Cast) -> None:
    case = cast.objects()
    go(case, "forward", cast.operator)
    assert go(case, "cannot_verify", cast.source) == "withheld"
    send(CATEGORY, "health_penalties", corrected(1_00))
    assert cast.seen() == [], "also when it is sent again"
    assert go(case, "take_up", cast.source) == "overdue"
    assert cast.seen() == []
    assert go(case, "uphold", cast.source) == "upheld"
    assert len(cast.seen()) == 1


def test_withdrawn_the_record_is_as_it_was(cast: Cast) -> None:
    case = cast.objects()
    go(case, "forward", cast.operator)
    assert go(case, "withdraw", cast.owner) == "withdrawn"
    [shown] = cast.seen()
    assert shown.objection is None
    cast.objects()  # and may be objected to again, with nothing new
    assert cast.seen()[0].objection is not None


def test_reopened_it_is_marked_again_and_its_clocks_start_anew(cast: Cast) -> None:
    case = cast.objects()
    go(case, "forward", cast.operator)
    go(case, "uphold", cast.source)
    later = NOW + 20 * DAY
    assert go(case, "object", cast.owner, later, "找到了送达回证") == "marked"
    assert cast.seen()[0].objection.state == "under_objection"
    assert go(case, "forward", cast.operator, later) == "with_source"
    case.refresh_from_db()
    assert case.due_at is not None
    assert case.due_at > later + 4 * DAY
    assert cast.seen() == []


def test_more_is_asked_for_once_and_what_is_not_supplied_ends_it(cast: Cast) -> None:
    case = cast.objects()
    go(case, "forward", cast.operator)
    assert go(case, "ask_more", cast.source) == "more_wanted"
    assert cast.seen() == []
    later = NOW + 40 * DAY
    tick(later)
    deliver(later)
    case.refresh_from_db()
    assert case.state == "dropped"
    assert cast.seen()[0].objection is None


def test_a_record_that_is_taken_back_meanwhile_ends_it(cast: Cast) -> None:
    case = cast.objects()
    batch = Objection.objects.get().batch
    assert follow_objections(now=NOW) == 0
    retract_batch(batch, "错报", NOW)
    assert follow_objections(now=NOW) == 1
    deliver(NOW)
    case.refresh_from_db()
    assert case.state == "corrected"
    assert cast.seen() == []


def test_an_erased_record_takes_the_words_with_it(cast: Cast) -> None:
    cast.objects()
    one = Objection.objects.get()
    erase([RecordId(one.category, one.key, one.subject)], article="x", reason="y", at=NOW)
    assert follow_objections(now=NOW) == 1
    one.refresh_from_db()
    assert (one.statement, one.why, one.digest, one.event_date) == ("", "", "", None)
    assert not CaseMove.objects.exclude(text="").exists()


def test_a_late_suspension_does_not_hide_what_has_ended(cast: Cast) -> None:
    case = cast.objects()
    from xinrong.work.services import move

    move(case.number, "forward", cast.operator, version=1, now=NOW)
    move(case.number, "withdraw", cast.owner, version=2, now=NOW)
    deliver(NOW)
    assert len(cast.seen()) == 1
    assert not Suppression.objects.filter(to_seq=None).exists()


def test_what_ends_unverified_before_the_outbox_ran_is_hidden_all_the_same(cast: Cast) -> None:
    case = cast.objects()
    from xinrong.work.services import move

    move(case.number, "forward", cast.operator, version=1, now=NOW)
    move(case.number, "cannot_verify", cast.source, version=2, now=NOW, text="案卷已销毁")
    deliver(NOW)
    assert cast.seen() == []
    assert len(told("record_ended")) == 1
    assert told("record_ended")[0]["article"]


def test_another_reason_for_hiding_it_keeps_holding(cast: Cast) -> None:
    case = cast.objects()
    go(case, "forward", cast.operator)
    one = Objection.objects.get()
    record = RecordId(one.category, one.key, one.subject)
    suppress([record], basis="repair", article="x", reason="y", at=NOW)
    go(case, "uphold", cast.source)
    assert cast.seen() == []


def test_the_past_shows_what_stood_then(cast: Cast) -> None:
    from tests.files.firm import by_bank
    from xinrong.files import services as files

    before = last_seq()
    cast.objects()
    marked = last_seq()
    send("honour", "reform_honours", penalty(31, date(2026, 4, 1)) | {"polarity": 1})

    def at(seq: int) -> Any:
        found = by_bank(files.comprehensive, cast.bank, cast.firm, category=CATEGORY, at_seq=seq)
        return found.content.records[0].objection

    assert at(before) is None
    assert at(marked).state == "under_objection"
