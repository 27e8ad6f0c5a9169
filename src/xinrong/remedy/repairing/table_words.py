"""The words of the processes of repair."""

from __future__ import annotations

from xinrong.domain.text import Text
from xinrong.remedy import answering
from xinrong.remedy.answering import shared

REPAIR = Text(
    zh="企业履行法定责任、最短公示期届满后，带证明和公开承诺申请修复；认定部门在期限内决定。准予修复的，"
    "记录自决定之时起不再展示、共享和使用。",
    en="Once its duty is done and the minimum period is over, an enterprise applies with proof and "
    "a public pledge; the department that determined the record decides within its clock. From the "
    "decision on the record is shown, shared and used no longer.",
)
DOUBT = Text(
    zh="认定部门认为修复所依据的材料虚假的，先听取企业陈述，再决定是否撤销修复。",
    en="A department that finds a repair to rest on false proof hears the enterprise first, then "
    "decides whether the repair is revoked.",
)
UNSIGNED = Text(
    zh="逾期未签署承诺的，本件结束；可以重新申请。",
    en="Without the signed pledge it ends; you can apply again.",
)
UNANSWERED = Text(
    zh="逾期未决定的，转由平台运营方督办，企业会看到已逾期。",
    en="Without a decision it goes before the platform's operator, and the enterprise sees that it "
    "is overdue.",
)
UNSUPPLIED = Text(
    zh="逾期未补充的，本件结束；可以重新申请。",
    en="Without the supplement it ends; you can apply again.",
)
UNRESOLVED = Text(
    zh="仍未决定的，本件按未解决结束；企业可以重新提出，也可以向认定部门的上级机关反映。",
    en="Without a decision it ends unresolved; the enterprise can reopen it, or turn to the "
    "authority above the department.",
)
UNHEARD = Text(
    zh="逾期未陈述的，视为放弃陈述，由部门决定。",
    en="Without an answer the department decides without having heard the enterprise.",
)
UNCONFIRMED = Text(
    zh="逾期未决定的，修复继续有效，本件结束。",
    en="Without a decision the repair stands, and the case ends.",
)
STATES = {
    "to_sign": Text(zh="待签署承诺", en="pledge to be signed"),
    "asked": Text(zh="待部门决定", en="waits for the department's decision"),
    "repaired": Text(zh="已修复", en="repaired"),
    "refused": Text(zh="不予修复", en="refused"),
    "dropped": Text(zh="未补正，已结束", en="ended for want of what was asked"),
    **shared(answering.STATES, "more_wanted", "overdue", "withdrawn", "unresolved"),
}
EVENTS = {
    "ask": Text(zh="申请修复", en="Apply for repair"),
    "draft": Text(zh="申请修复，承诺待签署", en="Apply for repair, pledge to be signed"),
    "sign": Text(zh="签署承诺", en="Sign the pledge"),
    "accept": Text(zh="准予修复", en="Grant the repair"),
    "refuse": Text(zh="不予修复", en="Refuse"),
    "drop": Text(zh="按未补正结束", en="End for want of what was asked"),
    **shared(answering.EVENTS, "ask_more", "overrun", "give_up", "supply", "withdraw", "reopen"),
}
ROLES = answering.roles(Text(zh="认定部门", en="department that determined it"))
GUARDS = {
    "pledge_signed": Text(zh="承诺已用通行密钥签署", en="the pledge is signed with the passkey"),
    "both_documents": Text(
        zh="决定书和修复告知书同时出具", en="decision and notice of repair come together"
    ),
    **answering.MORE_ONCE,
    "none_other": Text(
        zh="该记录没有其他进行中的申请", en="no other application for the record is open"
    ),
}
#: What whoever makes the move has to say.
ASKS = {
    "refuse": Text(zh="不予修复的理由", en="Why it is not repaired"),
    **shared(answering.ASKS, "ask_more", "supply", "give_up", "reopen"),
}
#: What a move does, said before it is made.
PREVIEWS = {
    "refuse": Text(
        zh="企业会看到理由，可以在期限内带新证明重新提出。记录照常展示。",
        en="The enterprise reads your reason and can reopen it in time. The record stays shown.",
    ),
    "ask_more": Text(
        zh="企业会看到需要补充什么；补充后决定期限重新起算。每次提出只能要求补充一次。",
        en="The enterprise reads what is missing; once it has supplied it your clock starts anew. "
        "You can do this once each time it is opened.",
    ),
    "supply": Text(zh="交回部门，决定期限重新起算。",
                   en="It goes back to the department, whose clock starts anew."),
    "give_up": Text(zh="本件按未解决结束，企业可以重新提出。",
                    en="The case ends unresolved; the enterprise can reopen it."),
    "withdraw": Text(zh="本件结束，记录照常展示。", en="The case ends; the record stays shown."),
    "reopen": Text(zh="交回部门，决定期限重新起算。",
                   en="It goes back to the department, whose clock starts anew."),
}  # fmt: skip

DOUBT_STATES = {
    "heard": Text(zh="待企业陈述", en="waits for the enterprise's answer"),
    "answered": Text(zh="待部门决定", en="waits for the department's decision"),
    "confirmed": Text(zh="修复已撤销", en="repair revoked"),
    "cleared": Text(zh="修复有效", en="repair stands"),
}
DOUBT_EVENTS = {
    "doubt": Text(zh="提出撤销修复", en="Say that the proof was false"),
    "answer": Text(zh="陈述", en="Answer"),
    "silent": Text(zh="未陈述", en="No answer"),
    "clear": Text(zh="修复有效", en="The repair stands"),
    "confirm": Text(zh="撤销修复", en="Revoke the repair"),
    "lapse": Text(zh="逾期未决定，修复有效", en="Not decided in time: the repair stands"),
}
DOUBT_ASKS = {
    "answer": Text(zh="你的陈述", en="Your answer"),
    "clear": Text(zh="修复有效的理由", en="Why the repair stands"),
    "confirm": Text(zh="撤销修复的决定和理由", en="The decision to revoke it, and why"),
}
DOUBT_PREVIEWS = {
    "answer": Text(zh="部门会看到你的陈述，再作决定。",
                   en="The department reads your answer, then decides."),
    "clear": Text(zh="本件结束，记录仍不展示。", en="The case ends; the record stays hidden."),
    "confirm": Text(
        zh="修复撤销，记录自此恢复展示，直至法定展示期满；曾看到它的机构会得到通知。此决定不会因为系统"
        "恢复备份而自动重做。",
        en="The repair is revoked and the record shows again until its display period ends; "
        "whoever had been shown it is told. No restore of a backup repeats this by itself.",
    ),
}  # fmt: skip
