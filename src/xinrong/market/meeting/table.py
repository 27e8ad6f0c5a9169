"""What becomes of a financing event, as a table."""

from __future__ import annotations

from xinrong.domain.process import NEW, Move, Process, register
from xinrong.domain.text import Text
from xinrong.market.meeting.models import MeetingState

ORGANISER = "organiser"
PLANNED, OPEN = str(MeetingState.PLANNED), str(MeetingState.OPEN)
PAIRED, HELD = str(MeetingState.PAIRED), str(MeetingState.HELD)
CANCELLED = str(MeetingState.CANCELLED)
_BY = frozenset({ORGANISER})

MEETING_PROCESS = register(
    Process(
        "financing_event",
        (
            Move("plan", NEW, PLANNED, _BY),
            Move("open", PLANNED, OPEN, _BY),
            Move("pair", OPEN, PAIRED, _BY),
            Move("pair", PAIRED, PAIRED, _BY),
            Move("hold", PAIRED, HELD, _BY),
            Move("cancel", PLANNED, CANCELLED, _BY),
            Move("cancel", OPEN, CANCELLED, _BY),
            Move("cancel", PAIRED, CANCELLED, _BY),
        ),
        final=frozenset({HELD, CANCELLED}),
        title=Text(zh="融资对接活动", en="Financing event"),
        description=Text(
            zh="组织者邀请银行和企业；同意参加的企业给出需求；"
            "席位有限时稳定匹配；活动后跟踪到贷款。",
            en="An organiser invites banks and enterprises; whoever comes gives its need; few "
            "slots are paired stably; what comes of it is followed to the loan.",
        ),
        state_words={
            PLANNED: Text(zh="筹备中", en="planned"),
            OPEN: Text(zh="报名中", en="open"),
            PAIRED: Text(zh="已匹配", en="paired"),
            HELD: Text(zh="已举办", en="held"),
            CANCELLED: Text(zh="已取消", en="cancelled"),
        },
        event_words={
            "plan": Text(zh="筹备", en="Plan it"),
            "open": Text(zh="邀请企业并开放报名", en="Invite enterprises and open it"),
            "pair": Text(zh="匹配席位", en="Pair"),
            "hold": Text(zh="登记到场并结束", en="Note who came, and end it"),
            "cancel": Text(zh="取消", en="Cancel it"),
        },
        role_words={ORGANISER: Text(zh="组织者", en="organiser")},
    )
)
