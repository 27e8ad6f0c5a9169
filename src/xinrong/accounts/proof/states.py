"""The process of a claim as a table: from which states each move leads where, and who makes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from xinrong.accounts.models import Person
from xinrong.accounts.proof.enums import OPEN, State
from xinrong.accounts.proof.errors import refused
from xinrong.accounts.proof.models import Claim, ClaimMove

#: Servers' clocks may differ by this much before one counts as moved back.
SKEW = timedelta(minutes=5)
LONGEST_WHY = 500


@dataclass(frozen=True)
class Move:
    """One row of the table. `who`: claimer, operator, other_operator, operators or platform.

    `other_operator` is one who did not make the first step of this claim; `reasons` must be given.
    """

    name: str
    before: frozenset[State]
    after: State
    who: str
    reasons: bool = False


def _of(*states: State) -> frozenset[State]:
    return frozenset(states)


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move("give_documents", _of(State.CLAIMED), State.DOCUMENTS_GIVEN, "claimer"),
        Move("check", _of(State.DOCUMENTS_GIVEN), State.CHECKED_ONCE, "operator"),
        Move("check_again", _of(State.CHECKED_ONCE), State.PROVEN, "other_operator"),
        Move(
            "send_back",
            _of(State.DOCUMENTS_GIVEN, State.CHECKED_ONCE, State.LETTER_PRINTED),
            State.CLAIMED,
            "operator",
            reasons=True,
        ),
        Move(
            "print_letter",
            _of(State.CLAIMED, State.LETTER_PRINTED, State.CODE_SENT),
            State.LETTER_PRINTED,
            "operator",
        ),
        Move("post_letter", _of(State.LETTER_PRINTED), State.CODE_SENT, "other_operator"),
        Move("enter_code", _of(State.CODE_SENT), State.PROVEN, "claimer"),
        Move("code_ends", _of(State.LETTER_PRINTED, State.CODE_SENT), State.CLAIMED, "platform"),
        Move("identity", _of(State.CLAIMED), State.PROVEN, "claimer"),
        Move("demo", _of(State.CLAIMED), State.PROVEN, "platform"),
        Move(
            "change_way",
            _of(State.CLAIMED, State.DOCUMENTS_GIVEN, State.CODE_SENT),
            State.CLAIMED,
            "claimer",
        ),
        Move("refuse", OPEN - {State.FROZEN}, State.REFUSED, "operator", reasons=True),
        Move("withdraw", OPEN - {State.FROZEN}, State.WITHDRAWN, "claimer"),
        Move("freeze", (OPEN | {State.PROVEN}) - {State.FROZEN}, State.FROZEN, "platform"),
        Move("decide_for", _of(State.FROZEN), State.PROVEN, "operators", reasons=True),
        Move("decide_against", _of(State.FROZEN), State.REFUSED, "operators", reasons=True),
        Move("end", _of(State.PROVEN, State.FROZEN), State.ENDED, "platform"),
    )
}


def move(claim: Claim, name: str, *, by: Person | None, now: datetime, why: str = "") -> None:
    """Make a move and log it, in the caller's transaction. Raises ProofRefused when it cannot be.

    Who may make it is the caller's to check (see `guards`).
    """
    row = MOVES[name]
    if claim.state not in row.before:
        raise refused(
            "claim_state",
            "这项申请已不在可以这样操作的阶段。",
            "the claim is not at a stage at which this can be done",
            "请重新打开它的页面。",
            "Open its page again.",
        )
    reason = " ".join(why.split())[:LONGEST_WHY]
    if row.reasons and not reason:
        raise refused(
            "reason_missing",
            "没有写明理由。",
            "there are no reasons",
            "请写明理由；申请人会看到。",
            "Give your reasons; the claimer reads them.",
        )
    check_clock(claim, now)
    before, claim.state = claim.state, row.after
    claim.moved_at = max(claim.moved_at, now)
    claim.save()
    ClaimMove.objects.create(
        claim=claim, at=now, move=name, before=before, after=row.after, by=by, why=reason
    )


def check_clock(claim: Claim, now: datetime) -> None:
    """Raises ProofRefused when the clock says less than at the last move: nothing is timely."""
    if now < claim.moved_at - SKEW:
        raise refused(
            "clock_back",
            "服务器时钟早于这项申请的上一步。",
            "the server's clock is before the last step of this claim",
            "请通知平台运营方校准时钟，然后重试。",
            "Tell the operator to set the clock right, then try again.",
        )
