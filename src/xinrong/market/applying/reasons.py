"""Why a lender refuses: the reasons that it chooses from, and what would change each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xinrong.domain.text import Text


@dataclass(frozen=True)
class Reason:
    """One reason in words, and what the enterprise can do about it."""

    words: Text
    remedy: Text


REASONS: Mapping[str, Reason] = {
    "sum": Reason(
        Text(zh="金额超出企业的还款能力", en="The sum is more than the enterprise can repay"),
        Text(zh="可以降低金额或拉长期限后再申请。", en="Ask for less, or for a longer term."),
    ),
    "income": Reason(
        Text(zh="经营收入不足或不稳定", en="Income is too low or unsteady"),
        Text(
            zh="收入恢复后再申请，或提供订单、合同。",
            en="Apply again once it is steadier, or bring orders and contracts.",
        ),
    ),
    "debts": Reason(
        Text(zh="已有负债过高", en="It owes too much already"),
        Text(zh="偿还部分负债后再申请。", en="Apply again once part of it is repaid."),
    ),
    "arrears": Reason(
        Text(zh="有逾期未还的贷款", en="A loan is in arrears"),
        Text(zh="结清逾期后再申请。", en="Apply again once the arrears are paid."),
    ),
    "negative": Reason(
        Text(zh="有未了结的处罚或失信记录", en="A penalty or breach stands in its file"),
        Text(
            zh="履行义务并申请信用修复；认为记录有误的可以提出异议。",
            en="Do the duty and apply for repair; object to the record where it is wrong.",
        ),
    ),
    "history": Reason(
        Text(zh="经营时间过短", en="It has been in business too briefly"),
        Text(zh="可以看创业类产品。", en="Look at start-up loans."),
    ),
    "security": Reason(
        Text(zh="担保不足", en="The security is not enough"),
        Text(
            zh="补充担保，或申请政府性融资担保。",
            en="Add security, or ask the public guarantee fund.",
        ),
    ),
    "purpose": Reason(
        Text(zh="用途不符合产品规定", en="The product is not for this purpose"),
        Text(zh="可以看其他用途的产品。", en="Look at products for it."),
    ),
    "papers": Reason(
        Text(zh="材料不全或无法核实", en="Papers are missing or cannot be checked"),
        Text(zh="补齐材料后再申请。", en="Apply again with the papers."),
    ),
    "quota": Reason(
        Text(zh="机构额度已用完", en="The lender has used up its own quota"),
        Text(
            zh="与企业的信用无关；可以向其他机构申请。",
            en="This says nothing of the enterprise: apply to another lender.",
        ),
    ),
    "known": Reason(
        Text(zh="企业在本机构已有授信", en="The enterprise has a credit line here already"),
        Text(zh="请与客户经理商定调整额度。", en="Talk to the account manager about it."),
    ),
    "other": Reason(
        Text(zh="其他（见说明）", en="Another one, see the words"),
        Text(zh="见机构的说明。", en="See what the lender says."),
    ),
}
