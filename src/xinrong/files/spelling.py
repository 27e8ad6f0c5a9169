"""The canonical JSON of what a file holds, written straight from its dataclasses.

Byte for byte what `domain.canonical.canonical_json(content.payload())` gives, in a tenth of its
time: a long file has thousands of fields, whose titles, units and origins come again and again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from json.encoder import encode_basestring as quoted
from typing import Any

from xinrong.domain.text import Text

#: Titles are those of the catalogue: few, and the same objects in every file. Known by identity,
#: and kept, so that no other title can come to stand at the same address.
_TITLES: dict[int, tuple[Text, str]] = {}
#: Past so many the catalogue was loaded anew.
_MOST_TITLES = 20_000


def spell(value: Any) -> str:
    """The canonical JSON of a dataclass of `files.types`, or of anything inside one."""
    return _SPELLERS.get(type(value), _spell_other)(value)


def _title(value: Text) -> str:
    known = _TITLES.get(id(value))
    if known is None:
        if len(_TITLES) >= _MOST_TITLES:
            _TITLES.clear()
        known = value, f'{{"en":{quoted(value.en)},"zh":{quoted(value.zh)}}}'
        _TITLES[id(value)] = known
    return known[1]


def _sequence(items: list[Any] | tuple[Any, ...]) -> str:
    return f"[{','.join([spell(item) for item in items])}]"


def _mapping(items: dict[str, Any]) -> str:
    members = [f"{quoted(key)}:{spell(items[key])}" for key in sorted(items)]
    return f"{{{','.join(members)}}}"


def _speller_of(kind: type) -> Callable[[Any], str]:
    """The speller of a dataclass: its fields in the order of their names."""
    names = sorted(field.name for field in dataclasses.fields(kind))
    parts = [(f'{"," if place else "{"}"{name}":', name) for place, name in enumerate(names)]

    def speller(value: Any) -> str:
        spelled = []
        for prefix, name in parts:
            inside = getattr(value, name)
            spelled.append(prefix)
            spelled.append(_SPELLERS.get(type(inside), _spell_other)(inside))
        spelled.append("}")
        return "".join(spelled)

    return speller


def _spell_other(value: Any) -> str:
    """Of a type that is met for the first time: its speller is kept."""
    kind = type(value)
    if dataclasses.is_dataclass(kind):
        _SPELLERS[kind] = _speller_of(kind)
    elif issubclass(kind, Enum):
        _SPELLERS[kind] = lambda one: quoted(str(one))
    else:
        raise TypeError(f"a file does not hold {kind.__name__}")
    return _SPELLERS[kind](value)


_SPELLERS: dict[type, Callable[[Any], str]] = {
    str: quoted,
    bool: lambda value: "true" if value else "false",
    int: str,
    type(None): lambda _: "null",
    date: lambda value: f'"{value.isoformat()}"',
    Decimal: lambda value: f'"{value}"',
    Text: _title,
    tuple: _sequence,
    list: _sequence,
    dict: _mapping,
}
