"""The canonical JSON of what a file holds, written straight from its dataclasses.

Byte for byte what `domain.canonical.canonical_json(content.payload())` gives, in a tenth of its
time: a long file has thousands of fields, whose titles, units and origins come again and again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from json.encoder import encode_basestring as quoted
from operator import attrgetter
from typing import Any, Protocol, runtime_checkable

from xinrong.domain.text import Text

#: Titles are those of the catalogue: few, and the same objects in every file. Known by identity,
#: and kept, so that no other title can come to stand at the same address.
_TITLES: dict[int, tuple[Text, str]] = {}
#: Past so many the catalogue was loaded anew.
_MOST_TITLES = 20_000


def spell(value: Any) -> str:
    """The canonical JSON of a dataclass of `files.types`, or of anything inside one.

    A list that is written already leaves a place, which `in_bytes` fills.
    """
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
    absent = absent_in(kind)
    if absent:
        return _speller_without(kind, absent)
    return _speller_with(sorted(field.name for field in dataclasses.fields(kind)))


def _speller_without(kind: type, absent: tuple[str, ...]) -> Callable[[Any], str]:
    """The same, where some fields are left out that are None: mostly all of them are."""
    names = sorted(field.name for field in dataclasses.fields(kind))
    made: dict[frozenset[str], Callable[[Any], str]] = {}

    def speller(value: Any) -> str:
        there = frozenset(name for name in absent if getattr(value, name) is not None)
        known = made.get(there)
        if known is None:
            told = [name for name in names if name in there or name not in absent]
            known = made[there] = _speller_with(told)
        return known(value)

    return speller


def absent_in(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass that are left out where they are None."""
    fields = dataclasses.fields(kind)
    return tuple(field.name for field in fields if field.metadata.get("absent"))


def _speller_with(names: list[str]) -> Callable[[Any], str]:
    """The speller of these fields."""
    members = [f'"{name}":%s' for name in names]
    form = f"{{{','.join(members)}}}"
    if not names:
        return lambda _: form
    first, inside_of = names[0], attrgetter(*names)

    def speller(value: Any) -> str:
        inside = inside_of(value) if len(names) > 1 else (getattr(value, first),)
        return form % tuple([_SPELLERS.get(type(one), _spell_other)(one) for one in inside])

    return speller


@runtime_checkable
class Spelled(Protocol):
    """What is written down already."""

    def spelled(self) -> bytes:
        """Its canonical JSON."""
        ...


#: Where a list of records goes that is written down already; no JSON has this character in it.
_PLACE = "\0"


def in_bytes(text: str, content: Any) -> bytes:
    """The JSON of a content in UTF-8, with its written lists in their places.

    They are much longer than the rest, and in bytes already. Raises ValueError when the text has
    places for other lists than the fields of the content hold.
    """
    if _PLACE not in text:
        return text.encode()
    fields = sorted(field.name for field in dataclasses.fields(content))
    held = [getattr(content, name) for name in fields]
    lists = [one.spelled() for one in held if _is_written(one)]
    first, *rest = text.encode().split(_PLACE.encode())
    return first + b"".join([part for pair in zip(lists, rest, strict=True) for part in pair])


def _is_written(value: Any) -> bool:
    return isinstance(value, Sequence) and isinstance(value, Spelled)


def _spell_other(value: Any) -> str:
    """Of a type that is met for the first time: its speller is kept."""
    kind = type(value)
    if _is_written(value):
        _SPELLERS[kind] = lambda _: _PLACE
    elif dataclasses.is_dataclass(kind):
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
