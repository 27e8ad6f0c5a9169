"""A process with everything: participants, clocks, withdrawal, reopening. Invented."""

from __future__ import annotations

from typing import Any

from xinrong.domain.process import (
    NEW,
    PLATFORM,
    Deadline,
    Escalation,
    Join,
    Move,
    Parallel,
    Process,
    Reopening,
    Source,
    Withdrawal,
    days,
    hours,
    working_days,
)
from xinrong.domain.text import Text

FIRM, BANK, CLERK = frozenset({"firm"}), frozenset({"bank"}), frozenset({"clerk"})
CLOCK = frozenset({PLATFORM})
AGREED = Source("an agreement", agreed=True)
NOTHING = Text(zh="平台继续", en="The platform goes on")


def deadline(
    name: str = "answer", state: str = "asked", event: str = "lapse", **more: Any
) -> Deadline:
    return Deadline(
        name, state, more.pop("length", working_days(5)), event, more.pop("source", AGREED),
        more.pop("otherwise", NOTHING), **more,
    )  # fmt: skip


#: What each bank does with an application that several were sent.
OFFER = Process(
    "offer",
    (
        Move("send", NEW, "asked", CLOCK),
        Move("offer", "asked", "offered", BANK),
        Move("decline", "asked", "declined", BANK),
        Move("lapse", "asked", "silent", CLOCK),
        Move("close", "asked", "closed", CLOCK),
    ),
    final=frozenset({"offered", "declined", "silent", "closed"}),
    deadlines=(deadline(length=working_days(3), reminders=(working_days(1),)),),
)

#: A loan that a clerk checks and several banks answer.
LOAN = Process(
    "loan",
    (
        Move("apply", NEW, "checking", FIRM, effects=("loan_applied",)),
        Move("pass_on", "checking", "at_banks", CLERK, ("complete",)),
        Move("send_back", "checking", "refused", CLERK),
        Move("escalate", "checking", "overdue", CLOCK),
        Move("pass_on", "overdue", "at_banks", CLERK, ("complete",)),
        Move("drop", "overdue", "refused", CLOCK),
        Move("note", "checking", "checking", CLERK),
        Move("answered", "at_banks", "choosing", CLOCK),
        Move("nobody", "at_banks", "refused", CLOCK),
        Move("choose", "choosing", "chosen", FIRM, effects=("loan_chosen", "banks_told")),
        Move("lapse", "choosing", "lapsed", CLOCK),
    ),
    final=frozenset({"refused", "chosen", "lapsed", "withdrawn"}),
    title=Text(zh="贷款申请", en="Loan application"),
    description=Text(zh="测试用流程。", en="A process for tests."),
    deadlines=(
        deadline(
            "check",
            "checking",
            "escalate",
            length=working_days(2),
            reminders=(working_days(1),),
            escalations=(Escalation(working_days(1), "chief"),),
        ),
        deadline("last_check", "overdue", "drop", length=days(10), starts="apply"),
        deadline("choice", "choosing", "lapse", length=hours(72), reminders=(hours(24),)),
    ),
    parallels=(
        Parallel(
            "at_banks", OFFER, Join.ANY, frozenset({"offered"}), "answered", "nobody", "close"
        ),
    ),
    withdrawals=(Withdrawal(FIRM),),
    reopenings=(
        Reopening(frozenset({"refused"}), "checking", FIRM, working_days(5), AGREED),
    ),
    guards={"complete": Text(zh="材料齐全", en="the papers are complete")},
    state_words={
        "checking": Text(zh="核对中", en="being checked"),
        "overdue": Text(zh="核对超期", en="check overdue"),
        "at_banks": Text(zh="银行处理中", en="at the banks"),
        "choosing": Text(zh="待选择", en="to be chosen"),
        "chosen": Text(zh="已选定", en="chosen"),
        "refused": Text(zh="已退回", en="sent back"),
        "lapsed": Text(zh="已失效", en="lapsed"),
        "withdrawn": Text(zh="已撤回", en="withdrawn"),
    },
    event_words={
        "apply": Text(zh="申请", en="apply"),
        "pass_on": Text(zh="转送", en="pass on"),
        "send_back": Text(zh="退回", en="send back"),
        "escalate": Text(zh="升级", en="escalate"),
        "drop": Text(zh="终止", en="drop"),
        "note": Text(zh="备注", en="add a note"),
        "answered": Text(zh="有银行报价", en="a bank has offered"),
        "nobody": Text(zh="无银行报价", en="no bank offers"),
        "choose": Text(zh="选定", en="choose"),
        "lapse": Text(zh="失效", en="lapse"),
        "withdraw": Text(zh="撤回", en="withdraw"),
        "reopen": Text(zh="重新提出", en="reopen"),
    },
    role_words={"firm": Text(zh="企业", en="the enterprise"), "clerk": Text(zh="经办人", en="the clerk")},
)  # fmt: skip
