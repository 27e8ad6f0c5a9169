"""The words of the process of an application."""

from __future__ import annotations

from xinrong.domain.text import Text

DESCRIPTION = Text(
    zh="企业为一个融资需求向机构申请产品；机构在一个工作日内受理，在产品公布的时限内给出报价或写明理由的"
    "拒绝。逾期的转主管和平台督办，并向企业推荐其他机构；企业同意之前，什么都不会转出。",
    en="An enterprise applies for a product with a need. The lender takes it on within a working "
    "day and answers with an offer, or a refusal with reasons, within the days that its product "
    "promises. What is late goes before its supervisor and the platform, and another lender is "
    "proposed to the enterprise; nothing moves before it agrees.",
)
NOT_TAKEN_ON = Text(
    zh="逾期未受理的，转机构主管处理，并向企业推荐其他机构。",
    en="If it is not taken on it goes before the lender's supervisor, and another lender is "
    "proposed to the enterprise.",
)
LATE = Text(
    zh="逾期未答复的，转机构主管处理，并向企业推荐其他机构。",
    en="Without an answer it goes before the lender's supervisor, and another lender is proposed "
    "to the enterprise.",
)
UNANSWERED = Text(
    zh="仍无答复的，本申请按“机构未答复”结束并计入机构的记录，向企业推荐其他机构。",
    en="Without an answer it ends as unanswered, which counts in the lender's record, and another "
    "lender is proposed to the enterprise.",
)
NOT_SUPPLIED = Text(
    zh="逾期未补充的，本申请结束；可以重新申请。",
    en="Without the supplement it ends; you can apply again.",
)
OFFER_LAPSES = Text(
    zh="有效期内机构不得撤回报价；过期未选择的，报价失效。",
    en="Until then the lender cannot take it back; after that the offer lapses.",
)
UNSIGNED = Text(
    zh="逾期未签约的，转机构主管处理，平台督办。",
    en="Without a contract it goes before the lender's supervisor and the platform.",
)
UNPAID = Text(
    zh="逾期未放款的，转机构主管处理，平台督办。",
    en="Without the money it goes before the lender's supervisor and the platform.",
)
FALLS_THROUGH = Text(
    zh="仍未办成的，本申请按“未成”结束并计入机构的记录，企业可以另选其他报价。",
    en="If it still does not come about it ends as fallen through, which counts in the lender's "
    "record; the enterprise can choose another offer.",
)
APPEAL_LATE = Text(
    zh="逾期未复核的，转平台督办。",
    en="Without a review it goes before the platform's operator.",
)

STATES = {
    "submitted": Text(zh="已提交，待受理", en="submitted, waits to be taken on"),
    "silent": Text(zh="逾期未受理，主管处理中", en="not taken on in time, before the supervisor"),
    "accepted": Text(zh="已受理", en="taken on"),
    "due_diligence": Text(zh="尽职调查中", en="due diligence"),
    "more_wanted": Text(zh="待企业补充", en="waits for a supplement"),
    "late": Text(zh="逾期未答复，主管处理中", en="answer overdue, before the supervisor"),
    "offered": Text(zh="已报价，待企业选择", en="offered, the enterprise chooses"),
    "chosen": Text(zh="已选定，待签约", en="chosen, waits for the contract"),
    "unsigned": Text(zh="逾期未签约", en="contract overdue"),
    "contracted": Text(zh="已签约，待放款", en="contract signed, waits for the money"),
    "unpaid": Text(zh="逾期未放款", en="money overdue"),
    "disbursed": Text(zh="已放款", en="paid out"),
    "repaying": Text(zh="还款中", en="being repaid"),
    "refused": Text(zh="已拒绝", en="refused"),
    "appealed": Text(zh="申诉复核中", en="appealed, before a second person"),
    "appeal_late": Text(zh="申诉逾期未复核", en="review of the appeal overdue"),
    "upheld": Text(zh="复核维持拒绝", en="refused, upheld on appeal"),
    "declined": Text(zh="企业未接受报价", en="offer declined"),
    "withdrawn": Text(zh="企业已撤回", en="withdrawn"),
    "expired": Text(zh="报价已过期", en="offer lapsed"),
    "dropped": Text(zh="未补正，已结束", en="ended for want of what was asked"),
    "unanswered": Text(zh="机构未答复", en="unanswered by the lender"),
    "fallen_through": Text(zh="未成", en="fallen through"),
    "superseded": Text(zh="企业已与其他机构签约", en="signed with another lender"),
    "closed": Text(zh="已结清", en="repaid and closed"),
}
EVENTS = {
    "submit": Text(zh="提交申请", en="Submit"),
    "drop": Text(zh="按未补正结束", en="End for want of what was asked"),
    "accept": Text(zh="受理", en="Take on"),
    "overrun": Text(zh="逾期", en="Overdue"),
    "give_up": Text(zh="按未答复结束", en="End as unanswered"),
    "investigate": Text(zh="开始尽职调查", en="Begin due diligence"),
    "ask_more": Text(zh="要求补充", en="Ask for more"),
    "supply": Text(zh="补充", en="Supply more"),
    "offer": Text(zh="报价", en="Offer"),
    "refuse": Text(zh="拒绝", en="Refuse"),
    "choose": Text(zh="选定", en="Choose"),
    "decline": Text(zh="不接受", en="Decline"),
    "expire": Text(zh="报价过期", en="Offer lapses"),
    "sign": Text(zh="签约", en="Contract signed"),
    "disburse": Text(zh="放款", en="Paid out"),
    "repay": Text(zh="还款", en="Repayment"),
    "correct": Text(zh="更正收付记录", en="Correct a payment"),
    "review": Text(zh="贷后检查", en="Post-loan review"),
    "close": Text(zh="结清", en="Close"),
    "appeal": Text(zh="申诉", en="Appeal"),
    "overturn": Text(zh="撤销拒绝，重新办理", en="Overturn the refusal"),
    "uphold": Text(zh="维持拒绝", en="Uphold the refusal"),
    "supersede": Text(zh="企业已与其他机构签约", en="Signed with another lender"),
    "withdraw": Text(zh="撤回", en="Withdraw"),
    "end_unanswered": Text(zh="按机构未答复结束", en="End as unanswered"),
    "end_fallen": Text(zh="按未成结束", en="End as fallen through"),
}
ROLES = {
    "representative": Text(zh="企业代表", en="representative of the enterprise"),
    "loan_officer": Text(zh="信贷人员", en="loan officer"),
    "supervisor": Text(zh="机构主管", en="supervisor of the lender"),
    "operator": Text(zh="平台操作员", en="platform operator"),
}
GUARDS = {
    "consented": Text(zh="企业已授权该机构查询", en="the enterprise lets this lender look"),
    "looked_before": Text(
        zh="该机构已按贷前环节查询该企业，并留有记录",
        en="this lender queried the enterprise at the stage before the loan, and it is logged",
    ),
    "looked_to_approve": Text(
        zh="该机构已按审批环节查询该企业，并留有记录",
        en="this lender queried the enterprise at the stage of approval, and it is logged",
    ),
    "looked_after": Text(
        zh="该机构已按贷后环节查询该企业，并留有记录",
        en="this lender queried the enterprise at the stage after the loan, and it is logged",
    ),
    "offer_written": Text(zh="报价内容完整", en="the offer is written in full"),
    "reasoned": Text(zh="写明拒绝理由", en="the refusal has its reasons"),
    "asked_more_once": Text(zh="只能要求补充一次", en="more is asked for once"),
    "first_choice": Text(zh="该需求尚未选定其他报价", en="no other offer was chosen for the need"),
    "contract_written": Text(
        zh="合同与选定的报价一致", en="the contract is that of the chosen offer"
    ),
    "paid_out": Text(zh="放款不超过合同金额", en="no more is paid out than was contracted"),
    "paid_back": Text(zh="还款本金不超过余额", en="no more is repaid than is owed"),
    "corrected_right": Text(zh="更正写明原因", en="the correction says why"),
    "review_written": Text(zh="写明检查结论", en="the review has its finding"),
    "all_repaid": Text(zh="本金已还清", en="nothing of the principal is owed"),
    "day_set": Text(zh="答复期限重新起算", en="the day of the answer is set anew"),
    "second_person": Text(zh="由拒绝人以外的人复核", en="somebody else than who refused decides"),
    "appealed_once": Text(zh="只能申诉一次", en="a refusal is appealed once"),
}
MOMENTS = {
    "answer_by": Text(zh="产品公布的答复期限", en="the end of the product's own answer time"),
    "offer_until": Text(zh="报价有效期", en="the end of the offer"),
    "pay_by": Text(zh="产品公布的放款期限", en="the end of the product's own time to pay out"),
}
#: What whoever makes the move has to say.
ASKS = {
    "ask_more": Text(zh="需要补充什么", en="What is to be supplied"),
    "supply": Text(zh="补充说明", en="What you add"),
    "refuse": Text(zh="拒绝理由的说明", en="The reasons in words"),
    "appeal": Text(zh="申诉理由", en="Why the refusal is wrong"),
    "overturn": Text(zh="复核结论", en="What the review found"),
    "uphold": Text(zh="复核结论和理由", en="What the review found, and why"),
    "end_unanswered": Text(zh="督办的经过和结果", en="What was tried, and what came of it"),
    "end_fallen": Text(zh="督办的经过和结果", en="What was tried, and what came of it"),
}
#: What a move does, said before it is made.
PREVIEWS = {
    "submit": Text(
        zh="申请交给这一家机构，它在一个工作日内受理。",
        en="It goes to this one lender, which takes it on within a working day."),
    "accept": Text(
        zh="企业会看到已受理，以及最迟哪一天得到答复（产品公布的时限）。",
        en="The enterprise sees that it was taken on, and by which day it is answered."),
    "investigate": Text(
        zh="企业会看到尽职调查已开始。须先按贷前环节查询企业。",
        en="The enterprise sees that due diligence has begun. Query its file before the loan "
        "first."),
    "ask_more": Text(
        zh="企业会看到需要补充什么；企业补充后，答复期限重新起算。只能要求一次。",
        en="The enterprise reads what is missing; once it has supplied it your time to answer "
        "starts anew. You can do this once."),
    "supply": Text(zh="交回机构，答复期限重新起算。",
                   en="It goes back to the lender, whose time to answer starts anew."),
    "choose": Text(
        zh="选定后由机构准备合同；同一需求不能再选其他报价。",
        en="The lender prepares the contract; no other offer can be chosen for this need."),
    "decline": Text(zh="本申请结束，其他申请不受影响。",
                    en="This application ends; your others go on."),
    "withdraw": Text(
        zh="本申请结束，机构会看到已撤回。您给该机构的授权仍在“授权管理”中，可随时撤销。",
        en="It ends and the lender sees that. The consent that you gave stays under Consents, "
        "where you can take it back at any time."),
    "appeal": Text(
        zh="交由该机构的另一个人复核；同时您可以继续向其他机构申请。",
        en="Another person of the lender looks at it again; you can apply elsewhere meanwhile."),
    "overturn": Text(zh="恢复办理，答复期限重新起算。",
                     en="It is taken up again and the time to answer starts anew."),
    "uphold": Text(zh="维持拒绝，企业会看到结论。",
                   en="The refusal stands; the enterprise reads the finding."),
    "end_unanswered": Text(
        zh="本申请按“机构未答复”结束，计入机构的记录。",
        en="It ends as unanswered, which counts in the lender's record."),
    "end_fallen": Text(
        zh="本申请按“未成”结束，企业可以另选报价。",
        en="It ends as fallen through; the enterprise can choose another offer."),
}  # fmt: skip
