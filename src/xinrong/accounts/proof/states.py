"""The process of a claim as a table, and the one way to move along it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from xinrong.accounts.models import Person
from xinrong.accounts.proof.enums import OPEN, State
from xinrong.accounts.proof.errors import refused
from xinrong.accounts.proof.guards import check_other
from xinrong.accounts.proof.models import Claim, ClaimMove
from xinrong.domain.process import NEW, PLATFORM, Move, MoveRefused, Process

#: Servers' clocks may differ by this much before one counts as moved back.
SKEW = timedelta(minutes=5)
LONGEST_WHY = 500

CLAIMER, OPERATOR = "claimer", "operator"
_UNFROZEN = OPEN - {State.FROZEN}


def _from(
    sources: Collection[str], event: str, target: str, role: str, *guards: str
) -> Iterator[Move]:
    for source in sorted(sources):
        yield Move(event, source, target, frozenset({role}), guards)


#: `another`: an operator who did not take the first step. `reasons`: there are some. `agreed`: two
#: operators decided the same, which `disputes.decide` has seen to.
CLAIM_PROCESS = Process(
    "representation",
    (
        *_from({NEW}, "claim", State.CLAIMED, CLAIMER),
        *_from({State.CLAIMED}, "give_documents", State.DOCUMENTS_GIVEN, CLAIMER),
        *_from({State.DOCUMENTS_GIVEN}, "check", State.CHECKED_ONCE, OPERATOR),
        *_from({State.CHECKED_ONCE}, "check_again", State.PROVEN, OPERATOR, "another"),
        *_from(
            {State.DOCUMENTS_GIVEN, State.CHECKED_ONCE, State.LETTER_PRINTED},
            "send_back",
            State.CLAIMED,
            OPERATOR,
            "reasons",
        ),
        *_from(
            {State.CLAIMED, State.LETTER_PRINTED, State.CODE_SENT},
            "print_letter",
            State.LETTER_PRINTED,
            OPERATOR,
        ),
        *_from({State.LETTER_PRINTED}, "post_letter", State.CODE_SENT, OPERATOR, "another"),
        *_from({State.CODE_SENT}, "enter_code", State.PROVEN, CLAIMER),
        *_from({State.LETTER_PRINTED, State.CODE_SENT}, "code_ends", State.CLAIMED, PLATFORM),
        *_from({State.CLAIMED}, "identity", State.PROVEN, CLAIMER),
        *_from({State.CLAIMED}, "demo", State.PROVEN, PLATFORM),
        *_from(
            {State.CLAIMED, State.DOCUMENTS_GIVEN, State.CODE_SENT},
            "change_way",
            State.CLAIMED,
            CLAIMER,
        ),
        *_from(_UNFROZEN, "refuse", State.REFUSED, OPERATOR, "reasons"),
        *_from(_UNFROZEN, "withdraw", State.WITHDRAWN, CLAIMER),
        *_from(_UNFROZEN | {State.PROVEN}, "freeze", State.FROZEN, PLATFORM),
        *_from({State.FROZEN}, "decide_for", State.PROVEN, OPERATOR, "reasons", "agreed"),
        *_from({State.FROZEN}, "decide_against", State.REFUSED, OPERATOR, "reasons", "agreed"),
        *_from({State.PROVEN}, "end", State.ENDED, PLATFORM),
    ),
)


def move(claim: Claim, event: str, *, by: Person | None, now: datetime, why: str = "") -> None:
    """Make a move and log it, in the caller's transaction. Raises ProofRefused when it cannot be.

    `by` is None for the platform. The claimer of a claim is nothing but its claimer, whatever
    else that person is here.
    """
    check_clock(claim, now)
    reason = " ".join(why.split())[:LONGEST_WHY]

    def another() -> str:
        check_other(by, claim.checked_by_id)
        return ""

    def reasons() -> str:
        check_reasons(reason)
        return ""

    guards = {"another": another, "reasons": reasons, "agreed": lambda: ""}
    try:
        step = CLAIM_PROCESS.step(claim.state, event, role_of(claim, by), guards)
    except MoveRefused as error:
        raise refused(
            "claim_state",
            "这项申请已不在可以这样操作的阶段。",
            "the claim is not at a stage at which this can be done",
            "请重新打开它的页面。",
            "Open its page again.",
        ) from error
    claim.state = State(step.target)
    claim.moved_at = max(claim.moved_at, now)
    claim.save()
    ClaimMove.objects.create(
        claim=claim, at=now, move=event, before=step.source, after=step.target, by=by, why=reason
    )


def begin(claim: Claim) -> None:
    """Save a new claim with the first row of its log, in the caller's transaction."""
    step = CLAIM_PROCESS.step(NEW, "claim", CLAIMER)
    claim.state = State(step.target)
    claim.save(force_insert=True)
    ClaimMove.objects.create(
        claim=claim, at=claim.made_at, move=step.event, after=step.target, by=claim.person
    )


def role_of(claim: Claim, by: Person | None) -> str:
    """In which role of the process somebody moves a claim."""
    if by is None:
        return PLATFORM
    return CLAIMER if by.pk == claim.person_id else OPERATOR


def check_reasons(why: str) -> None:
    """Raises ProofRefused where there are none."""
    if not why.strip():
        raise refused(
            "reason_missing",
            "没有写明理由。",
            "there are no reasons",
            "请写明理由；申请人会看到。",
            "Give your reasons; the claimer reads them.",
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
