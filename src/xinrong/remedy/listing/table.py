"""The process by which an enterprise comes onto a list and off it: one table for each list.

The department tells the enterprise first, with the record and the ground; the enterprise says what
it has to say; when the time for that is over the department decides. Silence of the department is
in the enterprise's favour: what is not decided in time is dropped. The clocks are the list's.
"""

from __future__ import annotations

from xinrong.catalogue.lists import Clocked, Colour, CreditList, ExitKind
from xinrong.domain.law import Evidence
from xinrong.domain.process import (
    NEW,
    Deadline,
    Escalation,
    Length,
    Move,
    Process,
    Source,
    Withdrawal,
    days,
    working_days,
)
from xinrong.domain.text import Text
from xinrong.remedy import answering
from xinrong.remedy.answering import CLOCK, DEPARTMENT, ENTERPRISE, OPERATOR

NOTICED, HEARD, DECIDING = "noticed", "heard", "deciding"
ENTERED, ASKED, LATE = "entered", "exit_asked", "exit_late"
DROPPED, LAPSED = "dropped", "lapsed"
#: States in which an enterprise is on the list.
ON_LIST = (ENTERED, ASKED, LATE)
#: States before it was decided.
BEFORE = (NOTICED, HEARD, DECIDING)
#: Events by which a department ends an entry, and the way off that each is.
LEAVING = {
    "fulfil": ExitKind.FULFILLED,
    "restructure": ExitKind.RESTRUCTURED,
    "disqualify": ExitKind.DISQUALIFIED,
    "revoke": ExitKind.REVOKED,
}
#: Events by which the platform does.
ENDING = {
    "expire": ExitKind.EXPIRED,
    "repair": ExitKind.REPAIRED,
    "lose_basis": ExitKind.BASIS_GONE,
}
#: What the outbox hears when an enterprise is entered, and when it is on the list no longer.
ENTERED_EVENT, LEFT_EVENT = "listing_entered", "listing_left"
PREFIX = "list_"


def process_name(name: str) -> str:
    """The name of the process of a list."""
    return f"{PREFIX}{name}"


def list_name(process: str) -> str:
    """The list of a process, "" for another process."""
    return process.removeprefix(PREFIX) if process.startswith(PREFIX) else ""


def listing_process(one: CreditList) -> Process:
    """The process of a list, with its clocks and its ways off."""
    leaving = {event: kind for event, kind in LEAVING.items() if kind in one.exit_kinds}
    moves, standing = (*_before(), *_asking(leaving)), _standing(leaving)
    events = {move.event for move in moves} | {one.event for one in standing}
    ends = {DROPPED, LAPSED, *leaving.values(), *ENDING.values()}
    return Process(
        process_name(one.list),
        moves,
        final=frozenset(str(end) for end in ends),
        title=Text(zh=f"列入{one.title.zh}", en=f"Listing: {one.title.en}"),
        description=Text(
            zh=f"{one.description.zh}列入前告知理由和依据，企业可以陈述申辩；期满由部门决定；逾期不决定的视为放弃。",
            en=f"{one.description.en} Reasons and basis are told first, and the enterprise may "
            "answer; then the department decides. What it does not decide in time is dropped.",
        ),
        deadlines=_clocks(one),
        withdrawals=standing,
        guards={name: words for name, words in GUARDS.items() if _asked(name, moves)},
        state_words={state: words for state, words in STATES.items() if _named(state, moves)},
        event_words={event: EVENTS[event] for event in sorted(events)},
        role_words=ROLES,
    )


def _before() -> tuple[Move, ...]:
    return (
        Move("propose", NEW, NOTICED, DEPARTMENT),
        Move("answer", NOTICED, HEARD, ENTERPRISE),
        Move("add", HEARD, HEARD, ENTERPRISE),
        *(Move("close_hearing", state, DECIDING, CLOCK) for state in (NOTICED, HEARD)),
        *(Move("drop", state, DROPPED, DEPARTMENT, ("dropped",)) for state in BEFORE),
        *(Move("lose_basis", state, DROPPED, CLOCK) for state in BEFORE),
        Move("enter", DECIDING, ENTERED, DEPARTMENT, ("recorded",), (ENTERED_EVENT,)),
        Move("lapse", DECIDING, LAPSED, CLOCK),
    )


def _asking(leaving: dict[str, ExitKind]) -> tuple[Move, ...]:
    """What can happen while the department is asked to take somebody off."""
    return (
        *(Move("refuse_exit", state, ENTERED, DEPARTMENT) for state in (ASKED, LATE)),
        Move("overrun", ASKED, LATE, CLOCK),
        Move("give_up", LATE, ENTERED, OPERATOR | CLOCK),
        *(
            Move(event, state, str(kind), DEPARTMENT, (f"left_{event}",), (LEFT_EVENT,))
            for event, kind in leaving.items()
            for state in (ASKED, LATE)
        ),
        *(
            Move(event, state, str(kind), CLOCK, (), (LEFT_EVENT,))
            for event, kind in ENDING.items()
            for state in (ASKED, LATE)
        ),
    )


def _standing(leaving: dict[str, ExitKind]) -> tuple[Withdrawal, ...]:
    """The same while it stands and nobody is asked: written so that it waits in no inbox."""
    there = frozenset({ENTERED})
    return (
        Withdrawal(ENTERPRISE, there, "ask_exit", ASKED),
        *(
            Withdrawal(DEPARTMENT, there, event, str(kind), (f"left_{event}",), (LEFT_EVENT,))
            for event, kind in leaving.items()
        ),
        *(
            Withdrawal(CLOCK, there, event, str(kind), (), (LEFT_EVENT,))
            for event, kind in ENDING.items()
        ),
    )


def _asked(guard: str, moves: tuple[Move, ...]) -> bool:
    return any(guard in move.guards for move in moves)


def _named(state: str, moves: tuple[Move, ...]) -> bool:
    return state == ASKED or any(state == move.target for move in moves)


def length_of(clock: Clocked) -> Length:
    """The length of a clock that counts days."""
    return working_days(clock.working_days) if clock.working_days else days(clock.days)


def _clocks(one: CreditList) -> tuple[Deadline, ...]:
    def clock(name: str, state: str, event: str, by: Clocked, otherwise: Text, starts: str = "",
              above: str = "") -> Deadline:  # fmt: skip
        length = length_of(by)
        rungs = (Escalation(length, above),) if above else ()
        near = (working_days(1),) if length.count > 1 else ()
        return Deadline(
            name, state, length, event, _source(by), otherwise, starts=starts, reminders=near,
            escalations=rungs,
        )  # fmt: skip

    told = Text(
        zh="陈述申辩期满后，由部门根据告知的理由和依据作出决定。",
        en="When the time for a statement is over the department decides on what it told.",
    )
    favour = Text(
        zh="部门逾期不作决定的，视为放弃列入。",
        en="What the department does not decide in time is dropped.",
    )
    unanswered = Text(
        zh="逾期未答复的，转由平台运营方督办；企业仍在名单上，直到部门答复。",
        en="Without an answer it goes before the platform's operator; the entry stands until the "
        "department has answered.",
    )
    if one.colour is Colour.RED:
        told = Text(
            zh="公示期满后，由部门作出决定。", en="When the notice is over the department decides."
        )
    return (
        clock("statement", NOTICED, "close_hearing", one.notice, told),
        clock("hearing", HEARD, "close_hearing", one.notice, told, starts="propose"),
        clock("decision", DECIDING, "lapse", one.decision, favour),
        clock("exit_answer", ASKED, "overrun", one.answer, unanswered),
        clock("last_answer", LATE, "give_up", one.answer, unanswered, above="operator"),
    )


def _source(clock: Clocked) -> Source:
    cited = clock.source
    return Source(cited.document, cited.article, agreed=cited.evidence is Evidence.AGREED)


GUARDS = {
    "recorded": Text(
        zh="作为依据的记录仍然有效、属于该企业并符合列入事由",
        en="the record it rests on stands, is the enterprise's and meets the ground",
    ),
    "dropped": Text(zh="尚未决定", en="it is not decided yet"),
    "left_fulfil": Text(zh="已满最短期限", en="the shortest time has passed"),
    "left_restructure": Text(zh="已满最短期限", en="the shortest time has passed"),
    "left_disqualify": Text(zh="仍在名单上", en="it is on the list"),
    "left_revoke": Text(zh="仍在名单上", en="it is on the list"),
}
STATES = {
    NOTICED: Text(zh="已告知，待企业陈述", en="told, waits for the enterprise's statement"),
    HEARD: Text(zh="企业已陈述", en="the enterprise has made a statement"),
    DECIDING: Text(zh="待部门决定", en="waits for the department's decision"),
    ENTERED: Text(zh="在列", en="on the list"),
    ASKED: Text(zh="在列，企业申请移出", en="on the list, asked to be taken off"),
    LATE: Text(zh="在列，移出申请逾期未答复", en="on the list, the answer is overdue"),
    DROPPED: Text(zh="不予列入", en="not entered"),
    LAPSED: Text(zh="逾期未决定，视为放弃", en="not decided in time, dropped"),
    "fulfilled": Text(zh="已履行，移出", en="taken off: done what was owed"),
    "restructured": Text(zh="重整或和解，移出", en="taken off: restructured"),
    "disqualified": Text(zh="不再符合条件，移出", en="taken off: no longer qualifies"),
    "revoked": Text(zh="撤销列入", en="taken back"),
    "expired": Text(zh="期满移出", en="its time is over"),
    "repaired": Text(zh="依据已修复，移出", en="taken off: its basis was repaired"),
    "basis_gone": Text(zh="依据不再存在，移出", en="taken off: its basis is gone"),
}
EVENTS = {
    "propose": Text(zh="拟列入并告知企业", en="Tell the enterprise that it would be listed"),
    "answer": Text(zh="陈述申辩", en="Make a statement"),
    "add": Text(zh="补充陈述", en="Add to the statement"),
    "close_hearing": Text(zh="陈述期满", en="The time for a statement is over"),
    "drop": Text(zh="不予列入", en="Do not list it"),
    "lose_basis": Text(zh="依据不再存在", en="The basis is gone"),
    "enter": Text(zh="决定列入", en="Decide to list it"),
    "lapse": Text(zh="逾期视为放弃", en="Dropped for want of a decision"),
    "ask_exit": Text(zh="申请移出", en="Ask to be taken off"),
    "refuse_exit": Text(zh="不予移出", en="Keep it on the list"),
    "overrun": Text(zh="逾期未答复", en="The answer is overdue"),
    "give_up": Text(zh="督办结束", en="End the supervision"),
    "fulfil": Text(zh="已履行，移出", en="Take it off: done what was owed"),
    "restructure": Text(zh="重整或和解，移出", en="Take it off: restructured"),
    "disqualify": Text(zh="不再符合条件，移出", en="Take it off: no longer qualifies"),
    "revoke": Text(zh="撤销列入", en="Take the decision back"),
    "expire": Text(zh="期满", en="Its time is over"),
    "repair": Text(zh="依据已修复", en="The basis was repaired"),
}
ROLES = answering.roles(Text(zh="列入部门", en="department that enters"))
#: What whoever makes the move has to say.
ASKS = {
    "answer": Text(zh="陈述和申辩", en="What you have to say"),
    "add": Text(zh="补充的陈述", en="What you add"),
    "drop": Text(zh="不予列入的理由", en="Why it is not listed"),
    "enter": Text(
        zh="决定书文号、签发的负责人、理由，以及对企业陈述的答复",
        en="Number of the decision, who signed it, why, and your answer to the statement",
    ),
    "ask_exit": Text(zh="按哪一种方式、凭什么材料申请移出", en="By which way, and what shows it"),
    "refuse_exit": Text(zh="不予移出的理由", en="Why it stays on the list"),
    **answering.shared(answering.ASKS, "give_up"),
    "fulfil": Text(zh="核实的情况", en="What you have checked"),
    "restructure": Text(zh="法院裁定的文号", en="Number of the court's ruling"),
    "disqualify": Text(zh="不再符合条件的理由", en="Why it no longer qualifies"),
    "revoke": Text(zh="撤销的理由", en="Why the decision is taken back"),
}  # fmt: skip
_OFF = Text(
    zh="企业当即移出名单，对它的全部措施同时终止。",
    en="The enterprise is off the list at once, and every measure against it ends.",
)
#: What a move does, said before it is made.
PREVIEWS = {
    "answer": Text(zh="部门会看到；期满前可以补充，也可以提交材料。",
                   en="The department reads it; until the time is over you can add to it and hand "
                   "in documents."),
    "drop": Text(zh="本件结束，企业会看到理由。", en="The case ends; the enterprise reads why."),
    "enter": Text(zh="即日起列入名单；名单公开的，任何人都能看到。目录写明的部门可以采取措施。",
                  en="From today the enterprise is on the list, for everybody to see where that is "
                  "public. The departments that the catalogue names may apply measures."),
    "ask_exit": Text(zh="部门在期限内答复；答复前仍在名单上。",
                     en="The department answers in time; until then the entry stands."),
    "refuse_exit": Text(zh="企业仍在名单上，会看到理由。",
                        en="The entry stands; the enterprise reads why."),
    "give_up": Text(zh="企业仍在名单上，可以再次申请。",
                    en="The entry stands; the enterprise can ask again."),
    "fulfil": _OFF,
    "restructure": _OFF,
    "disqualify": _OFF,
    "revoke": _OFF,
}  # fmt: skip
