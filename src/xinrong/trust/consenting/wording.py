"""What a consent says in plain words, in both languages: shown, agreed to, hashed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from xinrong.catalogue.contract import Contract
from xinrong.domain.clock import day_in_china
from xinrong.domain.text import Text
from xinrong.trust.consenting.fair_use import region_now

PURPOSES = {
    "credit": Text(zh="贷款", en="lending"),
    "guarantee": Text(zh="担保", en="a guarantee"),
    "advice": Text(zh="融资顾问服务", en="advice on financing"),
}
STAGES = {
    "pre_loan": Text(zh="贷前", en="before the loan"),
    "approval": Text(zh="贷中审批", en="approval"),
    "post_loan": Text(zh="贷后", en="after the loan"),
}


@dataclass(frozen=True)
class Terms:
    """Everything that the words depend on."""

    grantor: str  # name and code
    grantee: str
    purpose: str
    stages: tuple[str, ...]
    levels: Mapping[str, int]
    data_from: date
    data_to: date | None
    one_time: bool
    valid_until: datetime
    keep_days: int
    loan_reference: str


def seen_fields(contract: Contract, level: int) -> list[Text]:
    """The fields of a category that are shown in the clear at a level, the deepest first."""
    shown = [field for field in contract.fields if field.level <= level]
    return [field.title for field in sorted(shown, key=lambda field: -field.level)]


def named_elsewhere(levels: Mapping[str, int], *, one_time: bool) -> bool:
    """Whether a consent lets the grantee read the enterprise's name in records about others.

    So it does where a category names counterparties in a field that the consent reaches, unless
    it opens once (`trust.parties`); of what the register knows the name is open anyway.
    """
    contracts = region_now().contracts
    return not one_time and any(
        field.slot == "counterparty" and field.level <= level
        for category, level in levels.items()
        if category in contracts
        for field in contracts[category].fields
    )


def words_of(terms: Terms) -> dict[str, str]:
    """Language -> the whole text."""
    return {"zh": _chinese(terms), "en": _english(terms)}


def hashes_of(texts: Mapping[str, str]) -> dict[str, str]:
    """Language -> SHA-256 of the text in UTF-8."""
    return {language: sha256(text.encode()).hexdigest() for language, text in texts.items()}


def _titles(terms: Terms, language: str) -> str:
    contracts = region_now().contracts
    parts = []
    for category, level in sorted(terms.levels.items()):
        title = (
            contracts[category].title if category in contracts else Text(zh=category, en=category)
        )
        said = title.in_language(language)
        parts.append(f"{said}（{level} 级）" if language == "zh" else f"{said} (level {level})")
    return "、".join(parts) if language == "zh" else ", ".join(parts)


def _chinese(terms: Terms) -> str:
    stages = "、".join(STAGES[stage].zh for stage in terms.stages)
    until = day_in_china(terms.valid_until)
    loan = (
        f"本授权用于贷款 {terms.loan_reference} 的贷后管理：贷款结清前不能撤回，"
        "贷款机构确认结清或授权期满后即停止。"
        if terms.loan_reference
        else "可随时撤回；撤回后立即停止查询，已提供的信息须停止使用。"
    )
    elsewhere = (
        "其他企业的同类记录以其为交易对方的，也显示其名称。"
        if named_elsewhere(terms.levels, one_time=terms.one_time)
        else ""
    )
    return (
        f"{terms.grantor}同意{terms.grantee}为{PURPOSES[terms.purpose].zh}"
        f"{f'（{stages}）' if stages else ''}{'查询一次' if terms.one_time else '查询'}："
        f"{_titles(terms, 'zh')}。数据期间自 {terms.data_from} "
        f"至{f' {terms.data_to}' if terms.data_to else '查询当日'}。有效期至 {until}，"
        f"查询所得最长保存 {terms.keep_days} 日。{elsewhere}{loan}"
    )


def _english(terms: Terms) -> str:
    stages = ", ".join(STAGES[stage].en for stage in terms.stages)
    until = day_in_china(terms.valid_until)
    loan = (
        f"It serves the loan {terms.loan_reference} after it was paid out: it cannot be taken "
        "back before the loan is repaid; it ends when the lender says so, or on its last day."
        if terms.loan_reference
        else "It can be taken back at any time: queries stop at once, and what was delivered may "
        "no longer be used."
    )
    elsewhere = (
        "Where records of these kinds about other enterprises name it as their counterparty, its "
        "name is shown there, too. "
        if named_elsewhere(terms.levels, one_time=terms.one_time)
        else ""
    )
    return (
        f"{terms.grantor} lets {terms.grantee} query for {PURPOSES[terms.purpose].en}"
        f"{f' ({stages})' if stages else ''}{' once' if terms.one_time else ''}: "
        f"{_titles(terms, 'en')}. Data from {terms.data_from} "
        f"to {terms.data_to or 'the day of the query'}. Valid until {until}; what was queried is "
        f"kept for {terms.keep_days} days at most. {elsewhere}{loan}"
    )
