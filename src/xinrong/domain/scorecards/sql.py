"""A card as one SQL expression, for a batch and for whoever wants to reckon it elsewhere.

Plain CASE and comparisons in DuckDB's dialect, which sqlglot carries to others. Names and texts
are quoted here; numbers are written from the card's own, never from anybody's text.
"""

from __future__ import annotations

from decimal import Decimal

from xinrong.domain.scorecards.card import Card, Characteristic, Kind
from xinrong.domain.scorecards.scoring import NOT_KNOWN


def score_sql(card: Card, *, reason: str = "{column}__reason") -> str:
    """The sum of points over one row of the profile.

    `reason` names the column that says why a value is missing; {column} stands for the value's.
    """
    return "\n  + ".join([str(card.base), *parts_sql(card, reason=reason)])


def parts_sql(card: Card, *, reason: str = "{column}__reason") -> list[str]:
    """The points of each characteristic, in the order of the card: what `score_sql` sums up."""
    return [_case(one, reason.replace("{column}", one.column)) for one in card.characteristics]


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _number(one: Characteristic, value: Decimal) -> str:
    written = format(value, "f")
    return f"CAST('{float(value)!r}' AS DOUBLE)" if one.kind is Kind.RATIO else written


def _case(one: Characteristic, reason: str) -> str:
    column = _name(one.column)
    lines = [f"WHEN {column} IS NULL THEN {_missing(one, _name(reason))}"]
    if one.kind is Kind.FLAG:
        lines += [
            f"WHEN {column} THEN {one.values['true']}",
            f"WHEN NOT {column} THEN {one.values['false']}",
        ]
    elif one.kind is Kind.CODE:
        lines += [f"WHEN {column} = {_text(key)} THEN {one.values[key]}" for key in one.values]
    else:
        lines += _bands(one, column)
    return f"CASE {' '.join(lines)} ELSE {_last(one)} END"


def _bands(one: Characteristic, column: str) -> list[str]:
    lines = [f"WHEN isnan({column}) THEN {one.unseen}"] if one.kind is Kind.RATIO else []
    lines += [f"WHEN {column} = {_number(one, key)} THEN {one.special[key]}" for key in one.special]
    return lines + [
        f"WHEN {column} < {_number(one, cut)} THEN {points}"
        for cut, points in zip(one.cuts, one.points, strict=False)
    ]


def _missing(one: Characteristic, reason: str) -> str:
    if not one.missing:
        return str(one.otherwise)
    told = f"COALESCE(NULLIF({reason}, ''), {_text(NOT_KNOWN)})"
    lines = [f"WHEN {told} = {_text(key)} THEN {points}" for key, points in one.missing.items()]
    return f"CASE {' '.join(lines)} ELSE {one.otherwise} END"


def _last(one: Characteristic) -> int:
    return one.points[-1] if one.kind in (Kind.NUMBER, Kind.RATIO) else one.unseen
