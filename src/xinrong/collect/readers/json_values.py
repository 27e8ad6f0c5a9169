"""JSON objects as they are met in a file, and their values as the intake's text.

Numbers keep the text of the file (or the same decimal number, where the parser hands out decimals),
true and false become TRUE and FALSE as in a workbook, null is an empty cell.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

NESTED = (dict, list)


class JsonObject(dict[str, Any]):
    """An object that remembers the values of keys that came again."""

    again: tuple[Any, ...] = ()

    def __setitem__(self, key: str, value: Any) -> None:
        if key in self:
            self.again = (*self.again, value)
        else:
            super().__setitem__(key, value)

    @classmethod
    def of_pairs(cls, pairs: list[tuple[str, Any]]) -> JsonObject:
        """The object of these pairs, as `json` hands them out."""
        made = cls(pairs)
        if len(made) != len(pairs):
            made = cls()
            for key, value in pairs:
                made[key] = value
        return made


def parse_line(text: str) -> Any:
    """One JSON value; numbers come as their text. Raises ValueError or RecursionError."""
    return _DECODER.decode(text)


def text_of(value: Any) -> str:
    """A value as the text of a cell; what is nested as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, NESTED):
        return json.dumps(value, ensure_ascii=False, default=str)
    return format(value, "f") if _is_small(value) else str(value)


def _is_small(value: Any) -> bool:
    """0.0000001, which Python would write as 1E-7."""
    return isinstance(value, Decimal) and value.is_finite() and -40 < value.adjusted() < 0


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=JsonObject.of_pairs,
    parse_float=str,
    parse_int=str,
    parse_constant=_no_number,
)
