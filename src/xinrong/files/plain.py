"""What a file holds as plain JSON values."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date
from typing import Any

from xinrong.domain.text import Text


def to_json(value: Any) -> Any:
    """JSON-ready form of anything above: dates as ISO text, money as text, enums as values."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is Text:
        return {"zh": value.zh, "en": value.en}
    if kind in (tuple, list):
        return [to_json(item) for item in value]
    names = _names_of(kind)
    if names:
        return {
            name: to_json(held)
            for name in names
            if (held := getattr(value, name)) is not None or name not in _ABSENT[kind]
        }
    if kind is dict:
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [to_json(item) for item in value]
    return value.isoformat() if kind is date else str(value)


_PLAIN = frozenset({str, int, bool, type(None)})


_FIELDS: dict[type, tuple[str, ...]] = {}
#: Those of them that are left out where they are None.
_ABSENT: dict[type, frozenset[str]] = {}


def _names_of(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; none for any other type. Looked up once for each type."""
    if kind not in _FIELDS:
        fields = dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ()
        _ABSENT[kind] = frozenset(field.name for field in fields if field.metadata.get("absent"))
        _FIELDS[kind] = tuple(field.name for field in fields)
    return _FIELDS[kind]
