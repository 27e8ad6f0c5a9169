"""The process of an application: who may do what, by when, and what happens if nobody does.

No refusal is silent. A lender takes a file on within a working day, or its supervisor has it and
another lender is proposed to the enterprise; it decides within the days that its own product
promises; an offer stands until its day. What the platform and the lenders agreed on is an
agreement and says so; that an offer with a period stands for its period is the Civil Code's.
"""

from __future__ import annotations

from xinrong.domain.process import (
    NEW,
    PLATFORM,
    Deadline,
    Escalation,
    Length,
    Move,
    Process,
    Reopening,
    Source,
    Withdrawal,
    days,
    hours,
    working_days,
)
from xinrong.domain.text import Text
from xinrong.market.applying import table_words as words

NAME = "application"
ENTERPRISE = frozenset({"representative"})
OFFICER = frozenset({"loan_officer"})
BANK = frozenset({"loan_officer", "supervisor"})
OPERATOR = frozenset({"operator"})
CLOCK = frozenset({PLATFORM})

SUBMITTED, SILENT = "submitted", "silent"
ACCEPTED, DILIGENCE, MORE, LATE = "accepted", "due_diligence", "more_wanted", "late"
OFFERED, CHOSEN, UNSIGNED = "offered", "chosen", "unsigned"
CONTRACTED, UNPAID, DISBURSED, REPAYING = "contracted", "unpaid", "disbursed", "repaying"
REFUSED, APPEALED, APPEAL_LATE = "refused", "appealed", "appeal_late"
UPHELD, DECLINED, WITHDRAWN = "upheld", "declined", "withdrawn"
EXPIRED, DROPPED, UNANSWERED = "expired", "dropped", "unanswered"
FALLEN_THROUGH, SUPERSEDED, CLOSED = "fallen_through", "superseded", "closed"

ENDS = frozenset(
    {
        REFUSED, UPHELD, DECLINED, WITHDRAWN, EXPIRED, DROPPED, UNANSWERED, FALLEN_THROUGH,
        SUPERSEDED, CLOSED,
    }
)  # fmt: skip
#: States in which the lender has not answered in time.
OVERDUE = frozenset({SILENT, LATE, UNSIGNED, UNPAID, APPEAL_LATE})
#: States in which nothing is signed yet: another contract of the same need ends them.
BEFORE_CONTRACT = (
    SUBMITTED, SILENT, ACCEPTED, DILIGENCE, MORE, LATE, OFFERED, APPEALED, APPEAL_LATE,
)  # fmt: skip
#: Events by which the outbox hears what other parts of the platform act on.
SILENT_EVENT, REFUSED_EVENT = "application_silent", "application_refused"
CHOSEN_EVENT, CONTRACTED_EVENT = "application_chosen", "application_contracted"

MOVES = (
    Move("submit", NEW, SUBMITTED, ENTERPRISE, ("consented",)),
    Move("accept", SUBMITTED, ACCEPTED, OFFICER),
    Move("accept", SILENT, ACCEPTED, BANK),
    Move("overrun", SUBMITTED, SILENT, CLOCK, (), (SILENT_EVENT,)),
    Move("give_up", SILENT, UNANSWERED, CLOCK, (), (SILENT_EVENT,)),
    Move("investigate", ACCEPTED, DILIGENCE, OFFICER, ("looked_before",)),
    Move("ask_more", DILIGENCE, MORE, OFFICER, ("asked_more_once",)),
    Move("supply", MORE, DILIGENCE, ENTERPRISE, ("day_set",)),
    Move("drop", MORE, DROPPED, CLOCK),
    Move("overrun", ACCEPTED, LATE, CLOCK, (), (SILENT_EVENT,)),
    Move("overrun", DILIGENCE, LATE, CLOCK, (), (SILENT_EVENT,)),
    *(
        Move("offer", state, OFFERED, roles, ("looked_to_approve", "offer_written"))
        for state, roles in ((DILIGENCE, OFFICER), (LATE, BANK))
    ),
    *(
        Move("refuse", state, REFUSED, roles, ("reasoned",), (REFUSED_EVENT,))
        for state, roles in (
            (SUBMITTED, OFFICER), (SILENT, BANK), (ACCEPTED, OFFICER), (DILIGENCE, OFFICER),
            (LATE, BANK),
        )
    ),
    Move("give_up", LATE, UNANSWERED, CLOCK, (), (SILENT_EVENT,)),
    Move("choose", OFFERED, CHOSEN, ENTERPRISE, ("first_choice",), (CHOSEN_EVENT,)),
    Move("decline", OFFERED, DECLINED, ENTERPRISE),
    Move("expire", OFFERED, EXPIRED, CLOCK),
    *(
        Move("sign", state, CONTRACTED, roles, ("contract_written",), (CONTRACTED_EVENT,))
        for state, roles in ((CHOSEN, OFFICER), (UNSIGNED, BANK))
    ),
    Move("overrun", CHOSEN, UNSIGNED, CLOCK),
    Move("give_up", UNSIGNED, FALLEN_THROUGH, CLOCK, (), (SILENT_EVENT,)),
    *(
        Move("disburse", state, DISBURSED, roles, ("paid_out",))
        for state, roles in ((CONTRACTED, OFFICER), (UNPAID, BANK))
    ),
    Move("overrun", CONTRACTED, UNPAID, CLOCK),
    Move("give_up", UNPAID, FALLEN_THROUGH, CLOCK, (), (SILENT_EVENT,)),
    *(
        Move(event, state, state, OFFICER, guards)
        for state in (DISBURSED, REPAYING)
        for event, guards in (
            ("disburse", ("paid_out",)), ("correct", ("corrected_right",)),
            ("review", ("looked_after", "review_written")),
        )
    ),
    Move("repay", REPAYING, REPAYING, OFFICER, ("paid_back",)),
    *(
        Move(event, state, target, BANK, ("second_person", *guards))
        for state in (APPEALED, APPEAL_LATE)
        for event, target, guards in (
            ("overturn", DILIGENCE, ("day_set",)), ("uphold", UPHELD, ("reasoned",)),
        )
    ),
    Move("overrun", APPEALED, APPEAL_LATE, CLOCK),
    Move("give_up", APPEAL_LATE, UNANSWERED, CLOCK, (), (SILENT_EVENT,)),
    *(Move("supersede", state, SUPERSEDED, CLOCK) for state in BEFORE_CONTRACT),
)  # fmt: skip

#: What the platform and the lenders agreed on when they joined.
NETWORK = "平台与合作机构服务约定"
CODE = "中华人民共和国民法典"


def _agreed(article: str) -> Source:
    return Source(NETWORK, article, agreed=True)


def _clock(
    name: str, state: str, event: str, length: Length, source: Source, otherwise: Text,
    *rungs: Escalation, until: str = "", remind: tuple[Length, ...] = (working_days(1),),
) -> Deadline:  # fmt: skip
    return Deadline(
        name, state, length, event, source, otherwise, until=until, reminders=remind,
        escalations=rungs,
    )  # fmt: skip


#: A clock of whole days ends at midnight: so many hours before, that morning at nine.
MORNING_OF_THE_LAST_DAY = hours(15)
TAKEN_ON = working_days(1)
_TO_OPERATOR = (Escalation(working_days(1), "operator"),)
_PROMISED = _agreed("产品公布的答复时限")
_PUSHED = _agreed("逾期督办时限")

DEADLINES = (
    _clock(
        "accept", SUBMITTED, "overrun", TAKEN_ON, _agreed("受理时限"), words.NOT_TAKEN_ON,
        remind=(MORNING_OF_THE_LAST_DAY,),
    ),
    _clock(
        "silence", SILENT, "give_up", working_days(9), _PUSHED, words.UNANSWERED, *_TO_OPERATOR
    ),
    _clock(
        "answer", ACCEPTED, "overrun", working_days(10), _PROMISED, words.LATE, until="answer_by"
    ),
    _clock(
        "decision", DILIGENCE, "overrun", working_days(10), _PROMISED, words.LATE,
        until="answer_by",
    ),
    _clock("supply", MORE, "drop", working_days(10), _agreed("补充材料时限"), words.NOT_SUPPLIED),
    _clock("late", LATE, "give_up", working_days(10), _PUSHED, words.UNANSWERED, *_TO_OPERATOR),
    _clock(
        "offer", OFFERED, "expire", days(15), Source(CODE, "第四百七十六条、第四百八十一条"),
        words.OFFER_LAPSES, until="offer_until", remind=(working_days(3), working_days(1)),
    ),
    _clock("contract", CHOSEN, "overrun", working_days(10), _agreed("签约时限"), words.UNSIGNED),
    _clock(
        "unsigned", UNSIGNED, "give_up", working_days(10), _PUSHED, words.FALLS_THROUGH,
        *_TO_OPERATOR,
    ),
    _clock(
        "payment", CONTRACTED, "overrun", working_days(10), _agreed("产品公布的放款时限"),
        words.UNPAID, until="pay_by",
    ),
    _clock(
        "unpaid", UNPAID, "give_up", working_days(20), _PUSHED, words.FALLS_THROUGH, *_TO_OPERATOR
    ),
    _clock("appeal", APPEALED, "overrun", working_days(5), _agreed("复核时限"), words.APPEAL_LATE),
    _clock(
        "appeal_late", APPEAL_LATE, "give_up", working_days(10), _PUSHED, words.UNANSWERED,
        *_TO_OPERATOR,
    ),
)  # fmt: skip
#: In which a refusal can be appealed.
TO_APPEAL = working_days(10)

APPLICATION = Process(
    NAME,
    MOVES,
    final=ENDS,
    title=Text(zh="贷款申请", en="Loan application"),
    description=words.DESCRIPTION,
    deadlines=DEADLINES,
    withdrawals=(
        # Nobody waits for these: a loan runs for months, and its lender reports what is paid.
        Withdrawal(OFFICER, frozenset({DISBURSED}), "repay", REPAYING, ("paid_back",)),
        Withdrawal(OFFICER, frozenset({DISBURSED, REPAYING}), "close", CLOSED, ("all_repaid",)),
        Withdrawal(ENTERPRISE, frozenset({*BEFORE_CONTRACT, CHOSEN, UNSIGNED, CONTRACTED, UNPAID})),
        Withdrawal(
            OPERATOR, frozenset({SILENT, LATE, APPEAL_LATE}), event="end_unanswered",
            target=UNANSWERED, effects=(SILENT_EVENT,),
        ),
        Withdrawal(
            OPERATOR, frozenset({UNSIGNED, UNPAID}), event="end_fallen", target=FALLEN_THROUGH,
            effects=(SILENT_EVENT,),
        ),
    ),
    reopenings=(
        Reopening(
            frozenset({REFUSED}), APPEALED, ENTERPRISE, TO_APPEAL, _agreed("申诉时限"),
            event="appeal", guards=("appealed_once",),
        ),
    ),
    guards=words.GUARDS,
    moments=words.MOMENTS,
    state_words=words.STATES,
    event_words=words.EVENTS,
    role_words=words.ROLES,
)  # fmt: skip
