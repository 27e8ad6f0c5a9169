"""Headings that departments use, with an identifier and English words for a draft."""

from __future__ import annotations

import re
import unicodedata

#: Longest first wins. The identifier is in the field's own English terms.
HEADINGS: dict[str, tuple[str, str]] = {
    "统一社会信用代码": ("uscc", "Unified social credit code"),
    "行政处罚决定书文号": ("decision_no", "Penalty decision number"),
    "行政许可决定书文号": ("document_no", "Licence decision number"),
    "处罚决定日期": ("decided_on", "Decided on"),
    "许可决定日期": ("decided_on", "Decided on"),
    "行政许可证书": ("licence_name", "Name of the licence"),
    "许可证编号": ("licence_no", "Licence number"),
    "许可证号": ("licence_no", "Licence number"),
    "证书编号": ("certificate_no", "Certificate number"),
    "处罚有效期": ("valid_until", "Valid until"),
    "公示截止期": ("published_until", "Published until"),
    "合同代码": ("contract_no", "Contract number"),
    "合同名称": ("contract", "Contract"),
    "评定机构": ("assessor", "Assessed by"),
    "合同编号": ("contract_no", "Contract number"),
    "发票号码": ("invoice_no", "Invoice number"),
    "文书号": ("document_no", "Document number"),
    "文号": ("document_no", "Document number"),
    "案号": ("case_no", "Case number"),
    "编号": ("number", "Number"),
    "违法行为类型": ("violation_kind", "Kind of violation"),
    "违法行为": ("violation", "Violation"),
    "违法事实": ("facts", "Facts found"),
    "处罚依据": ("legal_ground", "Legal ground"),
    "处罚种类": ("penalty_kind", "Kind of penalty"),
    "处罚类别": ("penalty_kind", "Kind of penalty"),
    "处罚内容": ("content", "Content of the penalty"),
    "处罚机关": ("authority", "Authority"),
    "处罚日期": ("decided_on", "Decided on"),
    "许可机关": ("authority", "Authority"),
    "发证机关": ("issuer", "Issued by"),
    "许可内容": ("content", "Content of the licence"),
    "许可类别": ("licence_kind", "Kind of licence"),
    "罚款金额": ("fine", "Fine"),
    "欠税金额": ("arrears", "Tax in arrears"),
    "欠税余额": ("arrears", "Tax in arrears"),
    "税种": ("tax_kind", "Kind of tax"),
    "税额": ("tax", "Tax"),
    "注册资本": ("registered_capital", "Registered capital"),
    "实缴资本": ("paid_in_capital", "Paid-in capital"),
    "成立日期": ("founded_on", "Founded on"),
    "登记机关": ("registrar", "Registered with"),
    "登记状态": ("status", "Registration status"),
    "经营范围": ("scope", "Scope of business"),
    "经营状态": ("status", "Business status"),
    "企业类型": ("kind", "Kind of enterprise"),
    "法定代表人": ("legal_representative", "Legal representative"),
    "负责人": ("person_in_charge", "Person in charge"),
    "联系人": ("contact", "Contact"),
    "联系电话": ("phone", "Telephone"),
    "电话": ("phone", "Telephone"),
    "手机": ("mobile", "Mobile telephone"),
    "地址": ("address", "Address"),
    "住所": ("address", "Registered address"),
    "所属区": ("district", "District"),
    "所在区": ("district", "District"),
    "所属行业": ("industry", "Industry"),
    "行业": ("industry", "Industry"),
    "检查日期": ("inspected_on", "Inspected on"),
    "检查结果": ("finding", "Finding"),
    "检查内容": ("matter", "Matter inspected"),
    "发证日期": ("issued_on", "Issued on"),
    "认定时间": ("recognised_on", "Recognised on"),
    "有效期自": ("valid_from", "Valid from"),
    "有效期至": ("valid_until", "Valid until"),
    "有效期": ("valid_until", "Valid until"),
    "截止日期": ("ends_on", "Ends on"),
    "开始日期": ("starts_on", "Starts on"),
    "立案日期": ("filed_on", "Filed on"),
    "缴费日期": ("paid_on", "Paid on"),
    "公示日期": ("published_on", "Published on"),
    "发布日期": ("published_on", "Published on"),
    "更新时间": ("updated_on", "Updated on"),
    "缴费金额": ("paid", "Amount paid"),
    "合同金额": ("contract_amount", "Contract amount"),
    "贷款金额": ("loan_amount", "Loan amount"),
    "贷款余额": ("loan_balance", "Loan balance"),
    "担保金额": ("guaranteed_amount", "Guaranteed amount"),
    "用电量": ("electricity_kwh", "Electricity used"),
    "用水量": ("water_m3", "Water used"),
    "用气量": ("gas_m3", "Gas used"),
    "人数": ("people", "Number of people"),
    "金额": ("amount", "Amount"),
    "数量": ("quantity", "Quantity"),
    "日期": ("date", "Date"),
    "时间": ("date", "Date"),
    "状态": ("status", "Status"),
    "等级": ("grade", "Grade"),
    "级别": ("rank", "Rank"),
    "类别": ("kind", "Kind"),
    "类型": ("kind", "Kind"),
    "项目名称": ("project", "Project"),
    "产品名称": ("product", "Product"),
    "年度": ("year", "Year"),
    "年份": ("year", "Year"),
    "备注": ("remark", "Remark"),
    "行政处罚": ("administrative_penalty", "Administrative penalty"),
    "行政许可": ("administrative_licence", "Administrative licence"),
    "欠税": ("tax_arrears", "Tax in arrears"),
    "纳税": ("tax_payment", "Tax payment"),
    "社保": ("social_insurance", "Social insurance"),
    "公积金": ("provident_fund", "Housing provident fund"),
    "检查": ("inspection", "Inspection"),
    "表彰": ("award", "Award"),
    "补贴": ("subsidy", "Subsidy"),
    "名单": ("list", "List"),
}
#: Words that YAML reads as something else than text.
YAML_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_ORDER = sorted(HEADINGS, key=len, reverse=True)


def words_for(heading: str) -> tuple[str, str] | None:
    """Identifier and English words of a Chinese heading, or None when it is not known.

    >>> words_for("行政处罚决定书文号（新）")
    ('decision_no', 'Penalty decision number')
    """
    return next((HEADINGS[known] for known in _ORDER if known in heading), None)


def slug(text: str) -> str:
    """A lawful identifier out of Latin letters in a heading; "" when there are none.

    >>> slug("Decision No. 2")
    'decision_no_2'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain).lower()
    return re.sub(r"^[^a-z]+", "", re.sub(r"[^a-z0-9]+", "_", spaced)).strip("_")[:60].rstrip("_")
