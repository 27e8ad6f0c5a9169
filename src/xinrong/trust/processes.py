"""The process of a consent as people read it: its words, for the documentation."""

from __future__ import annotations

from dataclasses import replace

from xinrong.domain.process import Deadline, Source, days, register
from xinrong.domain.text import Text
from xinrong.trust.consenting.states import CONSENT_PROCESS

#: Read: the clock ends at the moment that the request or the consent names; where a region's
#: template leaves the time to answer open it is this long, and no consent is longer than that.
CLOCKS = (
    Deadline(
        "answer",
        "asked",
        days(14),
        "lapse",
        Source("授权请求（按授权模板）", "答复期限", agreed=True),
        Text(
            zh="逾期未答复的，请求失效，任何人不得查询。",
            en="Without an answer the request lapses, and nobody may look.",
        ),
        moved_off_holidays=False,
        until="answer_by",
    ),
    Deadline(
        "term",
        "granted",
        days(3 * 366),
        "expire",
        Source("授权书", "授权期限", agreed=True),
        Text(
            zh="授权期限届满即终止，需要继续查询的应当重新请求授权。",
            en="The consent ends with its period; whoever goes on looking asks anew.",
        ),
        moved_off_holidays=False,
        until="valid_until",
    ),
)
_CLOCKED = {(one.state, one.event) for one in CLOCKS}

CONSENT = register(
    replace(
        CONSENT_PROCESS,
        # What the clocks say, the guards of these moves need not say again.
        moves=tuple(
            replace(one, guards=()) if (one.source, one.event) in _CLOCKED else one
            for one in CONSENT_PROCESS.moves
        ),
        deadlines=CLOCKS,
        moments={
            "answer_by": Text(
                zh="请求载明的答复期限届满",
                en="the end of the answering time that the request names",
            ),
            "valid_until": Text(zh="授权书载明的期限届满", en="the end that the consent names"),
        },
        final=CONSENT_PROCESS.ends,
        title=Text(zh="授权", en="Consent"),
        description=Text(
            zh="机构请求企业授权查询；企业同意或拒绝；授权到期、用完、还清或撤回后终止。"
            "期限由每份请求和授权各自约定，表中所列为模板未另行约定时的答复期限和最长的授权期限。",
            en="An institution asks an enterprise for its consent, which says yes or no; a consent "
            "ends when it expires, is used up, its loan is repaid, or it is taken back. Each "
            "request and each consent names its own period: the table gives the time to answer "
            "where a template names none, and the longest period.",
        ),
        guards={
            "fair_use": Text(
                zh="所请求的不超过授权模板", en="no more is asked than the template allows"
            ),
            "in_time": Text(zh="请求尚未失效", en="the request has not lapsed"),
            "no_live_loan": Text(zh="没有未结清的贷款", en="no loan is running on it"),
            "live_loan": Text(zh="有未结清的贷款", en="a loan is running on it"),
            "used": Text(zh="一次性授权已使用", en="it was for one time and has been used"),
        },
        state_words={
            "asked": Text(zh="待企业答复", en="waiting for the enterprise"),
            "granted": Text(zh="已授权", en="granted"),
            "refused": Text(zh="已拒绝", en="refused"),
            "withdrawn": Text(zh="机构已撤回请求", en="request withdrawn"),
            "lapsed": Text(zh="逾期未答复", en="lapsed without an answer"),
            "revoked": Text(zh="企业已撤回授权", en="taken back"),
            "expired": Text(zh="已到期", en="expired"),
            "used": Text(zh="已使用", en="used"),
            "repaid": Text(zh="贷款已结清", en="loan repaid"),
        },
        event_words={
            "ask": Text(zh="请求授权", en="ask"),
            "grant": Text(zh="同意", en="grant"),
            "refuse": Text(zh="拒绝", en="refuse"),
            "withdraw": Text(zh="撤回请求", en="withdraw the request"),
            "lapse": Text(zh="逾期失效", en="lapse"),
            "revoke": Text(zh="撤回授权", en="take back"),
            "repay": Text(zh="报告结清", en="report the loan repaid"),
            "expire": Text(zh="到期终止", en="expire"),
            "use_up": Text(zh="使用后终止", en="end after its one use"),
        },
        role_words={
            "loan_officer": Text(zh="信贷人员", en="loan officer"),
            "guarantee_officer": Text(zh="担保业务人员", en="guarantee officer"),
            "adviser": Text(zh="服务顾问", en="adviser"),
            "representative": Text(zh="企业代表", en="representative"),
        },
    )
)
