"""The words of an objection: of its states, events and clocks, and what each move asks and does."""

from __future__ import annotations

from xinrong.domain.text import Text
from xinrong.remedy import answering
from xinrong.remedy.answering import shared

TITLE = Text(zh="信用记录异议", en="Objection to a record")
DESCRIPTION = Text(
    zh="企业认为自己的一条信用记录有误，提出异议；记录随即标注“存在异议”，平台先查自身差错，"
    "否则转交报送部门核实并中止披露；无法核实的终止披露，核实无误的，企业的说明与记录并列展示。",
    en="An enterprise says that a record of its file is wrong. It is marked at once; the platform "
    "looks for its own mistake, else asks the department that sent it and shows the record to "
    "nobody meanwhile. What cannot be verified is shown no longer; where the source stands by it, "
    "the enterprise's words stand beside it.",
)
STATES = {
    "marked": Text(zh="已标注异议，平台核查中", en="marked, the platform checks its own part"),
    "with_source": Text(zh="报送部门核实中，已中止披露", en="with the source, not disclosed"),
    "extended": Text(zh="经批准延长，报送部门核实中", en="extended, with the source"),
    "more_wanted": Text(zh="待企业补充，已中止披露", en="waits for a supplement, not disclosed"),
    "overdue": Text(zh="已逾期，督办中，仍中止披露", en="overdue, before the operator"),
    "confirmed": Text(zh="确认有误，待报送更正数据", en="confirmed as wrong, to be corrected"),
    "fix_late": Text(zh="更正数据逾期未报送", en="the correction is overdue"),
    "upheld": Text(zh="核实无误，企业说明并列展示", en="upheld, with the enterprise's statement"),
    "withheld": Text(zh="无法核实，终止披露", en="not verified, no longer disclosed"),
    **shared(answering.STATES, "ours", "corrected", "dropped", "withdrawn"),
}
EVENTS = {
    "object": Text(zh="提出异议", en="Object"),
    "forward": Text(zh="转交报送部门核实", en="Ask the source"),
    "own_mistake": Text(zh="是平台自身差错", en="The platform's own mistake"),
    "confirm": Text(zh="确认有误", en="Confirm the mistake"),
    "uphold": Text(zh="核实无误，维持", en="Stand by the record"),
    "cannot_verify": Text(zh="无法核实", en="Cannot be verified"),
    "extend": Text(zh="经批准延长", en="Extend, with approval"),
    "withhold": Text(zh="终止披露", en="Disclose no longer"),
    "carry": Text(zh="更正数据已到", en="The corrected record is here"),
    "gone": Text(zh="记录已不存在", en="The record is gone"),
    "withdraw": Text(zh="撤回异议", en="Withdraw"),
    "take_up": Text(zh="重新核实", en="Take it up again"),
    **shared(
        answering.EVENTS,
        "sent_right", "ask_more", "overrun", "supply", "drop", "mend", "not_ours",
    ),
}  # fmt: skip
ROLES = answering.roles(Text(zh="报送部门", en="department that sent it"))
#: What happens at the end of each clock.
ENDS = {
    "own_check": Text(
        zh="到期自动转交报送部门核实，并中止披露。",
        en="At its end the source is asked by itself, and the record is disclosed no more.",
    ),
    "source": Text(
        zh="逾期未答复的，继续中止披露，转由平台运营方督办。",
        en="Without an answer the record stays undisclosed and goes before the operator.",
    ),
    "answer": Text(
        zh="企业应得到答复的期限；逾期的继续中止披露，转由平台运营方督办。",
        en="By then the enterprise has an answer; else the record stays undisclosed and goes "
        "before the operator.",
    ),
    "answer_extended": Text(
        zh="延长后的期限；逾期的继续中止披露，转由平台运营方督办。",
        en="The extended time; after it the record stays undisclosed and goes before the operator.",
    ),
    "supply": Text(
        zh="逾期未补充的，本件结束，恢复披露；三十日内可以重新提出。",
        en="Without the supplement it ends and the record is shown again; you can reopen it.",
    ),
    "own_mistake": Text(
        zh="逾期未更正的，列为逾期，企业和报送部门都会看到。",
        en="If it is not mended it counts as overdue, for the enterprise and the source to see.",
    ),
    "fix": Text(
        zh="更正数据逾期未报送的，继续中止披露，转由平台运营方督办。",
        en="If the correction has not come the record stays undisclosed, before the operator.",
    ),
    "last": Text(
        zh="仍无答复的，视为无法核实，终止披露。",
        en="Without an answer it counts as not verified and is disclosed no longer.",
    ),
    "last_fix": Text(
        zh="仍未报送更正数据的，终止披露。",
        en="If the correction still does not come the record is disclosed no longer.",
    ),
}
#: What whoever makes the move has to say.
ASKS = {
    "own_mistake": Text(zh="差错是什么", en="What the mistake is"),
    "confirm": Text(zh="核实的结果和正确的内容", en="What was found, and what is right"),
    "uphold": Text(zh="核实的结果和依据", en="What was found, and what it rests on"),
    "cannot_verify": Text(zh="为什么无法核实", en="Why it cannot be verified"),
    "extend": Text(zh="情况复杂的理由和批准人", en="Why it is complex, and who approved it"),
    "withhold": Text(zh="督办的经过和结果", en="What was tried, and what came of it"),
    "object": Text(
        zh="哪里有误；重新提出的，有什么新的理由或证明",
        en="What is wrong; when you object again, what is new",
    ),
    "take_up": Text(zh="新的核实依据", en="What can be shown now"),
    **shared(answering.ASKS, "sent_right", "ask_more", "supply", "mend", "not_ours"),
}
#: What a move does, said before it is made.
PREVIEWS = {
    "forward": Text(
        zh="报送部门收到核实任务；在其答复前，任何机构都看不到该记录。",
        en="The source is asked; until it answers no institution sees the record."),
    "own_mistake": Text(
        zh="由平台更正；更正前任何机构都看不到该记录。",
        en="The platform mends it; until then no institution sees the record."),
    "confirm": Text(
        zh="企业会看到你确认有误。随后请报送更正数据；平台收到后自动恢复披露并办结。",
        en="The enterprise sees that you confirm it. Then send the corrected record: when it is "
        "here it is shown again and the case is closed."),
    "uphold": Text(
        zh="记录恢复披露，企业的说明并列展示；企业三十日内可以带新证明重新提出。",
        en="The record is shown again with the enterprise's statement beside it; the enterprise "
        "can reopen it for thirty days with something new."),
    "cannot_verify": Text(
        zh="该记录终止披露，不再用于评价。",
        en="The record is disclosed no longer, and used for nothing."),
    **answering.PREVIEWS,
    "ask_more": Text(
        zh="企业补充后，答复期限重新起算。每次提出只能要求补充一次。",
        en="Once the enterprise has supplied it your clock starts anew. You can do this once."),
    "extend": Text(
        zh="答复期限延长至法规允许的最长时间，自提出之日起算；企业会看到理由。",
        en="The time for the answer is extended to what the law allows, from the objection on; "
        "the enterprise reads why."),
    "withhold": Text(
        zh="该记录终止披露，不再用于评价；报送部门可以带依据重新核实。",
        en="The record is disclosed no longer; its source can take it up again."),
    "supply": Text(zh="交回报送部门，答复期限重新起算。",
                   en="It goes back to the source, whose clock starts anew."),
    "mend": Text(zh="记录恢复披露，本件办结。",
                 en="The record is shown again; the case is closed."),
    "not_ours": Text(zh="交报送部门核实。", en="The source is asked."),
    "carry": Text(zh="更正后的记录恢复披露，本件办结。",
                  en="The corrected record is shown again; the case is closed."),
    "withdraw": Text(zh="记录恢复披露，异议标注和说明一并撤下。",
                     en="The record is shown again, without mark and statement."),
    "object": Text(zh="记录随即标注异议，由平台核查。",
                   en="The record is marked at once and the platform checks it."),
    "take_up": Text(zh="重新核实；答复前仍不披露。",
                    en="It is answered anew; until then the record stays undisclosed."),
}  # fmt: skip
