"""The process of proving to represent an enterprise, as people read it: its words."""

from __future__ import annotations

from dataclasses import replace

from xinrong.accounts.proof.enums import State
from xinrong.accounts.proof.letters import VALID
from xinrong.accounts.proof.states import CLAIM_PROCESS
from xinrong.domain.process import Deadline, Source, days, register
from xinrong.domain.text import Text

_ENGLISH = {
    State.CLAIMED: "claimed",
    State.DOCUMENTS_GIVEN: "documents to be checked",
    State.CHECKED_ONCE: "checked once",
    State.LETTER_PRINTED: "letter to be posted",
    State.CODE_SENT: "code on its way",
    State.FROZEN: "frozen",
    State.PROVEN: "proven",
    State.REFUSED: "refused",
    State.WITHDRAWN: "withdrawn",
    State.ENDED: "ended",
}

#: A code ends so many days after its letter was printed, and counts anew when that is posted.
_CODES = tuple(
    Deadline(
        name,
        state,
        days(VALID.days),
        "code_ends",
        Source("平台代表资格核验规则", "信函验证码的有效期", agreed=True),
        Text(
            zh="信函中的验证码逾期失效，需要重新寄信。",
            en="The code in the letter ends, and another letter is needed.",
        ),
        starts=starts,
        moved_off_holidays=False,
    )
    for name, state, starts in (
        ("letter", State.LETTER_PRINTED, "print_letter"),
        ("code", State.CODE_SENT, ""),
    )
)

CLAIM = register(
    replace(
        CLAIM_PROCESS,
        final=CLAIM_PROCESS.ends,
        deadlines=_CODES,
        title=Text(zh="企业代表资格证明", en="Proof of representation"),
        description=Text(
            zh="一个人证明自己代表某家企业：通过身份认证服务、证明材料（两名操作员核验）或"
            "登记地址信函。有争议时冻结，由两名操作员裁定。",
            en="A person proves to represent an enterprise: by an identity service, by documents "
            "that two operators check, or by a letter to the registered address. Rivals freeze "
            "it until two operators decide.",
        ),
        guards={
            "another": Text(
                zh="不是办理上一步的操作员", en="not the operator who took the step before"
            ),
            "reasons": Text(zh="写明理由", en="reasons are given"),
            "agreed": Text(zh="两名操作员意见一致", en="two operators decided the same"),
        },
        state_words={str(one): Text(zh=one.label, en=_ENGLISH[one]) for one in State},
        event_words={
            "claim": Text(zh="提出申请", en="claim"),
            "give_documents": Text(zh="提交材料", en="hand in documents"),
            "check": Text(zh="核验", en="check"),
            "check_again": Text(zh="复核", en="check again"),
            "send_back": Text(zh="退回补正", en="send back"),
            "print_letter": Text(zh="打印信函", en="print the letter"),
            "post_letter": Text(zh="寄出信函", en="post the letter"),
            "enter_code": Text(zh="输入验证码", en="enter the code"),
            "code_ends": Text(zh="验证码失效", en="the code ends"),
            "identity": Text(zh="身份认证通过", en="proven by an identity service"),
            "demo": Text(zh="演示环境直接通过", en="granted in a demo"),
            "change_way": Text(zh="更换证明方式", en="choose another way"),
            "refuse": Text(zh="不予通过", en="refuse"),
            "withdraw": Text(zh="撤回", en="withdraw"),
            "freeze": Text(zh="冻结", en="freeze"),
            "decide_for": Text(zh="裁定支持", en="decide for it"),
            "decide_against": Text(zh="裁定不支持", en="decide against it"),
            "end": Text(zh="终止", en="end"),
        },
        role_words={
            "claimer": Text(zh="申请人", en="the claimer"),
            "operator": Text(zh="平台操作员", en="operator"),
        },
    )
)
