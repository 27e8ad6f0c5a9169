"""The process of a correction: who may do what, and by when.

A department that sent it answers. Where it says that it had sent the right thing, the mistake is
the platform's, and its operator mends that. What nobody answers comes before the operator.
"""

from __future__ import annotations

from collections.abc import Sequence

from xinrong.domain.law import Topic
from xinrong.domain.process import (
    NEW,
    Deadline,
    Move,
    Process,
    Reopening,
    Withdrawal,
)
from xinrong.domain.text import Text
from xinrong.remedy import answering
from xinrong.remedy.answering import CLOCK, DEPARTMENT, ENTERPRISE, OPERATOR, shared
from xinrong.remedy.law import shortest

ASKED, MORE, OURS, OVERDUE = "asked", "more_wanted", "ours", "overdue"
ACCEPTED, LATE = "accepted", "carry_late"
CORRECTED, REJECTED, DROPPED = "corrected", "rejected", "dropped"
WITHDRAWN, UNRESOLVED = "withdrawn", "unresolved"
#: The event by which the outbox hears that the source agreed.
ACCEPTED_EVENT = "correction_accepted"

_ANSWERS = (
    ("accept", ACCEPTED, (), (ACCEPTED_EVENT,)),
    ("reject", REJECTED, (), ()),
    ("ask_more", MORE, ("asked_more_once",), ()),
)
MOVES = (
    Move("ask", NEW, ASKED, ENTERPRISE),
    *(
        Move(event, source, target, DEPARTMENT, guards, effects)
        for source in (ASKED, OVERDUE)
        for event, target, guards, effects in _ANSWERS
    ),
    Move("sent_right", ASKED, OURS, DEPARTMENT),
    Move("sent_right", OVERDUE, OURS, DEPARTMENT | OPERATOR),
    Move("overrun", ASKED, OVERDUE, CLOCK),
    Move("give_up", OVERDUE, UNRESOLVED, OPERATOR | CLOCK),
    Move("supply", MORE, ASKED, ENTERPRISE),
    Move("drop", MORE, DROPPED, CLOCK),
    Move("mend", OURS, CORRECTED, OPERATOR),
    Move("not_ours", OURS, ASKED, OPERATOR),
    Move("overrun", OURS, OVERDUE, CLOCK),
    Move("carry", ACCEPTED, CORRECTED, DEPARTMENT | CLOCK),
    Move("overrun", ACCEPTED, LATE, CLOCK),
    Move("carry", LATE, CORRECTED, DEPARTMENT | OPERATOR | CLOCK),
    Move("give_up", LATE, UNRESOLVED, OPERATOR | CLOCK),
)


def correction_process(jurisdictions: Sequence[str]) -> Process:
    """The process with the clocks that bind in a place."""

    def clock(name: str, state: str, event: str, topic: Topic, otherwise: Text) -> Deadline:
        return answering.clock(name, state, event, shortest(topic, jurisdictions), otherwise)

    again = shortest(Topic.CORRECTION_REOPEN, jurisdictions)
    return Process(
        "correction",
        MOVES,
        final=frozenset({CORRECTED, REJECTED, DROPPED, WITHDRAWN, UNRESOLVED}),
        title=Text(zh="登记信息更正", en="Correction of register data"),
        description=Text(
            zh="企业认为平台显示的登记信息有误，提出更正；报送部门在期限内答复，逾期由平台运营方督办。",
            en="An enterprise says that its register data is wrong; the department that sent it "
            "answers within its clock, else the platform's operator takes it up.",
        ),
        deadlines=(
            clock("answer", ASKED, "overrun", Topic.CORRECTION_ANSWER, Text(
                zh="逾期未答复的，转由平台运营方督办，企业会看到已逾期。",
                en="Without an answer it goes before the platform's operator, and the enterprise "
                "sees that it is overdue.")),
            clock("supply", MORE, "drop", Topic.CORRECTION_SUPPLY, Text(
                zh="逾期未补充的，本件按未补正结束；三十日内可以重新提出。",
                en="Without the supplement it ends; you can reopen it for thirty days.")),
            clock("own_mistake", OURS, "overrun", Topic.CORRECTION_OWN, Text(
                zh="逾期未更正的，列为逾期，企业和报送部门都会看到。",
                en="If it is not mended it counts as overdue, for the enterprise and the "
                "department to see.")),
            clock("carry", ACCEPTED, "overrun", Topic.CORRECTION_CARRY, Text(
                zh="更正后的数据逾期未报送的，转由平台运营方督办。",
                en="If the corrected data has not been sent by then, it goes before the "
                "platform's operator.")),
            clock("last", OVERDUE, "give_up", Topic.CORRECTION_OVERDUE, Text(
                zh="仍无答复的，本件按未解决结束；企业可以重新提出，也可以向登记机关提出。",
                en="Without an answer it ends unresolved; the enterprise can reopen it, or turn "
                "to the registrar.")),
            clock("last_carry", LATE, "give_up", Topic.CORRECTION_OVERDUE, Text(
                zh="仍未报送的，本件按未解决结束；企业可以重新提出。",
                en="If it is still not sent it ends unresolved; the enterprise can reopen it.")),
        ),
        withdrawals=(Withdrawal(ENTERPRISE, frozenset({ASKED, MORE, OURS, OVERDUE})),),
        reopenings=(
            Reopening(
                frozenset({REJECTED, DROPPED, UNRESOLVED}), ASKED, ENTERPRISE, again.length,
                again.source,
            ),
        ),
        guards=answering.MORE_ONCE,
        state_words=STATES,
        event_words=EVENTS,
        role_words=ROLES,
    )  # fmt: skip


STATES = {
    ASKED: Text(zh="待答复", en="waits for an answer"),
    ACCEPTED: Text(zh="已同意，待报送更正数据", en="accepted, corrected data to be sent"),
    LATE: Text(zh="更正数据逾期未报送", en="corrected data is overdue"),
    REJECTED: Text(zh="不予更正", en="rejected"),
    **shared(answering.STATES, MORE, OURS, OVERDUE, CORRECTED, DROPPED, WITHDRAWN, UNRESOLVED),
}
EVENTS = {
    "ask": Text(zh="提出更正", en="Ask for a correction"),
    "accept": Text(zh="同意更正", en="Accept"),
    "reject": Text(zh="不予更正", en="Reject"),
    "carry": Text(zh="更正数据已报送", en="The corrected data is here"),
    **answering.EVENTS,
}
ROLES = answering.roles(Text(zh="报送部门", en="department that sent it"))
#: What whoever makes the move has to say.
ASKS = {
    "reject": Text(zh="不予更正的理由", en="Why it is not corrected"),
    **answering.ASKS,
}
#: What a move does, said before it is made.
PREVIEWS = {
    "accept": Text(
        zh="企业会看到你同意更正。随后请在登记系统中更正，并在期限内报送；平台收到后自动办结。",
        en="The enterprise sees that you agree. Then correct it in your register and send it in "
        "time: when it arrives the case is closed by itself."),
    "reject": Text(
        zh="企业会看到理由，三十日内可以带新证明重新提出。",
        en="The enterprise reads your reason; it can reopen it for thirty days."),
    "ask_more": Text(
        zh="企业会看到需要补充什么；企业补充后，答复期限重新起算。每次提出只能要求补充一次。",
        en="The enterprise reads what is missing; once it has supplied it your clock starts anew. "
        "You can do this once each time it is opened."),
    **answering.PREVIEWS,
    "supply": Text(zh="交回报送部门，答复期限重新起算。",
                   en="It goes back to the department, whose clock starts anew."),
    "mend": Text(zh="本件办结，企业会看到差错原因。",
                 en="The case is closed, and the enterprise reads what was wrong."),
    "not_ours": Text(zh="交回报送部门答复。", en="It goes back to the department for an answer."),
    "carry": Text(zh="本件办结。", en="The case is closed."),
    "give_up": Text(zh="本件按未解决结束，企业三十日内可以重新提出。",
                    en="The case ends unresolved; the enterprise can reopen it for thirty days."),
    "withdraw": Text(zh="本件结束，不再答复。", en="The case ends and nobody answers it."),
    "reopen": Text(zh="交回报送部门，答复期限重新起算。",
                   en="It goes back to the department, whose clock starts anew."),
}  # fmt: skip
