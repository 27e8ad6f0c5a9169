"""The words of proof in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinrong.accounts.services import proof

State, Paper, Way = proof.State, proof.Paper, proof.Way

STATES: dict[str, Promise] = {
    State.CLAIMED: _("begun"),
    State.DOCUMENTS_GIVEN: _("documents wait for the first check"),
    State.CHECKED_ONCE: _("checked once, waits for the second check"),
    State.LETTER_PRINTED: _("letter printed, not posted yet"),
    State.CODE_SENT: _("letter in the post"),
    State.FROZEN: _("frozen: somebody else claims this enterprise"),
    State.PROVEN: _("proven"),
    State.REFUSED: _("refused"),
    State.WITHDRAWN: _("withdrawn"),
    State.ENDED: _("ended"),
}
TAGS: dict[str, str] = {
    State.PROVEN: "accent",
    State.FROZEN: "caution",
    State.REFUSED: "caution",
}
ICONS: dict[str, str] = {State.PROVEN: "check", State.FROZEN: "lock", State.REFUSED: "block"}
PAPERS: dict[str, tuple[Promise, Promise]] = {
    Paper.LICENCE: (
        _("Business licence"),
        _("All four corners and the seal of the registrar in the picture."),
    ),
    Paper.IDENTITY: (
        _("Your identity document"),
        _("Both sides of your own identity card, or the page of your passport with the picture."),
    ),
    Paper.AUTHORITY: (
        _("Letter of authority"),
        _("Names you, says that you represent the enterprise here, signed by the legal "
          "representative and sealed. If you are the legal representative, say so in it."),
    ),
}  # fmt: skip
WAYS: dict[str, tuple[Promise, Promise]] = {
    Way.DOCUMENTS: (
        _("Documents"),
        _("You hand in three documents; two operators check them, one after the other."),
    ),
    Way.LETTER: (
        _("Letter to the registered address"),
        _("A code comes by post to the address in the business register. You type it here."),
    ),
    Way.IDENTITY: (
        _("Identity service"),
        _("The province's identity service names you and the enterprise. It takes a minute."),
    ),
    Way.DEMO: (_("Demonstration"), _("An invented enterprise.")),
}
MOVES: dict[str, Promise] = {
    "claim": _("claim made"),
    "give_documents": _("documents handed in"),
    "check": _("checked for the first time"),
    "check_again": _("checked for the second time"),
    "send_back": _("sent back"),
    "print_letter": _("letter printed"),
    "post_letter": _("letter posted"),
    "enter_code": _("code of the letter entered"),
    "code_ends": _("code ended"),
    "identity": _("named by the identity service"),
    "demo": _("made for the demonstration"),
    "change_way": _("another way chosen"),
    "refuse": _("refused"),
    "withdraw": _("withdrawn"),
    "freeze": _("frozen: rival claims"),
    "decide_for": _("upheld by two operators"),
    "decide_against": _("not upheld by two operators"),
    "end": _("ended"),
    "read_paper": _("a document was looked at"),
}
RESTS: dict[str, tuple[Promise, Promise]] = {
    proof.Rest.RIVALS: (
        _("Somebody else says to represent this enterprise"),
        _("Nobody acts for it until two operators have decided. Hand in documents below if you "
          "are asked to; consents given before still stand."),
    ),
    proof.Rest.CHANGED: (
        _("The business register names another legal representative"),
        _("Nobody acts for the enterprise until one of you has been confirmed: claim it again."),
    ),
    proof.Rest.NOT_UPHELD: (
        _("Two operators decided that you do not represent this enterprise"),
        _("Their reasons stand in your claim. You may claim it again after 30 days."),
    ),
}  # fmt: skip
OUTCOMES: dict[str, Promise] = {
    proof.Outcome.CLAIM: _("the claim of %(name)s is upheld"),
    proof.Outcome.PRESENT: _("whoever acts for it at present stays"),
    proof.Outcome.NONE: _("nobody is upheld"),
}


@dataclass(frozen=True)
class Step:
    """One line of a claim's log."""

    at: datetime
    words: Promise
    who: str
    why: str


@dataclass(frozen=True)
class Tag:
    """A state as a tag."""

    key: str
    icon: str
    words: Promise


def tag_of(state: str) -> Tag:
    """A state with its colour and sign."""
    return Tag(TAGS.get(state, "plain"), ICONS.get(state, "clock"), STATES[state])


def steps_of(side: proof.Side, *, names: bool) -> list[Step]:
    """The log of a claim; `names` of operators are for operators, a claimer reads roles."""
    found = []
    for one in side.moves:
        if not names and one.move == "read_paper":
            continue
        who = ""
        if one.by is not None:
            own = one.by_id == side.claim.person_id
            who = str(one.by) if names or own else "operator"
        why = one.why if one.move in ("send_back", "refuse", "decide_for", "decide_against") else ""
        if names:
            why = one.why
        found.append(Step(one.at, MOVES[one.move], who, why))
    return found
