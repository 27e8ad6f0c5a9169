"""A code in a letter to the registered address: the third way of proof, as rules."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.accounts.proof import support as s
from tests.accounts.proof.support import refusal
from xinrong.accounts.models import Claim, ClaimMove
from xinrong.accounts.proof.letters import ALPHABET, LENGTH, LETTERS, TRIES, tidy_code
from xinrong.accounts.services import proof, viewer_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def printed(made, operator, *, now=s.NOW):
    return proof.print_letter(made.pk, operator, query=7, facts=s.FACTS, now=now)[1]


def sent(cast, who=None, *, now=s.NOW):
    """A claim whose letter is in the post, and the letter's code."""
    made = s.claim(who or cast.wang, "letter", now=now)
    code = printed(made, cast.first, now=now)
    proof.post_letter(made.pk, cast.second, receipt="XA123", now=now)
    return made, code


def enter(made, who, typed, *, now=s.NOW, facts=s.FACTS):
    return proof.enter_code(made.pk, who, typed, facts=facts, now=now)


def wrong(code):
    return "".join(ALPHABET[(ALPHABET.index(sign) + 1) % len(ALPHABET)] for sign in code)


def test_the_code_of_the_letter_proves_the_claim(cast):
    made, code = sent(cast)
    assert enter(made, cast.wang, code).state == "proven"
    assert viewer_of(cast.wang).reference == s.CODE


def test_signs_that_look_alike_do_not_occur(cast):
    assert not set("01ILOZS2B85") & set(ALPHABET)
    _, code = sent(cast)
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)


def test_a_code_may_be_typed_with_spaces_and_small_letters(cast):
    made, code = sent(cast)
    typed = f" {code[:4].lower()} - {code[4:]} "
    assert tidy_code(typed) == code
    assert enter(made, cast.wang, typed).state == "proven"


def test_only_a_hash_of_the_code_is_kept(cast):
    made, code = sent(cast)
    assert code not in str(Claim.objects.filter(pk=made.pk).values().get())
    assert code not in str(list(ClaimMove.objects.values()))


def test_the_letter_needs_two_operators(cast):
    made = s.claim(cast.wang, "letter")
    code = printed(made, cast.first)
    assert refusal(enter, made, cast.wang, code) == "code_gone", "nobody has posted it"
    post = {"receipt": "XA123", "now": s.NOW}
    assert refusal(proof.post_letter, made.pk, cast.first, **post) == "same_operator"
    assert refusal(proof.post_letter, made.pk, cast.li, **post) == "operators_only"
    assert refusal(proof.post_letter, made.pk, cast.second, receipt=" ", now=s.NOW)
    assert proof.post_letter(made.pk, cast.second, **post).state == "code_sent"


def test_an_operator_prints_no_letter_for_the_own_claim(cast):
    made = s.claim(cast.first, "letter")
    assert refusal(printed, made, cast.first) == "own_claim"
    assert refusal(printed, made, cast.li) == "operators_only"


def test_five_wrong_codes_end_the_code(cast):
    made, code = sent(cast)
    for _ in range(TRIES):
        assert refusal(enter, made, cast.wang, wrong(code)) == "code_wrong"
    assert refusal(enter, made, cast.wang, code) == "code_gone"
    assert Claim.objects.get(pk=made.pk).state == "claimed"
    assert s.roles() == {}


def test_a_new_letter_ends_the_code_of_the_one_before(cast):
    made, old = sent(cast)
    new = printed(made, cast.second)
    proof.post_letter(made.pk, cast.first, receipt="XA124", now=s.NOW)
    assert refusal(enter, made, cast.wang, old) == "code_wrong"
    assert enter(made, cast.wang, new).state == "proven"


def test_letters_are_bounded_and_tries_with_them(cast):
    made = s.claim(cast.wang, "letter")
    for _ in range(LETTERS):
        printed(made, cast.first)
    assert refusal(printed, made, cast.first) == "letters_used"


def test_a_code_counts_once(cast):
    made, code = sent(cast)
    enter(made, cast.wang, code)
    assert refusal(enter, made, cast.wang, code) == "code_gone"


def test_another_persons_code_is_no_code(cast):
    made, code = sent(cast)
    other = proof.claim_enterprise(
        cast.li, s.facts(code=s.OTHER, name="静水"), proof.Way.LETTER, now=s.NOW
    )
    proof.print_letter(
        other.pk, cast.first, query=8, facts=s.facts(code=s.OTHER, name="静水"), now=s.NOW
    )
    proof.post_letter(other.pk, cast.second, receipt="XA1", now=s.NOW)
    assert refusal(enter, made, cast.li, code) == "claim_unknown"
    theirs = s.facts(code=s.OTHER, name="静水")
    assert refusal(enter, other, cast.li, code, facts=theirs) == "code_wrong"


def test_a_code_ends_after_thirty_days(cast):
    made, code = sent(cast)
    late = s.NOW + proof.VALID
    assert refusal(enter, made, cast.wang, code, now=late) == "code_gone"
    assert refusal(enter, made, cast.wang, code, now=late - DAY) == "clock_back"
    assert refusal(enter, made, cast.wang, code, now=late) == "code_gone"
    assert s.roles() == {}


def test_a_code_counts_until_its_last_second(cast):
    made, code = sent(cast)
    last = s.NOW + proof.VALID - timedelta(seconds=1)
    assert enter(made, cast.wang, code, now=last).state == "proven"


def test_ended_codes_are_swept(cast):
    made, _ = sent(cast)
    assert proof.sweep_codes(now=s.NOW + proof.VALID - DAY) == 0
    assert proof.sweep_codes(now=s.NOW + proof.VALID) == 1
    assert Claim.objects.get(pk=made.pk).state == "claimed"


def test_a_clock_moved_back_opens_nothing(cast):
    made, code = sent(cast)
    assert refusal(enter, made, cast.wang, code, now=s.NOW - DAY) == "clock_back"
    assert s.roles() == {}


def test_a_cancelled_enterprise_is_not_proven_by_a_letter_that_was_under_way(cast):
    made, code = sent(cast)
    gone = s.facts(cancelled=True)
    assert refusal(enter, made, cast.wang, code, facts=gone) == "enterprise_cancelled"


def test_another_way_ends_the_code(cast):
    made, code = sent(cast)
    proof.change_way(made.pk, cast.wang, proof.Way.DOCUMENTS, now=s.NOW)
    assert refusal(enter, made, cast.wang, code) == "code_gone"
    assert refusal(printed, made, cast.first) == "other_way"


def test_the_printing_operator_does_not_count_as_a_check_of_documents(cast):
    made = s.claim(cast.wang, "letter")
    printed(made, cast.first)
    proof.post_letter(made.pk, cast.second, receipt="XA1", now=s.NOW)
    proof.change_way(made.pk, cast.wang, proof.Way.DOCUMENTS, now=s.NOW)
    s.give_all(made)
    proof.hand_in(made.pk, cast.wang, now=s.NOW)
    assert s.check(made, cast.first).state == "checked_once"
    assert s.roles() == {}
