"""What becomes of a need, as a table. A need is a word of the enterprise: nobody else states it."""

from __future__ import annotations

from xinrong.domain.process import NEW, Move, Process, register
from xinrong.domain.text import Text
from xinrong.market.needs.models import NeedState

ENTERPRISE, FOUNDER, OFFICER, LENDER = "representative", "founder", "officer", "lender"
DRAFT, STATED = str(NeedState.DRAFT), str(NeedState.STATED)
ANSWERED, WITHDRAWN = str(NeedState.ANSWERED), str(NeedState.WITHDRAWN)

_OWN = frozenset({ENTERPRISE, FOUNDER})
_LENDER = frozenset({LENDER})

NEED_PROCESS = register(
    Process(
        "financing_need",
        (
            Move("begin", NEW, DRAFT, _OWN | {OFFICER}),
            Move("fill_in", DRAFT, DRAFT, _OWN | {OFFICER}),
            Move("state", DRAFT, STATED, _OWN),
            Move("withdraw", DRAFT, WITHDRAWN, _OWN | {OFFICER}),
            Move("withdraw", STATED, WITHDRAWN, _OWN),
            Move("settle", STATED, ANSWERED, _LENDER),
            Move("look_again", ANSWERED, STATED, _LENDER),
        ),
        final=frozenset({WITHDRAWN}),
        title=Text(zh="融资需求", en="Financing need"),
        description=Text(
            zh="企业逐题填写融资需求，预览后提出；工作人员走访时代填的，经企业确认后才生效。",
            en="An enterprise answers a few questions and states its need after a preview; what an "
            "officer enters on a visit counts once the enterprise has confirmed it.",
        ),
        state_words={
            DRAFT: Text(zh="填写中", en="draft"),
            STATED: Text(zh="已提出", en="stated"),
            ANSWERED: Text(zh="已有结果", en="settled"),
            WITHDRAWN: Text(zh="已撤回", en="withdrawn"),
        },
        event_words={
            "begin": Text(zh="开始填写", en="Begin"),
            "fill_in": Text(zh="回答一个问题", en="Answer a question"),
            "state": Text(zh="提出", en="State it"),
            "withdraw": Text(zh="撤回", en="Withdraw it"),
            "settle": Text(zh="办结", en="A loan was paid out"),
            "look_again": Text(zh="重新匹配", en="Look again"),
        },
        role_words={
            ENTERPRISE: Text(zh="企业代表", en="representative of the enterprise"),
            FOUNDER: Text(zh="筹办人", en="founder of a firm not registered yet"),
            OFFICER: Text(zh="走访人员", en="officer or adviser on a visit"),
            LENDER: Text(zh="放款的金融机构", en="lender that pays out"),
        },
    )
)
