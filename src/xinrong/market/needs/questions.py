"""The questions of a need, one by one, and what is read from what somebody typed.

A page, a sheet and a questionnaire ask the same questions in the same words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings

from xinrong.domain.financing import Need, NeedPurpose, NeedRefused, Security
from xinrong.domain.money import fen, read_money, yuan
from xinrong.domain.money import words as money_words
from xinrong.domain.text import Text
from xinrong.profiles.services import criteria

#: What was typed: the name of a field of the form -> its values.
Given = Mapping[str, Sequence[str]]
LONGEST_NAME, LONGEST_NOTE = 100, 500
#: Places of a percentage.
PLACES = Decimal("0.0001")
YES, NO, NOT_SAID = "yes", "no", ""
NOTHING_TO_OFFER = "none"
#: Somebody's need, to check one answer in.
_ANY = Need(Decimal(10_000), 12, NeedPurpose.WORKING_CAPITAL)


@dataclass(frozen=True)
class Question:
    """One question: `name` is its field, `needed` whether a need cannot be without an answer."""

    name: str
    title: Text
    hint: Text
    read: Callable[[Sequence[str]], dict[str, Any]]
    needed: bool = False
    founder_only: bool = False


def read_answer(name: str, given: Given) -> dict[str, Any]:
    """The fields of a need that an answer sets. Raises NeedRefused, KeyError for no question.

    Beside the codes of a need itself: need_purpose, need_offers, need_first_time, need_name,
    need_note.
    """
    return QUESTIONS[name].read([_plain(one) for one in given.get(name, ())])


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text[:4_000]).split())


def _one(given: Sequence[str]) -> str:
    return given[0] if given else ""


def _amount(given: Sequence[str]) -> dict[str, Any]:
    reading = read_money(_one(given))
    if reading.fen is None:
        missing = Text(zh="没有填写金额", en="There is no sum")
        wrong = money_words(reading.problem) if reading.problem else missing
        remedy = Text(zh="如 500000 或 50万。", en="Such as 500000 or 50万.")
        raise NeedRefused("need_amount", "amount", _bare(wrong), remedy)
    amount = yuan(reading.fen)
    replace(_ANY, amount=amount)
    return {"amount": fen(amount)}


def _bare(words: Text) -> Text:
    return Text(zh=words.zh.rstrip("。"), en=words.en.rstrip("."))


def _months(given: Sequence[str]) -> dict[str, Any]:
    text = _one(given).removesuffix("个月").removesuffix("months").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise NeedRefused(
            "need_months", "months",
            Text(zh=f"期限“{text[:20]}”不是月数", en=f"{text[:20]!r} is no number of months"),
            Text(zh="请按月填写整数，如 12。", en="Write a whole number of months, such as 12."),
        )  # fmt: skip
    replace(_ANY, months=int(text))
    return {"months": int(text)}


def _purpose(given: Sequence[str]) -> dict[str, Any]:
    if _one(given) not in {str(one) for one in NeedPurpose}:
        raise NeedRefused(
            "need_purpose", "purpose",
            Text(zh="没有选择资金用途", en="No purpose is chosen"),
            Text(zh="请选择最接近的一项。", en="Choose the one that comes closest."),
        )  # fmt: skip
    return {"purpose": _one(given)}


def _offers(given: Sequence[str]) -> dict[str, Any]:
    chosen = {one for one in given if one and one != NOTHING_TO_OFFER}
    if strange := chosen - {str(one) for one in Security}:
        raise NeedRefused(
            "need_offers", "offers",
            Text(zh=f"没有“{min(strange)[:20]}”这种担保方式",
                 en=f"There is no security {min(strange)[:20]!r}"),
            Text(zh="请从列出的方式中选择。", en="Choose among those listed."),
        )  # fmt: skip
    return {"offers": sorted(chosen)}


def _max_rate(given: Sequence[str]) -> dict[str, Any]:
    text = _one(given).removesuffix("%").strip()
    if not text:
        return {"max_rate": None}
    try:
        rate = Decimal(text)
        whole = not rate.is_finite() or rate == rate.quantize(PLACES)
    except InvalidOperation:
        rate, whole = Decimal("NaN"), False
    if rate.is_nan() or not whole:
        raise NeedRefused(
            "need_rate", "max_rate",
            Text(zh=f"“{text[:20]}”不是年利率", en=f"{text[:20]!r} is no yearly rate"),
            Text(zh="按百分数填写，如 4.5，最多四位小数；没有要求时不填。",
                 en="Write percent, such as 4.5, with four places at most, or leave it out."),
        )  # fmt: skip
    replace(_ANY, max_rate=rate)
    return {"max_rate": rate.quantize(PLACES)}


def _first_time(given: Sequence[str]) -> dict[str, Any]:
    said = {YES: True, NO: False, NOT_SAID: None}
    if _one(given) not in said:
        raise NeedRefused(
            "need_first_time", "first_time",
            Text(zh="没有这个选项", en="There is no such choice"),
            Text(zh="请选“是”“否”或“不清楚”。", en="Choose yes, no or that you do not know."),
        )  # fmt: skip
    return {"first_time": said[_one(given)]}


def _area(given: Sequence[str]) -> dict[str, Any]:
    area = _one(given)
    if area and area not in criteria.areas_of(settings.REGION):
        raise NeedRefused(
            "need_area", "area",
            Text(zh=f"“{area[:20]}”不是本地区的区县代码",
                 en=f"{area[:20]!r} is no code of a district of this region"),
            Text(zh="请从列出的区县中选择。", en="Choose one of the districts listed."),
        )  # fmt: skip
    return {"area": area}


def _planned_name(given: Sequence[str]) -> dict[str, Any]:
    name = _one(given)
    if not 2 <= len(name) <= LONGEST_NAME:
        raise NeedRefused(
            "need_name", "planned_name",
            Text(zh="没有拟用名称，或名称过长", en="There is no name, or it is too long"),
            Text(zh=f"请填写 2 至 {LONGEST_NAME} 个字；登记时可以改用别的名称。",
                 en=f"Write 2 to {LONGEST_NAME} characters; it may still change."),
        )  # fmt: skip
    return {"planned_name": name}


def _note(given: Sequence[str]) -> dict[str, Any]:
    note = _one(given)
    if len(note) > LONGEST_NOTE:
        raise NeedRefused(
            "need_note", "note",
            Text(zh=f"补充说明有 {len(note)} 字", en=f"The note has {len(note)} characters"),
            Text(zh=f"请不超过 {LONGEST_NOTE} 字。", en=f"Write at most {LONGEST_NOTE}."),
        )  # fmt: skip
    return {"note": note}


#: In the order in which they are asked: at most ten.
_ALL = (
    Question(
        "planned_name",
        Text(zh="企业准备叫什么名称？", en="What is the firm to be called?"),
        Text(zh="尚未登记的企业写拟用名称，登记后可以由本人转到企业名下。",
             en="The name that you mean to register; the need becomes the firm's once it is."),
        _planned_name, needed=True, founder_only=True,
    ),
    Question(
        "amount",
        Text(zh="需要多少钱？", en="How much do you need?"),
        Text(zh="按元填写，也可以写“50万”。不确定时按最需要的数额填写，以后可以再提。",
             en="In yuan; 50万 is understood, too. If in doubt give what you need most: you can "
             "state another need later."),
        _amount, needed=True,
    ),
    Question(
        "purpose",
        Text(zh="钱用来做什么？", en="What is the money for?"),
        Text(zh="选最接近的一项。有的产品只用于特定用途。",
             en="Choose what comes closest. Some products are for one purpose only."),
        _purpose, needed=True,
    ),
    Question(
        "months",
        Text(zh="要用多久？", en="For how long?"),
        Text(zh="按月填写，如 12。期限越长，能选的产品可能越少。",
             en="In months, such as 12. Fewer products may fit a longer term."),
        _months, needed=True,
    ),
    Question(
        "offers",
        Text(zh="可以提供什么担保？", en="What can you offer as security?"),
        Text(zh="有几样选几样；都没有也可以，许多产品凭信用发放。",
             en="Choose all that you have. None is fine: many loans are given on credit alone."),
        _offers,
    ),
    Question(
        "max_rate",
        Text(zh="年利率最高能接受多少？", en="What is the highest yearly rate for you?"),
        Text(zh="按百分数填写，如 4.5；没有要求时不填。",
             en="In percent, such as 4.5; leave it out if there is none."),
        _max_rate,
    ),
    Question(
        "first_time",
        Text(zh="是第一次向银行贷款吗？", en="Is it your first loan from a bank?"),
        Text(zh="首次贷款有专门的产品和优惠。", en="There are products for a first loan."),
        _first_time,
    ),
    Question(
        "area",
        Text(zh="钱用在哪个区县？", en="In which district is it used?"),
        Text(zh="一般是企业经营所在地。有的产品只面向部分区县。",
             en="Mostly where the enterprise works. Some products are for some districts only."),
        _area,
    ),
    Question(
        "note",
        Text(zh="还有什么要说明的？", en="Is there anything else to say?"),
        Text(zh="可以不填。写给您申请的金融机构看，请不要写身份证号、银行卡号。",
             en="You may leave it out. The lenders to which you apply read it; write no identity "
             "or account numbers."),
        _note,
    ),
)  # fmt: skip
QUESTIONS: Mapping[str, Question] = {one.name: one for one in _ALL}


def questions_for(*, registered: bool) -> tuple[Question, ...]:
    """The questions that are asked of an enterprise, or of a firm yet to be registered."""
    return tuple(one for one in _ALL if not (registered and one.founder_only))
