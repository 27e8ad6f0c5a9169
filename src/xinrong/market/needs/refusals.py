"""Why something about a need cannot be done, in words for a page."""

from __future__ import annotations

from xinrong.domain.text import Text
from xinrong.market.errors import MarketRefused


def refused(code: str, wrong: Text, remedy: Text) -> MarketRefused:
    """A refusal in both languages."""
    words = Text(zh=f"{wrong.zh}。{remedy.zh}", en=f"{wrong.en}. {remedy.en}")
    return MarketRefused(wrong.en, remedy=remedy.en, code=code).in_words(words)


def unknown() -> MarketRefused:
    """There is none, or not for whoever asks: the same words."""
    return refused(
        "need_unknown",
        Text(zh="没有这个融资需求", en="There is no such need"),
        Text(zh="请从“我的需求”中打开。", en="Open it from the list of your needs."),
    )


def not_for_role() -> MarketRefused:
    """Somebody who states no needs."""
    return refused(
        "need_role",
        Text(
            zh="只有本企业经核验的代表，或尚未代表任何单位的筹办人，可以提出融资需求",
            en="Only a proven representative of an enterprise states its needs, or a founder who "
            "acts for nobody yet",
        ),
        Text(zh="请先证明您代表该企业。", en="Prove first that you represent the enterprise."),
    )


def not_to_enter() -> MarketRefused:
    """Somebody who goes on no visits."""
    return refused(
        "need_role",
        Text(
            zh="只有部门工作人员、平台操作员和服务顾问可以代企业填写需求",
            en="Only officers of departments, operators and advisers write needs down for others",
        ),
        Text(zh="企业自己的需求请由其代表提出。", en="An enterprise states its own needs."),
    )


def entered_already() -> MarketRefused:
    """The same need of the same enterprise was written down lately."""
    return refused(
        "need_entered",
        Text(zh="近三十日内已为该企业填写过同样的需求", en="The same need was written down lately"),
        Text(zh="等待企业确认即可。", en="It waits for the enterprise's word."),
    )


def questionnaire_unknown() -> MarketRefused:
    """There is none, or not for whoever asks: the same words."""
    return refused(
        "questionnaire_unknown",
        Text(zh="没有这份问卷", en="There is no such questionnaire"),
        Text(zh="请从列表中打开。", en="Open it from the list."),
    )


def questionnaire_closed() -> MarketRefused:
    """Its last day is over."""
    return refused(
        "questionnaire_closed",
        Text(zh="问卷已经结束", en="The questionnaire is over"),
        Text(zh="可以随时自行提出需求。", en="State a need of your own whenever you like."),
    )


def not_of_district(district: Text) -> MarketRefused:
    """It is put to the enterprises of another district."""
    return refused(
        "questionnaire_district",
        Text(zh=f"这份问卷面向{district.zh}的企业", en=f"It is for enterprises of {district.en}"),
        Text(zh="可以随时自行提出需求。", en="State a need of your own whenever you like."),
    )


def answered_already() -> MarketRefused:
    """An enterprise answers a questionnaire once."""
    return refused(
        "questionnaire_answered",
        Text(zh="本企业已经回答过这份问卷", en="Your enterprise answered it already"),
        Text(zh="需求在“我的需求”中。", en="Its need is among your needs."),
    )


def questionnaire_wrong(why: Text) -> MarketRefused:
    """It cannot be published like that."""
    return refused(
        "questionnaire_wrong", why, Text(zh="请改正后再发布。", en="Mend it, then publish it.")
    )


def not_its_lender() -> MarketRefused:
    """Names of enterprises are for whoever lends for the product's lender."""
    return refused(
        "fits_role",
        Text(
            zh="只有该产品所属机构的信贷人员可以查看",
            en="Only the product's own loan officers see this",
        ),
        Text(zh="其他人可以看汇总数字。", en="Others see the figure."),
    )


def wrong_state(state: str) -> MarketRefused:
    """The need is past that."""
    words = {
        "draft": Text(zh="这个需求还没有提出", en="The need is not stated yet"),
        "stated": Text(zh="这个需求已经提出", en="The need is stated already"),
        "answered": Text(zh="这个需求已有结果", en="The need is settled already"),
        "withdrawn": Text(zh="这个需求已经撤回", en="The need was withdrawn"),
    }
    return refused(
        "need_state",
        words[state],
        Text(zh="需要时请另提一个需求。", en="State another need if you have one."),
    )


def stale() -> MarketRefused:
    """Somebody changed it since it was shown."""
    return refused(
        "need_stale",
        Text(
            zh="在您预览之后，这个需求被改动过（可能在另一个窗口或由同事改动）",
            en="The need was changed since you looked at it, in another window or by a colleague",
        ),
        Text(zh="请核对现在的内容再提出。", en="Check what it says now, then state it."),
    )


def incomplete(question: Text) -> MarketRefused:
    """A question without which there is no need has no answer yet."""
    return refused(
        "need_incomplete",
        Text(zh=f"还没有回答：{question.zh}", en=f"There is no answer yet to: {question.en}"),
        Text(zh="请先回答这个问题。", en="Answer it first."),
    )


def advice_open() -> MarketRefused:
    """It was asked already, and nobody has answered yet."""
    return refused(
        "advice_open",
        Text(zh="这个需求已经咨询，尚未答复", en="Advice on this need was asked already"),
        Text(zh="请在原件中查看。", en="See the case in which it is answered."),
    )


def too_many(most: int) -> MarketRefused:
    """More unfinished drafts than anybody needs."""
    return refused(
        "needs_many",
        Text(zh=f"未完成的需求已有 {most} 个", en=f"There are {most} unfinished needs already"),
        Text(zh="请先提出或撤回其中一些。", en="State or withdraw some of them first."),
    )
