"""Verbs on proof: claim, prove, check, decide, follow the register.

What the register says is handed in as RegisterFacts by whoever calls: accounts know no register.
"""

from __future__ import annotations

from xinrong.accounts.proof.checking import check, refuse, send_back
from xinrong.accounts.proof.claiming import (
    change_way,
    claim_enterprise,
    claims_of,
    resting_roles,
    withdraw,
)
from xinrong.accounts.proof.disputes import decide, dispute_about
from xinrong.accounts.proof.enums import FORGOTTEN, OPEN, Outcome, Paper, Rest, State, Way
from xinrong.accounts.proof.errors import ProofRefused
from xinrong.accounts.proof.forgetting import (
    Forgotten,
    forget_claims,
    forgotten_words,
    held_of,
    remove_papers,
)
from xinrong.accounts.proof.identified import named_by_service, prove_by_identity
from xinrong.accounts.proof.inventing import prove_invented
from xinrong.accounts.proof.letters import (
    LENGTH,
    TRIES,
    VALID,
    enter_code,
    post_letter,
    print_letter,
    sweep_codes,
)
from xinrong.accounts.proof.models import Claim, ClaimPaper, Dispute
from xinrong.accounts.proof.papers import (
    KEPT_AFTER,
    give_paper,
    hand_in,
    missing,
    read_paper,
    sweep_papers,
)
from xinrong.accounts.proof.sniffing import LARGEST, media_of, too_large
from xinrong.accounts.proof.standing import follow, may_bind, represented
from xinrong.accounts.proof.types import RegisterFacts
from xinrong.accounts.proof.views import (
    Case,
    Side,
    all_claims,
    awaited,
    case_of,
    own_side,
    queue,
    side_of,
)

__all__ = [
    "FORGOTTEN",
    "KEPT_AFTER",
    "LARGEST",
    "LENGTH",
    "OPEN",
    "TRIES",
    "VALID",
    "Case",
    "Claim",
    "ClaimPaper",
    "Dispute",
    "Forgotten",
    "Outcome",
    "Paper",
    "ProofRefused",
    "RegisterFacts",
    "Rest",
    "Side",
    "State",
    "Way",
    "all_claims",
    "awaited",
    "case_of",
    "change_way",
    "check",
    "claim_enterprise",
    "claims_of",
    "decide",
    "dispute_about",
    "enter_code",
    "follow",
    "forget_claims",
    "forgotten_words",
    "give_paper",
    "hand_in",
    "held_of",
    "may_bind",
    "media_of",
    "missing",
    "named_by_service",
    "own_side",
    "post_letter",
    "print_letter",
    "prove_by_identity",
    "prove_invented",
    "queue",
    "read_paper",
    "refuse",
    "remove_papers",
    "represented",
    "resting_roles",
    "send_back",
    "side_of",
    "sweep_codes",
    "sweep_papers",
    "too_large",
    "withdraw",
]
