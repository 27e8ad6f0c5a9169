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
    that there is none of, `backwards` ones go back to due diligence after the offer. Rates lie
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
    # What was refused is not repeated: a person would look at it.
    told = [one.type for one in said]
    application = heard[0]
    dice = random.Random(f"{habits.seed}:{application.application}")
    draws = {name: dice.random() for name in ("mute", "strange", "backwards", "approve", "rate")}
    if draws["mute"] < habits.mute:
        return []
    if not told:
        strange = [("state", {"state": "pondering"})] if draws["strange"] < habits.strange else []
        return [*strange, ("state", {"state": "accepted"})]
    if "refusal" in told:
        return []
    if "offer" not in told:
        return _before_offer(habits, heard, said, draws, today)
    if "contract" not in told:
        chosen = [one.data for one in heard if one.type == "choice"]
        return _pay_out(application.application, chosen[-1], today) if chosen else []
    return _paid_back(habits, said, today)


def _before_offer(
    habits: Habits,
    heard: Sequence[Entry],
    said: Sequence[Entry],
    draws: dict[str, float],
    today: date,
) -> list[Step]:
    """Look at the file, ask for it again to approve, then offer or refuse."""
    files = {one.data["stage"]: one.type for one in heard if one.type in ("file", "void")}
    asked = any(one.type == "file_asked" for one in said)
    first, second = files.get("pre_loan"), files.get("approval")
    if "void" in (first, second):
        words = "没有企业的授权，无法评估。"
        return [("refusal", {"reasons": ["papers"], "words": words})]
    if not asked:
        if first is None:
            return []
        return [("state", {"state": "due_diligence"}), ("file_asked", {"stage": "approval"})]
    if second is None:
        return []
    if draws["approve"] >= habits.approves:
        words = "现有经营和信用情况暂不符合本行的授信条件。"
        return [("refusal", {"reasons": ["income"], "words": words})]
    steps: list[Step] = [("offer", offer_of(habits, heard[0], draws["rate"], today))]
    if draws["backwards"] < habits.backwards:
        steps.append(("state", {"state": "accepted"}))
    return steps


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


def _paid_back(habits: Habits, said: Sequence[Entry], today: date) -> list[Step]:
    """What comes back at once, and the end of the loan where that is all."""
    paid = [one for one in said if one.type == "disbursement"]
    if not paid or habits.repays <= 0 or any(one.type == "repayment" for one in said):
        return []
    lent, day = Decimal(paid[0].data["amount"]), today.isoformat()
    back = (lent * Decimal(str(habits.repays))).quantize(Decimal("0.01"))
    each = (back / habits.payments).quantize(Decimal("0.01"))
    parts = [each] * (habits.payments - 1) + [back - each * (habits.payments - 1)]
    name = said[0].application[:12]
    steps: list[Step] = [
        ("repayment", {"reference": f"R-{name}-{count}", "principal": f"{part:.2f}",
                       "interest": "0.00", "on": day})
        for count, part in enumerate(parts, start=1)
    ]  # fmt: skip
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
