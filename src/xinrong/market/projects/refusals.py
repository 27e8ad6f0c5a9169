"""Why something about a key project cannot be done, in words for a page."""

from __future__ import annotations

from xinrong.domain.errors import Place
from xinrong.domain.text import Text
from xinrong.market.errors import MarketRefused
from xinrong.market.needs.refusals import refused


def unknown() -> MarketRefused:
    """There is none, or not for whoever asks: the same words."""
    return refused(
        "project_unknown",
        Text(zh="没有这个重点项目", en="There is no such key project"),
        Text(zh="请从项目列表中打开。", en="Open it from the list of projects."),
    )


def not_to_keep() -> MarketRefused:
    """Somebody who keeps no list."""
    return refused(
        "project_role",
        Text(
            zh="只有部门人员和平台运营方可以维护重点项目清单",
            en="Only departments and the operator keep a list of key projects",
        ),
        Text(zh="请以相应身份登录。", en="Sign in with such a role."),
    )


def not_listed() -> MarketRefused:
    """The project is on the list no longer, or not yet."""
    return refused(
        "project_not_listed",
        Text(zh="项目现在不在清单上", en="The project is not on the list today"),
        Text(zh="请与列入清单的部门联系。", en="Turn to the department whose list it was on."),
    )


def ended() -> MarketRefused:
    """It was taken off the list."""
    return refused(
        "project_ended",
        Text(zh="项目已经移出清单", en="The project was taken off the list"),
        Text(zh="需要时请重新列入。", en="List it anew if it comes back."),
    )


def twice() -> MarketRefused:
    """The same title of the same enterprise is on a list."""
    return refused(
        "project_twice",
        Text(
            zh="该企业的这个项目已在清单上", en="This project of this enterprise is listed already"
        ),
        Text(zh="请更正原项目，不要重复列入。", en="Correct it instead of listing it again."),
    )


def wrong(field: str, words: Text, remedy: Text) -> MarketRefused:
    """What cannot be listed: the field, what is wrong with it, and what to do."""
    told = Text(zh=f"{words.zh}。{remedy.zh}", en=f"{words.en}. {remedy.en}")
    place = Place(field=field)
    return MarketRefused(words.en, place=place, remedy=remedy.en, code="project_wrong").in_words(
        told
    )
