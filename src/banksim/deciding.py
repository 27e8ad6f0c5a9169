"""What this bank does next about an application: a function of the seed and of what was said.

Nothing else is remembered, so a bank that is killed, or comes back from a backup, goes on where its
ledger is.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from banksim.ledger import Entry

Step = tuple[str, dict[str, Any]]
#: What ends an application for this bank.
ENDS = ("withdrawal",)


@dataclass(frozen=True)
class Habits:
    """How this bank decides. Shares between 0 and 1.

    `repays`: how much of what was paid out comes back at once, in so many `payments`; with 1 the
    loan is closed. `mute` applications are taken and never answered. `strange` ones get a state
    that there is none of, `backwards` ones name a state that was left behind. Rates lie
    between `lowest` and `highest` percent a year.
    """

    seed: int = 1
    approves: float = 0.7
    repays: float = 0.0
    payments: int = 1
    mute: float = 0.0
    strange: float = 0.0
    backwards: float = 0.0
    lowest: Decimal = Decimal("3.5")
    highest: Decimal = Decimal("6.0")


def next_steps(
    habits: Habits, heard: Sequence[Entry], said: Sequence[Entry], today: date
) -> list[Step]:
    """The messages that come next, none where somebody else has to act first."""
    if not heard or heard[0].type != "application" or any(one.type in ENDS for one in heard):
        return []
    application = heard[0]
    dice = random.Random(f"{habits.seed}:{application.application}")
    draws = {name: dice.random() for name in ("mute", "strange", "backwards", "approve", "rate")}
    if draws["mute"] < habits.mute:
        return []
    left = _left(_wanted(habits, heard, said, draws, today), said)
    if draws["backwards"] < habits.backwards and any(kind == "offer" for kind, _ in left):
        left.append(("state", {"state": "accepted"}))
    return left


def _left(wanted: list[Step], said: Sequence[Entry]) -> list[Step]:
    """What of it was not said. What was refused is not repeated: a person would look at it."""
    told = {_key(one.type, one.data) for one in said}
    return [step for step in wanted if _key(*step) not in told]


def _key(kind: str, data: dict[str, Any]) -> tuple[str, str]:
    """What makes two messages one: the same state, or the same payment."""
    return kind, str(data.get("state") or data.get("reference") or data.get("stage") or "")


def _wanted(
    habits: Habits,
    heard: Sequence[Entry],
    said: Sequence[Entry],
    draws: dict[str, float],
    today: date,
) -> list[Step]:
    """Everything that this bank says up to where somebody else has to act."""
    steps: list[Step] = [("state", {"state": "pondering"})]
    if draws["strange"] >= habits.strange:
        steps = []
    steps.append(("state", {"state": "accepted"}))
    told = {one.type for one in said}
    if "offer" not in told and "refusal" not in told:
        return [*steps, *_decision(habits, heard, draws, today)]
    chosen = [one.data for one in heard if one.type == "choice"]
    if "refusal" in told or not chosen:
        return []
    paid = [one.data for one in said if one.type == "disbursement"]
    steps = _pay_out(heard[0].application, chosen[-1], today)
    return [*steps, *(_paid_back(habits, heard[0].application, paid[0], today) if paid else [])]


def _decision(
    habits: Habits, heard: Sequence[Entry], draws: dict[str, float], today: date
) -> list[Step]:
    """Look at the file, ask for it again to approve, then offer or refuse."""
    files = {one.data["stage"]: one for one in heard if one.type in ("file", "void")}
    first, second = files.get("pre_loan"), files.get("approval")
    if any(one is not None and one.type == "void" for one in (first, second)):
        words = "没有企业的授权，无法评估。"
        return [("refusal", {"reasons": ["papers"], "words": words})]
    if first is None:
        return []
    steps: list[Step] = [
        ("state", {"state": "due_diligence"}),
        ("file_asked", {"stage": "approval"}),
    ]
    if second is None:
        return steps
    if draws["approve"] >= habits.approves:
        words = "现有经营和信用情况暂不符合本行的授信条件。"
        return [*steps, ("refusal", {"reasons": ["income"], "words": words})]
    return [*steps, ("offer", offer_of(habits, heard[0], draws["rate"], today))]


def offer_of(habits: Habits, application: Entry, draw: float, today: date) -> dict[str, Any]:
    """The whole amount for the whole term, at a rate of the bank's range."""
    percent = habits.lowest + (habits.highest - habits.lowest) * int(draw * 100) / 100
    rate = (percent / 100).quantize(Decimal("0.000001"))
    return {
        "offer": f"O-{application.application[:12]}",
        "terms": {
            "amount": application.data["amount"],
            "rate": f"{rate:f}",
            "repayment": "interest_first",
            "months": application.data["months"],
        },
        "valid_until": (today + timedelta(days=20)).isoformat(),
    }


def _pay_out(application: str, choice: dict[str, Any], today: date) -> list[Step]:
    """The contract, and all of the money at once."""
    name, day = application[:12], today.isoformat()
    paid = {"reference": f"D-{name}", "amount": choice["amount"], "on": day}
    return [("contract", {"contract": f"C-{name}", "signed_on": day}), ("disbursement", paid)]


def _paid_back(habits: Habits, application: str, paid: dict[str, Any], today: date) -> list[Step]:
    """What comes back at once, and the end of the loan where that is all."""
    if habits.repays <= 0:
        return []
    lent, day = Decimal(paid["amount"]), today.isoformat()
    back = (lent * Decimal(str(habits.repays))).quantize(Decimal("0.01"))
    each = (back / habits.payments).quantize(Decimal("0.01"))
    parts = [each] * (habits.payments - 1) + [back - each * (habits.payments - 1)]
    steps: list[Step] = [
        (
            "repayment",
            {
                "reference": f"R-{application[:12]}-{count}",
                "principal": f"{part:.2f}",
                "interest": "0.00",
                "on": day,
            },
        )
        for count, part in enumerate(parts, start=1)
    ]
    if back == lent:
        steps.append(("state", {"state": "closed", "on": day}))
    return steps


def standing(heard: Sequence[Entry], said: Sequence[Entry]) -> dict[str, Any]:
    """State and sums of an application as this bank has them, in the platform's words."""
    state = "submitted"
    disbursed = repaid = Decimal(0)
    for one in said:
        if one.state == "refused":
            continue
        if one.type == "state":
            state = one.data["state"]
        elif one.type == "disbursement":
            state, disbursed = "disbursed", disbursed + Decimal(one.data["amount"])
        elif one.type == "repayment":
            state, repaid = "repaying", repaid + Decimal(one.data["principal"])
        else:
            state = {"offer": "offered", "refusal": "refused", "contract": "contracted"}.get(
                one.type, state
            )
    if state == "offered" and any(one.type == "choice" for one in heard):
        state = "chosen"
    ended = [one.data["state"] for one in heard if one.type in ENDS]
    return {
        "state": ended[-1] if ended else state,
        "disbursed": f"{disbursed:.2f}",
        "repaid": f"{repaid:.2f}",
    }
