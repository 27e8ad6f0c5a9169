"""A code in a letter to the registered address: printed by one operator, posted by another."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from xinrong.accounts.models import Person
from xinrong.accounts.proof.enums import State, Way
from xinrong.accounts.proof.errors import ProofRefused, refused
from xinrong.accounts.proof.guards import check_operator, locked_claim, own_claim
from xinrong.accounts.proof.models import Claim
from xinrong.accounts.proof.standing import check_facts, prove
from xinrong.accounts.proof.states import check_clock, move
from xinrong.accounts.proof.types import RegisterFacts

#: Letters and digits that cannot be taken for each other in print: no 0 O 1 I L, no 2 Z, 5 S, 8 B.
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
LENGTH = 8
VALID = timedelta(days=30)
TRIES = 5
LETTERS = 3  # of one claim


def print_letter(
    number: int, operator: Person, *, query: int, facts: RegisterFacts, now: datetime
) -> tuple[Claim, str]:
    """A new code for the letter, shown this once; an earlier one ends.

    `query` is the number of the gate's row by which the operator was given the address. Raises
    ProofRefused.
    """
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    digest = make_password(code)
    with transaction.atomic():
        claim, _ = locked_claim(number)
        check_operator(operator, claim.code)
        check_facts(claim, facts)
        if claim.way != Way.LETTER:
            raise refused(
                "other_way",
                "申请人选择了其他证明方式。",
                "the claimer chose another way",
                "请刷新页面。",
                "Load the page again.",
            )
        if claim.letters >= LETTERS:
            raise refused(
                "letters_used",
                f"这项申请已寄过 {LETTERS} 封信函。",
                f"{LETTERS} letters were sent for this claim",
                "请建议申请人改用材料核验。",
                "Advise the claimer to hand in documents instead.",
            )
        claim.letters += 1
        claim.letter_query, claim.code_digest = query, digest
        claim.code_until, claim.tries = now + VALID, 0
        claim.checked_by, claim.checked_at = operator, now
        move(claim, "print_letter", by=operator, now=now)
    return claim, code


def post_letter(number: int, operator: Person, *, receipt: str, now: datetime) -> Claim:
    """Another operator has posted the letter, with the post's receipt number; the code now counts.

    One operator alone, who saw the code while printing, can prove nothing with it.
    """
    with transaction.atomic():
        claim, _ = locked_claim(number)
        check_operator(operator, claim.code)
        if not receipt.strip():
            raise refused(
                "receipt_missing",
                "没有填写挂号或快递单号。",
                "the post's receipt number is missing",
                "请填写单号后再确认寄出。",
                "Write it down, then confirm.",
            )
        claim.code_until, claim.tries = now + VALID, 0
        move(claim, "post_letter", by=operator, now=now, why=receipt)
    return claim


def tidy_code(typed: str) -> str:
    """What a person typed, evened out: wide forms, small letters, spaces and hyphens."""
    plain = unicodedata.normalize("NFKC", typed[:100]).upper()
    return "".join(sign for sign in plain if sign in ALPHABET)


def enter_code(
    number: int, person: Person, typed: str, *, facts: RegisterFacts, now: datetime
) -> Claim:
    """The code of the letter, typed by the claimer: the claim is proven.

    A try is counted, durably, before the code is looked at. Raises ProofRefused: wrong, ended,
    used up; after the last try and after its day the code is gone for good.
    """
    digest = _count_try(number, person, now)
    if not check_password(tidy_code(typed), digest):
        left = TRIES - Claim.objects.values_list("tries", flat=True).get(pk=number)
        if left <= 0:
            _end_code(number, digest, now)
        raise _wrong(max(left, 0))
    with transaction.atomic():
        claim, held = own_claim(number, person)
        if claim.state != State.CODE_SENT or claim.code_digest != digest:
            raise _gone()  # another letter, a rival or an operator came in between
        prove(claim, held, "enter_code", facts=facts, by=person, now=now)
    return claim


def _count_try(number: int, person: Person, now: datetime) -> str:
    with transaction.atomic():
        claim, _ = own_claim(number, person)
        check_clock(claim, now)
        if claim.state != State.CODE_SENT or not claim.code_digest or claim.code_until is None:
            raise _gone()
        timely = now < claim.code_until
        if timely and claim.tries < TRIES:
            claim.tries += 1
            claim.moved_at = max(claim.moved_at, now)
            claim.save(update_fields=["tries", "moved_at"])
            return claim.code_digest
        digest = claim.code_digest
    _end_code(number, digest, now)
    raise _gone()


def _end_code(number: int, digest: str, now: datetime) -> None:
    """The claim goes back to its start: another letter may be asked for."""
    with transaction.atomic():
        claim, _ = locked_claim(number)
        if claim.state in (State.LETTER_PRINTED, State.CODE_SENT) and claim.code_digest == digest:
            claim.code_digest, claim.code_until = "", None
            move(claim, "code_ends", by=None, now=max(now, claim.moved_at))


def sweep_codes(*, now: datetime) -> int:
    """End the codes whose day has passed; how many."""
    due = Claim.objects.filter(
        state__in=[State.LETTER_PRINTED, State.CODE_SENT], code_until__lte=now
    )
    rows = list(due.values_list("pk", "code_digest"))
    for number, digest in rows:
        _end_code(number, digest, now)
    return len(rows)


def _wrong(left: int) -> ProofRefused:
    return refused(
        "code_wrong",
        f"验证码不正确，还可以试 {left} 次。",
        f"this is not the code of the letter; {left} tries are left",
        "请对照信函再输入一次；次数用完后需要重新寄信。",
        "Compare it with the letter; when the tries are used up, another letter is needed.",
    )


def _gone() -> ProofRefused:
    return refused(
        "code_gone",
        "没有可用的验证码：已使用、已过期、次数用完，或信函尚未寄出。",
        "there is no code to enter: it was used, has ended, or the letter is not posted yet",
        "请查看申请的当前状态；需要时可以请求再寄一封。",
        "See where your claim stands; ask for another letter if you need one.",
    )
