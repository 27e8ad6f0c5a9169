"""Whether cards that came as a document can be used here: the same that `lint` asks of files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xinrong.domain.criteria import Column, CriterionRefused, MissingReason, Severity, Type, lint
from xinrong.domain.scorecards import Card, Characteristic
from xinrong.domain.text import Text
from xinrong.profiles.services import criteria
from xinrong.rating.cards import CardBook, segment
from xinrong.rating.checking import kind_of


def problems_of(book: CardBook) -> list[Text]:
    """What keeps the cards from being used in their region, card by card."""
    columns = criteria.profile_schema(book.region)
    names = [one.name for one in book.cards]
    found = [
        Text(zh=f"评分卡“{name}”出现两次。", en=f"The card {name!r} stands twice.")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if not names:
        found.append(Text(zh="没有评分卡。", en="There is no card."))
    for place, card in enumerate(book.cards):
        last = place == len(book.cards) - 1
        found += [
            Text(zh=f"{card.name}：{text.zh}", en=f"{card.name}: {text.en}")
            for text in (*_card(book, card, last=last), *_columns(card, columns))
        ]
    return found


def _card(book: CardBook, card: Card, *, last: bool) -> Iterator[Text]:
    if card.scale != book.scale.name:
        yield Text(zh=f"等级表“{card.scale}”不在其中。", en=f"There is no scale {card.scale!r}.")
    if not (card.basis.zh.strip() and card.basis.en.strip()):
        yield Text(zh="没有写明依据。", en="It does not say on what it rests.")
    if last is bool(card.segment):
        yield Text(
            zh="最后一张卡适用于其余全部企业，其他卡须写明适用对象。",
            en="The last card is for everybody who is left, every other one for some.",
        )
    elif card.segment:
        try:
            found = lint(segment(book.region, card.segment)[0])
        except CriterionRefused as error:
            yield Text(zh=error.in_language("zh"), en=error.in_language("en"))
            return
        yield from (one.text for one in found if one.severity == Severity.ERROR)


def _columns(card: Card, columns: Mapping[str, Column]) -> Iterator[Text]:
    for one in card.characteristics:
        column = columns.get(one.column)
        if column is None:
            yield Text(
                zh=f"没有名为“{one.column}”的指标。", en=f"There is no indicator {one.column!r}."
            )
        elif column.share == "never" or kind_of(column) is not one.kind:
            yield Text(
                zh=f"“{one.column}”不能这样计分。",
                en=f"{one.column!r} cannot give points like this: it is a date, a value of another"
                " kind, or shared with nobody.",
            )
        else:
            yield from _words(one, column)


def _words(one: Characteristic, column: Column) -> Iterator[Text]:
    """Only values that the contract knows, and reasons that there are."""
    lawful = ("true", "false") if column.type == Type.BOOLEAN else tuple(column.values)
    for given, names in ((one.values, lawful), (one.missing, tuple(MissingReason))):
        for name in given:
            if names and name not in names:
                yield Text(
                    zh=f"“{one.column}”不会有“{name}”。",
                    en=f"{name!r} never occurs in {one.column!r}.",
                )
