"""Where no product admits a need: the platform's operator says what to do, by a fixed day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from xinrong.accounts.services import Organisation, Viewer
from xinrong.domain.calendars import Calendar
from xinrong.domain.financing import PURPOSE_WORDS, NeedPurpose
from xinrong.domain.money import yuan
from xinrong.domain.process import (
    NEW,
    PLATFORM,
    Deadline,
    Move,
    Process,
    Source,
    Withdrawal,
    register,
    working_days,
)
from xinrong.domain.text import Text
from xinrong.market.needs.finding import check_stands, need_for
from xinrong.market.needs.refusals import advice_open, not_for_role
from xinrong.market.perms import can_state_needs
from xinrong.work.services import Case, Handling, calendar_here, handle, open_case

PROCESS = "need_advice"
ASKED, OVERDUE, ADVISED = "asked", "overdue", "advised"
WITHDRAWN, UNRESOLVED = "withdrawn", "unresolved"
_ENTERPRISE, _OPERATOR = frozenset({"representative"}), frozenset({"operator"})
_RULE = Source("平台融资需求规则", "无产品可办时的答复时限", agreed=True)

ADVICE = register(
    Process(
        PROCESS,
        (
            Move("ask", NEW, ASKED, _ENTERPRISE),
            Move("advise", ASKED, ADVISED, _OPERATOR),
            Move("overrun", ASKED, OVERDUE, frozenset({PLATFORM})),
            Move("advise", OVERDUE, ADVISED, _OPERATOR),
            Move("give_up", OVERDUE, UNRESOLVED, frozenset({PLATFORM})),
        ),
        final=frozenset({ADVISED, WITHDRAWN, UNRESOLVED}),
        title=Text(zh="融资需求咨询", en="Advice on a need"),
        description=Text(
            zh="没有产品可以办理时，企业请平台运营方说明下一步；平台在期限内答复。",
            en="Where no product admits its need an enterprise asks the platform's operator what "
            "to do next, who answers within the clock.",
        ),
        deadlines=(
            Deadline(
                "answer", ASKED, working_days(3), "overrun", _RULE,
                Text(zh="逾期未答复的，标为逾期，企业会看到。",
                     en="Without an answer it counts as overdue, for the enterprise to see."),
                reminders=(working_days(1),),
            ),
            Deadline(
                "last", OVERDUE, working_days(5), "give_up", _RULE,
                Text(zh="仍无答复的，按未解决结束，企业可以再次咨询。",
                     en="Without an answer it ends unresolved; the enterprise can ask again."),
                reminders=(working_days(1),),
            ),
        ),
        withdrawals=(Withdrawal(_ENTERPRISE, frozenset({ASKED, OVERDUE})),),
        state_words={
            ASKED: Text(zh="待答复", en="waits for an answer"),
            OVERDUE: Text(zh="已逾期", en="overdue"),
            ADVISED: Text(zh="已答复", en="answered"),
            WITHDRAWN: Text(zh="已撤回", en="withdrawn"),
            UNRESOLVED: Text(zh="未解决", en="unresolved"),
        },
        event_words={
            "ask": Text(zh="咨询", en="Ask for advice"),
            "advise": Text(zh="答复下一步", en="Say what to do next"),
            "overrun": Text(zh="逾期", en="Overdue"),
            "give_up": Text(zh="按未解决结束", en="End as unresolved"),
            "withdraw": Text(zh="撤回", en="Withdraw"),
        },
        role_words={
            "representative": Text(zh="企业代表", en="representative of the enterprise"),
            "operator": Text(zh="平台操作员", en="platform operator"),
        },
    )
)  # fmt: skip


def subject(case: Case) -> Text:
    """The need that no product admits, as the enterprise said it."""
    data = case.data
    amount = f"{yuan(int(data['amount'])):,.0f}"
    purpose = PURPOSE_WORDS[NeedPurpose(data["purpose"])]
    return Text(
        zh=f"没有产品可以办理：{amount} 元，{data['months']} 个月，{purpose.zh}",
        en=f"no product admits it: {amount} yuan, {data['months']} months, {purpose.en}",
    )


handle(
    Handling(
        ADVICE,
        asks={"advise": Text(zh="下一步怎么做、何时做", en="What to do next, and when")},
        previews={
            "advise": Text(
                zh="企业会看到您的答复，本件办结。",
                en="The enterprise reads your answer, and the case is closed.",
            ),
            "withdraw": Text(zh="本件结束，不再答复。", en="It ends and nobody answers it."),
        },
        subject=subject,
    )
)


def ask_advice(
    who: Viewer, number: str, *, now: datetime, calendar: Calendar | None = None
) -> Case:
    """Ask what to do about a need; the case in which the operator answers.

    The operator learns the need, as the enterprise says it here, and nothing of its file. Raises
    MarketRefused: need_unknown, need_role, need_state, advice_open.
    """
    if not can_state_needs(who):
        raise not_for_role()
    with transaction.atomic():
        need = need_for(who, number, lock=True)
        check_stands(need)
        assert who.organisation_id is not None  # as can_state_needs says
        Organisation.objects.select_for_update().get(pk=who.organisation_id)
        if (running := advice_on(number)) is not None and running.ended_at is None:
            raise advice_open()
        return open_case(
            PROCESS,
            "ask",
            who,
            sides={"representative": [who.organisation_id], "operator": [None]},
            enterprise=need.enterprise_id,
            data={"need": number, **_told(need.amount, need.months, need.purpose)},
            now=now,
            calendar=calendar,
        )


def _told(amount: int | None, months: int | None, purpose: str) -> Mapping[str, int | str]:
    return {"amount": amount or 0, "months": months or 0, "purpose": purpose}


def advice_on(number: str) -> Case | None:
    """The last case in which advice on a need was asked, if any."""
    return Case.objects.filter(process=PROCESS, data__need=number).order_by("-pk").first()


def advice_by(now: datetime, calendar: Calendar | None = None) -> date:
    """The last day on which who asks now is answered."""
    clock = ADVICE.deadlines_in(ASKED)[0]
    return clock.due(now, {}, calendar or calendar_here()).last_day
