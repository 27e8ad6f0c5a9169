"""What puts a project on the list, read from what somebody typed into a form or a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xinrong.domain.dates import read_date
from xinrong.domain.financing import NeedRefused
from xinrong.domain.text import Text
from xinrong.market.needs.questions import read_answer
from xinrong.market.projects.refusals import wrong

#: Years that a project may be on the list at once: a parameter of ours.
MOST_YEARS = 10
LONGEST = {"title": 100, "document": 200, "article": 100}
FIELDS = ("code", "title", "amount", "months", "document", "article", "listed_from", "listed_until")
TITLES: Mapping[str, Text] = {
    "code": Text(zh="统一社会信用代码", en="Unified social credit code of the owner"),
    "title": Text(zh="项目名称", en="Title"),
    "amount": Text(zh="资金需求（元）", en="Sum wanted (yuan)"),
    "months": Text(zh="期限（月）", en="Months"),
    "document": Text(zh="列入文件", en="Document that lists it"),
    "article": Text(zh="条款", en="Article"),
    "listed_from": Text(zh="列入日期", en="Listed from"),
    "listed_until": Text(zh="截止日期", en="Listed until"),
}


@dataclass(frozen=True)
class Listing:
    """A project as it is listed: `amount` in fen, the days both included."""

    title: str
    amount: int
    months: int
    document: str
    article: str
    listed_from: date
    listed_until: date


def read_listing(told: Mapping[str, str]) -> Listing:
    """A listing as typed. Raises MarketRefused (project_wrong) with the field.

    Sum and term are read as those of a need are, and lie within the same bounds.
    """
    since, until = _day(told, "listed_from"), _day(told, "listed_until")
    if until < since:
        raise wrong(
            "listed_until",
            Text(zh=f"截止日期 {until} 早于列入日期 {since}",
                 en=f"It is listed until {until}, before it is listed from {since}"),
            Text(zh="请改正其中一个日期。", en="Mend one of the two days."),
        )  # fmt: skip
    if until.year - since.year > MOST_YEARS:
        raise wrong(
            "listed_until",
            Text(zh=f"列入超过 {MOST_YEARS} 年", en=f"It is listed for over {MOST_YEARS} years"),
            Text(zh="请核对年份。", en="Check the year."),
        )  # fmt: skip
    return Listing(
        title=_words(told, "title"),
        amount=_number(told, "amount"),
        months=_number(told, "months"),
        document=_words(told, "document"),
        article=_words(told, "article", needed=False),
        listed_from=since,
        listed_until=until,
    )


def in_line(text: str) -> str:
    """What was typed, in one line and without signs that nobody sees, which no database takes."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _words(told: Mapping[str, str], name: str, *, needed: bool = True) -> str:
    text = in_line(told.get(name, ""))
    title, most = TITLES[name], LONGEST[name]
    if needed and not text:
        raise wrong(
            name,
            Text(zh=f"没有填写{title.zh}", en=f"There is nothing under “{title.en}”"),
            Text(zh="请填写。", en="Fill it in."),
        )
    if len(text) > most:
        raise wrong(
            name,
            Text(zh=f"{title.zh}超过 {most} 字", en=f"“{title.en}” has more than {most} letters"),
            Text(zh="请缩短。", en="Shorten it."),
        )
    return text


def _number(told: Mapping[str, str], name: str) -> int:
    try:
        return int(read_answer(name, {name: [told.get(name, "")]})[name])
    except NeedRefused as error:
        raise wrong(name, _bare(error.words), Text(zh="", en="")) from error


def _bare(words: Text) -> Text:
    """Words that end in a full stop already; `wrong` puts one."""
    return Text(zh=words.zh.rstrip("。"), en=words.en.rstrip("."))


def _day(told: Mapping[str, str], name: str) -> date:
    text = told.get(name, "").strip()
    found = read_date(text).value
    if found is None:
        title = TITLES[name]
        raise wrong(
            name,
            Text(zh=f"{title.zh}“{text[:20]}”不是日期", en=f"{text[:20]!r} is no day: {title.en}"),
            Text(zh="请写作 2026-01-31。", en="Write it as 2026-01-31."),
        )
    return found
