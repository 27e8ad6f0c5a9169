"""What the processes share in which an enterprise asks and a department answers.

Who acts, clocks with their reminders, the words of steps that mean the same in each, and that more
is asked for once. What is particular to one process stands in its own table.
"""

from __future__ import annotations

from collections.abc import Mapping

from xinrong.domain.process import PLATFORM, Deadline, Length, working_days
from xinrong.domain.text import Text
from xinrong.remedy.law import Rule

ENTERPRISE = frozenset({"representative"})
DEPARTMENT = frozenset({"data_officer"})
OPERATOR = frozenset({"operator"})
CLOCK = frozenset({PLATFORM})

STATES = {
    "more_wanted": Text(zh="待企业补充", en="waits for a supplement"),
    "ours": Text(zh="平台自身差错，待更正", en="the platform's own mistake, to be mended"),
    "overdue": Text(zh="已逾期，督办中", en="overdue, before the operator"),
    "corrected": Text(zh="已更正", en="corrected"),
    "dropped": Text(zh="未补充，已结束", en="ended without the supplement"),
    "withdrawn": Text(zh="已撤回", en="withdrawn"),
    "unresolved": Text(zh="未解决", en="unresolved"),
}
EVENTS = {
    "ask_more": Text(zh="要求补充", en="Ask for more"),
    "supply": Text(zh="补充说明", en="Supply more"),
    "drop": Text(zh="按未补充结束", en="End without a supplement"),
    "overrun": Text(zh="逾期", en="Overdue"),
    "give_up": Text(zh="按未解决结束", en="End as unresolved"),
    "sent_right": Text(zh="报送无误，是平台差错", en="Sent right: the platform's mistake"),
    "mend": Text(zh="平台已更正", en="The platform has mended it"),
    "not_ours": Text(zh="不是平台差错", en="Not the platform's mistake"),
    "withdraw": Text(zh="撤回", en="Withdraw"),
    "reopen": Text(zh="重新提出", en="Reopen"),
}
#: What whoever makes the move has to say.
ASKS = {
    "ask_more": Text(zh="需要补充什么", en="What is to be supplied"),
    "supply": Text(zh="补充说明", en="What you add"),
    "give_up": Text(zh="督办的经过和结果", en="What was tried, and what came of it"),
    "sent_right": Text(zh="哪一批、何时报送", en="In which batch it was sent, and when"),
    "mend": Text(zh="差错原因和更正办法", en="What was wrong, and how it was mended"),
    "not_ours": Text(zh="核查的结果", en="What was found"),
    "reopen": Text(zh="新的理由或证明", en="What is new"),
}
#: What a move does, said before it is made.
PREVIEWS = {
    "sent_right": Text(
        zh="转由平台运营方查明并更正平台自身的差错。",
        en="The platform's operator finds and mends the platform's own mistake.",
    ),
}
MORE_ONCE = {
    "asked_more_once": Text(
        zh="每次提出只能要求补充一次", en="more is asked for once, each time it is opened"
    )
}


def shared(words: Mapping[str, Text], *names: str) -> dict[str, Text]:
    """Some of the words above, for the table of one process."""
    return {name: words[name] for name in names}


def roles(department: Text) -> dict[str, Text]:
    """Who takes part; what the department is called says why it is asked."""
    return {
        "representative": Text(zh="企业代表", en="representative of the enterprise"),
        "data_officer": department,
        "operator": Text(zh="平台操作员", en="platform operator"),
    }


def clock(
    name: str, state: str, event: str, rule: Rule, otherwise: Text, *, starts: str = ""
) -> Deadline:
    """A clock of a rule of law; `otherwise` says what happens at its end."""
    return Deadline(
        name, state, rule.length, event, rule.source, otherwise, starts=starts,
        reminders=_reminders(rule),
    )  # fmt: skip


def _reminders(rule: Rule) -> tuple[Length, ...]:
    """The last working day but one; for long clocks five working days before the end as well."""
    near = (working_days(1),)
    return (working_days(5), *near) if rule.rank > 10 else near
