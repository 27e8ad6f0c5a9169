"""The process of a service request: who may do what, by when, and what happens if nobody does.

The department that gives the service takes a request up within a working day and answers, or
arranges something, within the days that the service promises. Where it is silent the operator may
answer in its place. The enterprise says whether it was served; it may ask again.
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
    register,
    working_days,
)
from xinrong.domain.text import Text

NAME = "service_request"
ENTERPRISE = frozenset({"representative"})
OFFICER = frozenset({"data_officer"})
OPERATOR = frozenset({"operator"})
CLOCK = frozenset({PLATFORM})

ASKED, SILENT, TAKEN, LATE = "asked", "silent", "taken_up", "late"
ANSWERED, ARRANGED = "answered", "arranged"
SERVED, UNCONFIRMED, UNRESOLVED, WITHDRAWN = "served", "unconfirmed", "unresolved", "withdrawn"
ENDS = frozenset({SERVED, UNCONFIRMED, UNRESOLVED, WITHDRAWN})
#: Events of the log with which a request was answered.
ANSWERS = ("answer", "arrange")

MOVES = (
    Move("ask", NEW, ASKED, ENTERPRISE),
    Move("take_up", ASKED, TAKEN, OFFICER, ("day_set",)),
    Move("take_up", SILENT, TAKEN, OFFICER, ("day_set",)),
    Move("overrun", ASKED, SILENT, CLOCK),
    Move("answer", SILENT, ANSWERED, OPERATOR),
    Move("give_up", SILENT, UNRESOLVED, CLOCK),
    Move("answer", TAKEN, ANSWERED, OFFICER),
    Move("arrange", TAKEN, ARRANGED, OFFICER, ("arranged_now",)),
    Move("overrun", TAKEN, LATE, CLOCK),
    Move("answer", LATE, ANSWERED, OFFICER | OPERATOR),
    Move("arrange", LATE, ARRANGED, OFFICER, ("arranged_now",)),
    Move("give_up", LATE, UNRESOLVED, CLOCK),
    *(
        Move(event, state, target, roles)
        for state in (ANSWERED, ARRANGED)
        for event, target, roles in (
            ("confirm", SERVED, ENTERPRISE),
            ("ask_again", ASKED, ENTERPRISE),
            ("lapse", UNCONFIRMED, CLOCK),
        )
    ),
)

#: What those who run the services agreed on with the platform; taken as usual, nowhere published.
CENTRE = "平台服务中心办事约定"


def _clock(
    name: str, state: str, event: str, length: Length, article: str, otherwise: Text,
    *rungs: Escalation, until: str = "",
) -> Deadline:  # fmt: skip
    return Deadline(
        name, state, length, event, Source(CENTRE, article, agreed=True), otherwise, until=until,
        reminders=(working_days(1),), escalations=rungs,
    )  # fmt: skip


_UNRESOLVED = Text(
    zh="仍无答复的，按未解决结束，计入公开统计；企业三十日内可以重新提出。",
    en="Without an answer it ends unresolved, and counts so in the published figures; the "
    "enterprise can reopen it for thirty days.",
)
_UNCONFIRMED = Text(
    zh="企业没有回复的，按未确认结束；三十日内可以重新提出。",
    en="If the enterprise says nothing it ends unconfirmed; it can be reopened for thirty days.",
)
_TO_OPERATOR = Escalation(working_days(1), "operator")

SERVICE_REQUEST = register(
    Process(
        NAME,
        MOVES,
        final=ENDS,
        title=Text(zh="服务申请", en="Service request"),
        description=Text(
            zh="企业用自己的话申请一项服务；主办部门一个工作日内受理，在公布的期限内答复或作出安排；"
            "企业确认是否得到服务，也可以再问。",
            en="An enterprise asks for a service in its own words; the department takes it up "
            "within a working day and answers or arranges something within the days it promised; "
            "the enterprise says whether it was served, or asks again.",
        ),
        deadlines=(
            _clock("take_up", ASKED, "overrun", working_days(1), "受理时限", Text(
                zh="逾期未受理的，转由平台运营方督办，企业会看到。",
                en="If nobody takes it up it goes before the platform's operator, for the "
                "enterprise to see.")),
            _clock("silence", SILENT, "give_up", working_days(5), "逾期督办时限", _UNRESOLVED,
                   _TO_OPERATOR),
            _clock("answer", TAKEN, "overrun", working_days(5), "公布的答复时限", Text(
                zh="逾期未答复的，转由平台运营方督办，计入公开统计。",
                en="Without an answer it goes before the platform's operator, and counts so in "
                "the published figures."), until="answer_by"),
            _clock("late", LATE, "give_up", working_days(5), "逾期督办时限", _UNRESOLVED,
                   _TO_OPERATOR),
            _clock("confirm", ANSWERED, "lapse", working_days(10), "确认时限", _UNCONFIRMED),
            _clock("confirm_held", ARRANGED, "lapse", working_days(20), "确认时限", _UNCONFIRMED,
                   until="confirm_by"),
        ),
        withdrawals=(Withdrawal(ENTERPRISE),),
        reopenings=(
            Reopening(frozenset({UNCONFIRMED, UNRESOLVED}), ASKED, ENTERPRISE, days(30),
                      Source(CENTRE, "重新提出时限", agreed=True)),
        ),
        guards={
            "day_set": Text(zh="答复的截止时间已定", en="the end of the time to answer is set"),
            "arranged_now": Text(zh="随同写明安排", en="what is arranged is written with it"),
        },
        moments={
            "answer_by": Text(zh="公布的答复时限的最后一刻", en="the end of the days promised"),
            "confirm_by": Text(
                zh="安排之日后第十个工作日", en="the tenth working day after what is arranged"
            ),
        },
        state_words={
            ASKED: Text(zh="待受理", en="waits to be taken up"),
            SILENT: Text(zh="逾期未受理，督办中", en="not taken up in time, before the operator"),
            TAKEN: Text(zh="已受理，待答复", en="taken up"),
            LATE: Text(zh="逾期未答复，督办中", en="not answered in time, before the operator"),
            ANSWERED: Text(zh="已答复，待企业确认", en="answered, to be confirmed"),
            ARRANGED: Text(zh="已安排，待企业确认", en="arranged, to be confirmed"),
            SERVED: Text(zh="已得到服务", en="served"),
            UNCONFIRMED: Text(zh="未确认，已结束", en="ended unconfirmed"),
            UNRESOLVED: Text(zh="未解决", en="unresolved"),
            WITHDRAWN: Text(zh="已撤回", en="withdrawn"),
        },
        event_words={
            "ask": Text(zh="申请服务", en="Ask for it"),
            "take_up": Text(zh="受理", en="Take it up"),
            "answer": Text(zh="答复", en="Answer"),
            "arrange": Text(zh="作出安排", en="Arrange something"),
            "confirm": Text(zh="确认已得到服务", en="We were served"),
            "ask_again": Text(zh="再问", en="Ask again"),
            "overrun": Text(zh="逾期", en="Overdue"),
            "give_up": Text(zh="按未解决结束", en="End as unresolved"),
            "lapse": Text(zh="按未确认结束", en="End unconfirmed"),
            "withdraw": Text(zh="撤回", en="Withdraw"),
            "reopen": Text(zh="重新提出", en="Reopen"),
        },
        role_words={
            "representative": Text(zh="企业代表", en="representative of the enterprise"),
            "data_officer": Text(zh="主办部门工作人员", en="officer of the department"),
            "operator": Text(zh="平台操作员", en="platform operator"),
        },
    )
)  # fmt: skip

#: What whoever makes the move has to say.
ASKS = {
    "ask": Text(zh="您想得到什么帮助", en="What you would like"),
    "answer": Text(zh="答复：做了什么，下一步怎么办", en="The answer: what was done, what is next"),
    "arrange": Text(zh="怎么安排：做什么、找谁", en="What was arranged: what it is, whom to ask"),
    "ask_again": Text(zh="还缺什么", en="What is still missing"),
    "reopen": Text(zh="还缺什么", en="What is still missing"),
}
#: What a move does, said before it is made.
PREVIEWS = {
    "answer": Text(
        zh="企业会看到您的答复，并确认是否得到服务，或者再问。",
        en="The enterprise reads your answer, and says whether it was served, or asks again."),
    "confirm": Text(zh="本件办结。", en="The case is closed."),
    "ask_again": Text(zh="交回主办部门，受理和答复期限重新起算。",
                      en="It goes back to the department, whose clocks start anew."),
    "reopen": Text(zh="交回主办部门，受理和答复期限重新起算。",
                   en="It goes back to the department, whose clocks start anew."),
    "withdraw": Text(zh="本件结束，不再答复。", en="The case ends and nobody answers it."),
}  # fmt: skip
