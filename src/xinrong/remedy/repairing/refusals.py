"""Why a repair cannot be applied for, in both languages."""

from __future__ import annotations

from xinrong.domain.text import Text
from xinrong.remedy.errors import RemedyRefused

REFUSALS = {
    "repair_role": Text(
        zh="只有本企业经核验的代表可以申请修复。",
        en="Only a proven representative of the enterprise applies for repair.",
    ),
    "repair_unknown": Text(
        zh="本企业的信用档案中没有这条记录。请从列表中选择。",
        en="Your file shows no such record: choose one from the list.",
    ),
    "repair_positive": Text(
        zh="这条记录不是失信记录，无需修复。内容有误的，请提出异议。",
        en="This record is not negative, so there is nothing to repair. If it is wrong, object.",
    ),
    "repair_hidden": Text(
        zh="这条记录已经不再展示，无需修复。",
        en="This record is shown no longer, so there is nothing to repair.",
    ),
    "repair_not_shown": Text(
        zh="这条记录未展示（展示期已满或者没有日期），无需修复。",
        en="This record is not shown, as its period is over or it has no date: nothing to repair.",
    ),
    "repair_early": Text(
        zh="最短公示期未满，还不能申请。",
        en="Its minimum period is not over yet.",
    ),
    "repair_undated": Text(
        zh="没有认定日期，无法计算最短公示期。请先对该记录提出异议，由来源单位补正日期。",
        en="The day on which it was determined is not known, so no period can be counted. Object "
        "to the record first: its source adds the day.",
    ),
    "repair_listed": Text(
        zh="企业仍在名单上。请先履行义务、移出名单，再申请修复。",
        en="The enterprise still stands on this list. Do what the list demands and leave it first.",
    ),
    "repair_no_rule": Text(
        zh="平台掌握的法规中，没有此类信息的修复规则。请向认定部门咨询。",
        en="No rule known here says how information of this kind is repaired. Ask the department "
        "that determined it.",
    ),
    "repair_tier": Text(
        zh="法规没有为这一等级的失信信息规定修复。",
        en="The law has no repair for conduct of this tier.",
    ),
    "repair_open": Text(
        zh="这条记录已经申请修复，尚未办结。请在原件中补充或撤回。",
        en="Repair of this record is applied for already: add to that case, or withdraw it first.",
    ),
    "repair_basis": Text(zh="请选择申请的依据。", en="Choose the grounds."),
    "repair_why": Text(
        zh="请写明履行了什么、如何纠正，不超过2000字。",
        en="Say what was done and set right, in at most 2,000 characters.",
    ),
    "repair_ruling": Text(
        zh="以重整计划为依据的，请写明法院裁定书文号。",
        en="Name the court's ruling on the plan of restructuring.",
    ),
    "repair_proof": Text(
        zh="请上传证明材料（缴款凭证、整改证明或者法院裁定书）。",
        en="Hand in what shows it: a receipt, a certificate, or the court's ruling.",
    ),
    "repair_pledge": Text(
        zh="请确认公开承诺。",
        en="Confirm the public pledge.",
    ),
    "repair_source": Text(
        zh="认定部门尚未在平台开户。请直接向其申请。",
        en="The department that determined it is not on the platform yet: turn to it directly.",
    ),
    "repair_documents": Text(
        zh="请同时填写决定书文号和修复告知书文号，各不超过100字。",
        en="Give the numbers of both documents, decision and notice of repair, in at most 100 "
        "characters each.",
    ),
    "repair_until": Text(
        zh="重整期间的修复是暂时的：请写明最后一日，应晚于今天、三年以内。",
        en="A repair during restructuring is temporary: give its last day, after today and within "
        "three years.",
    ),
    "repair_not_yours": Text(
        zh="没有你可以处理的这一件。",
        en="There is no such repair for you.",
    ),
    "repair_doubted": Text(
        zh="对这次修复已经提出撤销，尚未办结。",
        en="Whether this repair stands is being heard already.",
    ),
    "repair_doubt_why": Text(
        zh="请写明哪些材料虚假、有何依据，不超过2000字。",
        en="Say which proof was false and what shows it, in at most 2,000 characters.",
    ),
}


def refused(code: str) -> RemedyRefused:
    """The refusal of a code."""
    return RemedyRefused(code, REFUSALS[code])
