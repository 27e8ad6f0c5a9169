"""Versions of the scorecards: two persons, one signed document, and never a changed one."""

from __future__ import annotations

import copy
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction

from tests.profiles import city
from tests.rating.support import APPROVED, SINCE, operators, other, put_in_force
from tests.rating.test_released import person
from xinrong.accounts.services import Viewer
from xinrong.domain.signatures import Ed25519Signer, SignatureError, open_envelope, seal
from xinrong.rating.cards import CardBook, book_from_json, load_cards
from xinrong.rating.errors import CardsNotInForce, CardsRefused, CardsTampered, NoCards
from xinrong.rating.models import CardVersion
from xinrong.rating.services import in_force, versions
from xinrong.rating.versions import standing
from xinrong.rating.versions.deciding import CARDS_RETIRED, retire_again
from xinrong.store import services as store
from xinrong.trust.keys import public_keys

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("taizhou", "store_root")]
LATER = APPROVED + timedelta(days=10)


@pytest.fixture(autouse=True)
def _forget() -> None:
    standing._book.cache_clear()


def shipped() -> CardBook:
    return load_cards("taizhou")


def refused(code: str, do: Any) -> CardsRefused:
    with pytest.raises(CardsRefused) as found:
        do()
    assert found.value.code == code
    assert found.value.words.zh
    return found.value


def test_a_version_is_proposed_by_one_approved_by_another_and_holds_from_its_day(
    both: tuple[Viewer, Viewer],
) -> None:
    first, second = both
    made = versions.draft_of_files(first, "the first cards", now=APPROVED)
    with pytest.raises(CardsNotInForce):
        in_force(SINCE)
    tomorrow = SINCE + timedelta(days=1)
    versions.propose(first, made.number, tomorrow, now=APPROVED)
    versions.approve(second, made.number, now=APPROVED)
    with pytest.raises(CardsNotInForce):
        in_force(SINCE)  # a version of the future holds for nobody yet
    assert in_force(tomorrow).book.digest == shipped().digest


def test_nobody_approves_their_own_proposal_neither_by_verb_nor_in_the_database(
    both: tuple[Viewer, Viewer],
) -> None:
    first, second = both
    made = versions.draft_of_files(second, "drafted by the other", now=APPROVED)
    versions.propose(first, made.number, SINCE, now=APPROVED)
    refused("cards_own", lambda: versions.approve(first, made.number, now=APPROVED))
    with pytest.raises(IntegrityError), transaction.atomic():
        CardVersion.objects.update(
            state="approved", decided_by=first.person_id, envelope={"made": "up"}
        )
    assert versions.approve(second, made.number, now=APPROVED).state == "approved"


def test_only_operators_touch_cards_and_not_while_they_act_for_somebody(
    both: tuple[Viewer, Viewer],
) -> None:
    from dataclasses import replace

    bank = person("bank", "loan_officer")
    for who in (bank, replace(both[0], support_id=1), replace(both[0], person_id=None)):
        refused("cards_role", lambda who=who: versions.draft_of_files(who, "x", now=APPROVED))


@pytest.mark.parametrize("why", ["", "   ", "x" * 501])
def test_every_step_that_needs_a_reason_asks_for_one(both: tuple[Viewer, Viewer], why: str) -> None:
    refused("cards_words", lambda: versions.draft_of_files(both[0], why, now=APPROVED))


def test_a_proposal_is_turned_down_by_another_and_taken_back_by_oneself(
    both: tuple[Viewer, Viewer],
) -> None:
    first, second = both
    for who, state in ((second, "refused"), (first, "withdrawn")):
        made = versions.draft_of_files(first, "try", now=APPROVED)
        versions.propose(first, made.number, SINCE, now=APPROVED)
        assert versions.refuse(who, made.number, "not yet", now=APPROVED).state == state
        number = made.number
        refused("cards_state", lambda number=number: versions.approve(second, number, now=APPROVED))
    with pytest.raises(CardsNotInForce):
        in_force(SINCE)


def test_two_proposals_do_not_wait_at_once(both: tuple[Viewer, Viewer]) -> None:
    first, _ = both
    one = versions.draft_of_files(first, "one", now=APPROVED)
    two = versions.draft_of_document(first, other(shipped()).written(), "two", now=APPROVED)
    versions.propose(first, one.number, SINCE, now=APPROVED)
    refused("cards_waiting", lambda: versions.propose(first, two.number, SINCE, now=APPROVED))


@pytest.mark.parametrize("day", [SINCE - timedelta(days=1), SINCE + timedelta(days=400)])
def test_a_version_begins_neither_in_the_past_nor_in_years(
    both: tuple[Viewer, Viewer], day: date
) -> None:
    made = versions.draft_of_files(both[0], "x", now=APPROVED)
    refused("cards_day", lambda: versions.propose(both[0], made.number, day, now=APPROVED))


def test_approved_late_it_holds_from_the_day_of_the_approval(both: tuple[Viewer, Viewer]) -> None:
    first, second = both
    made = versions.draft_of_files(first, "x", now=APPROVED)
    versions.propose(first, made.number, SINCE, now=APPROVED)
    assert versions.approve(second, made.number, now=LATER).since == LATER.date()


def test_what_changes_nothing_is_not_drafted(both: tuple[Viewer, Viewer]) -> None:
    put_in_force(both)
    refused("cards_same", lambda: versions.draft_of_files(both[0], "again", now=LATER))


def test_going_back_is_a_new_version_and_every_old_one_stays(both: tuple[Viewer, Viewer]) -> None:
    put_in_force(both)
    put_in_force(both, other(shipped()), now=LATER)
    assert in_force(LATER.date()).number == 2
    third = LATER + timedelta(days=1)
    back = versions.draft_of_version(both[1], 1, "the second was wrong", now=third)
    versions.propose(both[1], back.number, third.date(), now=third)
    versions.approve(both[0], back.number, now=third)
    assert (back.number, back.based_on) == (3, 1)
    found = in_force(third.date())
    assert (found.number, found.book.digest) == (3, shipped().digest)
    assert [in_force(day.date()).number for day in (APPROVED, LATER)] == [1, 2]


def test_a_retired_version_leaves_nobody_graded_and_a_restore_does_not_bring_it_back(
    both: tuple[Viewer, Viewer],
) -> None:
    put_in_force(both)
    versions.retire(both[1], 1, "a mistake in it", now=LATER)
    assert in_force(SINCE).number == 1, "the past stays as it was"
    with pytest.raises(CardsNotInForce):
        in_force(LATER.date())
    refused("cards_state", lambda: versions.retire(both[0], 1, "twice", now=LATER))
    CardVersion.objects.update(retired_from=None)  # as a backup from before has it
    payload = {"number": 1, "from": LATER.date().isoformat()}
    entry = store.Entry(1, LATER, CARDS_RETIRED, payload, "", "")
    assert retire_again(entry) is store.Outcome.APPLIED
    with pytest.raises(CardsNotInForce):
        in_force(LATER.date())
    assert retire_again(entry) is store.Outcome.PRESENT


def test_the_signed_document_is_what_grades_and_one_point_more_breaks_it(
    both: tuple[Viewer, Viewer],
) -> None:
    made = put_in_force(both)
    payload = open_envelope(made.envelope, public_keys())
    assert payload["digest"] == shipped().digest
    assert book_from_json(payload["book"]) == shipped()
    made.envelope["payload"]["book"]["cards"][0]["base"] += 1
    with pytest.raises(SignatureError):
        open_envelope(made.envelope, public_keys())


def _one_point(row: CardVersion) -> None:
    row.envelope["payload"]["book"]["cards"][0]["base"] += 1


def _other_digest(row: CardVersion) -> None:
    row.digest = "0" * 64


def _other_number(row: CardVersion) -> None:
    row.number = 7


def _torn(row: CardVersion) -> None:
    row.envelope = {"payload": {}}


def _strange_key(row: CardVersion) -> None:
    row.envelope = seal(row.envelope["payload"], Ed25519Signer(Ed25519PrivateKey.generate()))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_one_point, "cards_tampered"),
        (_other_digest, "cards_tampered"),
        (_other_number, "cards_tampered"),
        (_torn, "cards_tampered"),
        (_strange_key, "cards_key"),
    ],
)
def test_what_was_changed_in_the_table_grades_nobody(
    both: tuple[Viewer, Viewer], change: Any, code: str
) -> None:
    row = put_in_force(both)
    change(row)
    CardVersion.objects.filter(pk=row.pk).update(
        envelope=row.envelope, digest=row.digest, number=row.number
    )
    with pytest.raises(CardsTampered) as found:
        in_force(SINCE)
    assert found.value.code == code
    assert found.value.remedy


def _set(path: tuple[Any, ...], value: Any) -> Any:
    def change(data: Any) -> None:
        *way, last = path
        for step in way:
            data = data[step]
        data[last] = value

    return change


CARD = ("cards", 2)
FIRST = (*CARD, "characteristics", 0)


@pytest.mark.parametrize(
    "change",
    [
        _set((*FIRST, "column"), "no_such_column"),
        _set((*FIRST, "column"), "tax_last_paid_on"),
        _set((*FIRST, "kind"), "code"),
        _set((*FIRST, "cuts"), ["365", "365", "1825", "3650"]),
        _set((*FIRST, "cuts"), ["NaN", "1095", "1825", "3650"]),
        _set((*FIRST, "points"), [1, 2]),
        _set((*FIRST, "points"), [1.5, "x", 2, 3, 4]),
        _set((*FIRST, "missing"), {"bad_luck": 3}),
        _set((*CARD, "segment"), "reg_active"),
        _set((*CARD, "basis"), {"zh": "", "en": ""}),
        _set((*CARD, "scale"), "another"),
        _set((*CARD, "name"), "young"),
        _set(("cards", 0, "segment"), "no_such = 1"),
        _set(("cards", 0, "segment"), "reg_active AND NOT reg_active"),
        _set(("cards",), []),
        _set(("scale", "grades"), []),
        _set(("scale",), None),
        _set(("format",), "other"),
        _set((*FIRST, "points", 0), 10**9),
    ],
)
def test_a_document_that_cannot_be_used_is_refused_in_words(
    both: tuple[Viewer, Viewer], change: Any
) -> None:
    data = copy.deepcopy(shipped().written())
    change(data)
    refused("cards_content", lambda: versions.draft_of_document(both[0], data, "try", now=APPROVED))
    assert not CardVersion.objects.exists()


@pytest.mark.parametrize("data", [None, [], "x", 7, {"format": None}])
def test_what_is_no_document_is_refused_in_words(both: tuple[Viewer, Viewer], data: Any) -> None:
    refused("cards_content", lambda: versions.draft_of_document(both[0], data, "try", now=APPROVED))


def test_cards_of_another_region_are_refused(both: tuple[Viewer, Viewer]) -> None:
    data = shipped().written() | {"region": "beijing"}
    refused("cards_region", lambda: versions.draft_of_document(both[0], data, "x", now=APPROVED))


def test_where_the_enterprises_are_real_there_are_no_cards_and_nobody_is_graded(
    db: None, settings: Any
) -> None:
    settings.REGION = "beijing"
    first, _ = operators()
    with pytest.raises(NoCards):
        in_force(SINCE)
    data = shipped().written() | {"region": "beijing"}
    for draft in (
        lambda: versions.draft_of_files(first, "x", now=APPROVED),
        lambda: versions.draft_of_document(first, data, "x", now=APPROVED),
    ):
        with pytest.raises(NoCards):
            draft()


def test_a_comparison_names_what_changed_and_nothing_else() -> None:
    then = shipped()
    assert versions.differences(then, then) == []
    [base] = versions.differences(then, other(then, 5))
    assert (base.then, base.now) == ("575", "580")
    data = copy.deepcopy(then.written())
    data["cards"][2]["characteristics"][0]["points"][0] = -99
    data["cards"][2]["characteristics"][1]["otherwise"] = -50
    del data["cards"][2]["characteristics"][2]
    found = versions.differences(then, book_from_json(data))
    assert [bool(one.now) for one in found] == [True, True, False]
    assert "-99" in found[0].now
    assert "* -50" in found[1].now
    assert len(versions.differences(None, then)) > 100


def test_a_preview_counts_who_would_move_by_the_rules_of_counts(
    profiled: dict[str, Any],
) -> None:
    then = shipped()
    same = versions.moves(then, then)
    assert (same.better, same.worse) == (None, None)
    up = versions.moves(then, other(then, 400))
    figures = [one for row in up.cells for one in row if one is not None]
    assert all(one >= 10 and one % 10 == 0 for one in figures)
    assert up.worse is None
    assert up.as_of == city.UNTIL
    assert isinstance(up.share, int)


def test_versions_are_listed_the_newest_first_with_those_who_answer(
    both: tuple[Viewer, Viewer],
) -> None:
    put_in_force(both)
    put_in_force(both, other(shipped()), now=LATER)
    listed = versions.versions()
    assert [one.number for one in listed] == [2, 1]
    assert str(listed[0].proposed_by) != str(listed[0].decided_by)
    assert isinstance(listed[0].decided_at, datetime)
    refused("cards_unknown", lambda: versions.version(99))
