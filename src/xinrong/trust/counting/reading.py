"""Conditions as people write them: `tax_payment.amount >= 10000`, or `honour` alone.

One meaning has one spelling: `1,000`, `1000.00` and `1e3` are the same condition, so that nobody
gets a second figure for the same question by writing it another way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from xinrong.catalogue.contract import Contract, FieldType, RecordField
from xinrong.domain.errors import Place
from xinrong.trust.counting.drafts import MOST_CONDITIONS, OPERATORS, Condition, Draft, Value
from xinrong.trust.errors import CountRefused

#: Types whose values have an order.
ORDERED = frozenset({FieldType.MONEY, FieldType.NUMBER, FieldType.INTEGER, FieldType.DATE})
NUMBERS = ORDERED - {FieldType.DATE}
#: Types that name one enterprise: counts are over many.
NAMING = frozenset({FieldType.ENTERPRISE, FieldType.USCC})
LONGEST_VALUE = 200
#: No number of a record has more digits before the point.
LARGEST = Decimal(10) ** 15
EQUAL = ("=", "<>")

_WRITTEN = re.compile(
    r"\s*(?P<category>[a-z][a-z0-9_]*)"
    r"(?:\s*\.\s*(?P<field>[a-z][a-z0-9_]*)\s*(?P<operator>[<>=!]{1,2})\s*(?P<value>.*?))?\s*",
    re.DOTALL,
)
_YES_NO = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}


def operators_of(field: RecordField) -> tuple[str, ...]:
    """The comparisons that mean something for a field: all where its values have an order."""
    return OPERATORS if field.type in ORDERED else EQUAL


def draft_of(texts: Collection[str], contracts: Mapping[str, Contract]) -> Draft:
    """A draft from its conditions as text. Raises CountRefused, naming the condition."""
    if len(texts) > MOST_CONDITIONS:
        raise CountRefused(
            f"a draft has at most {MOST_CONDITIONS} conditions, not {len(texts)}",
            remedy="Leave some out.",
            code="count_many",
        )
    return Draft(frozenset(read(one, contracts) for one in texts))


def read(text: str, contracts: Mapping[str, Contract]) -> Condition:
    """One condition from its text. Raises CountRefused."""
    found = _WRITTEN.fullmatch(text) if len(text) <= 2 * LONGEST_VALUE else None
    if found is None:
        raise _refused(
            "count_text",
            f"{text[:80]!r} is no condition",
            "Write a category, or category.field, a comparison and a value.",
        )
    named = found.groupdict(default="")
    return condition_of(
        contracts, named["category"], named["field"], named["operator"], named["value"]
    )


def condition_of(
    contracts: Mapping[str, Contract], category: str, field: str, operator: str, value: str
) -> Condition:
    """One condition from its parts, its value checked against the field's type.

    Without a field: that an enterprise has a record of the category. Raises CountRefused with
    the code count_category, count_field, count_operator or count_value.
    """
    contract = contracts.get(category)
    if contract is None:
        raise _refused(
            "count_category", f"there is no category {category[:64]!r}", "See the catalogue."
        )
    if not field:
        return Condition(category)
    known = next((one for one in contract.fields if one.name == field), None)
    if known is None or known.type in NAMING:
        raise _refused(
            "count_field",
            f"{category} has no field {field[:64]!r} that can be counted",
            "See the catalogue for the fields of the category.",
        )
    if operator not in operators_of(known):
        raise _refused(
            "count_operator",
            f"{known.title.en} ({category}.{field}) cannot be compared by {operator[:8]!r}",
            f"Use one of: {' '.join(operators_of(known))}.",
        )
    return Condition(category, field, operator, typed(known, value))


def typed(field: RecordField, text: str) -> Value:
    """What somebody wrote as a value of the field's type. Raises CountRefused (count_value).

    Money is in yuan. Commas between digits are allowed.
    """
    plain = text.strip()
    try:
        if field.type in NUMBERS:
            return _number(plain, whole=field.type == FieldType.INTEGER)
        if field.type == FieldType.DATE:
            return date.fromisoformat(plain)
        if field.type == FieldType.BOOLEAN:
            return _YES_NO[plain.lower()]
        return _coded(field, plain) if field.values else _text(plain)
    except (InvalidOperation, ValueError, KeyError):
        raise _refused(
            "count_value",
            f"{plain[:40]!r} is no value of {field.title.en} ({field.type})",
            _lawful(field),
            field.name,
        ) from None


def text_of(spelled: Sequence[str]) -> str:
    """A condition, spelled, as one writes it; `read` gives it back."""
    if len(spelled) == 1:
        return spelled[0]
    category, field, operator, value = spelled
    return f"{category}.{field} {operator} {value}"


def texts_of(spelled: Iterable[Sequence[str]]) -> list[str]:
    """All conditions of a draft, spelled, as one writes them."""
    return [text_of(one) for one in spelled]


def _text(plain: str) -> str:
    """A text that can be seen, of a lawful length."""
    if not plain or len(plain) > LONGEST_VALUE or not plain.isprintable():
        raise ValueError(plain)
    return plain


def _number(plain: str, *, whole: bool) -> Decimal:
    """A number of four places at most; one that would have to be rounded is none."""
    number = Decimal(plain.replace(",", "").replace("，", ""))
    if not number.is_finite() or abs(number) >= LARGEST:
        raise ValueError(plain)
    places = Decimal(1) if whole else Decimal("0.0001")
    if number != number.quantize(places):
        raise ValueError(plain)
    return number.quantize(places).normalize() + 0  # no negative zero


def _coded(field: RecordField, plain: str) -> str:
    """A code of a field that has a list of them; its words in either language name it too."""
    if plain in field.values:
        return plain
    [found] = [code for code, words in field.values.items() if plain in (words.zh, words.en)]
    return found


def _lawful(field: RecordField) -> str:
    if field.type in NUMBERS:
        return "Write a number such as 10000 or 12.5." + (" Money is in yuan." * _money(field))
    if field.type == FieldType.DATE:
        return "Write a day as 2026-11-22."
    if field.type == FieldType.BOOLEAN:
        return "Write true or false."
    if field.values:
        return f"Choose one of: {', '.join(field.values)}."
    return f"Write a text of at most {LONGEST_VALUE} signs."


def _money(field: RecordField) -> bool:
    return field.type == FieldType.MONEY


def _refused(code: str, wrong: str, remedy: str, place: str = "") -> CountRefused:
    return CountRefused(wrong, place=Place(field=place), remedy=remedy, code=code)
