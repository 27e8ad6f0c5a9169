"""Arrow columns of any type as the text that the intake reads, a column at a time.

Nothing is rounded on the way: decimals keep their places, whole floats lose their empty fraction,
other floats have the fewest digits that give the same float. A moment with a time zone becomes
China's day and time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds

from xinrong.domain.clock import CHINA

Rows = npt.NDArray[np.intp]
_TEXT = pa.string()
_NOTHING = pa.scalar(None, _TEXT)


@dataclass(frozen=True)
class TextColumn:
    """The text of a column (null where it is empty), and its rows that cannot be taken."""

    text: pa.Array
    broken: dict[str, Rows] = field(default_factory=dict)


def as_text(array: pa.Array, longest: int) -> TextColumn:
    """A column's text; rows that are nested, undecodable, too long or hold NUL are `broken`.

    A broken cell keeps what can be shown of it.
    """
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    kind = array.type
    if kinds.is_nested(kind):
        return _nested(array)
    if kinds.is_dictionary(kind):
        return _dictionary(array, longest)
    if _is_words(kind):
        return _words(array, longest)
    return TextColumn(_value_text(array))


def _is_words(kind: pa.DataType) -> bool:
    return any(
        test(kind)
        for test in (
            kinds.is_string,
            kinds.is_large_string,
            kinds.is_string_view,
            kinds.is_binary,
            kinds.is_large_binary,
            kinds.is_binary_view,
            kinds.is_fixed_size_binary,
        )
    )


def _nested(array: pa.Array) -> TextColumn:
    rows = np.flatnonzero(pc.is_valid(array).to_numpy(zero_copy_only=False))
    shown = [
        None if value is None else json.dumps(value, ensure_ascii=False, default=str)
        for value in array.to_pylist()
    ]
    return TextColumn(pa.array(shown, _TEXT), {"nested_value": rows} if len(rows) else {})


def _dictionary(array: pa.DictionaryArray, longest: int) -> TextColumn:
    """Each distinct value once. Values that are too long are cut before they are repeated."""
    distinct = as_text(array.dictionary, longest)
    text = distinct.text
    for problem, places in distinct.broken.items():
        if problem == "cell_too_long":
            cut = text.to_pylist()
            for place in places:
                cut[place] = (cut[place] or "")[:longest]
            text = pa.array(cut, _TEXT)
    indices = array.indices
    broken = {}
    for problem, places in distinct.broken.items():
        held = pc.is_in(indices, pa.array(places, indices.type))
        rows = np.flatnonzero(held.to_numpy(zero_copy_only=False))
        if len(rows):
            broken[problem] = rows
    return TextColumn(text.take(indices), broken)


def _words(array: pa.Array, longest: int) -> TextColumn:
    broken: dict[str, Rows] = {}
    text, undecodable = _decoded(array)
    if len(undecodable):
        broken["undecodable"] = undecodable
    if _any_nul(text):
        held = pc.fill_null(pc.match_substring(text, "\x00"), False)
        broken["nul"] = np.flatnonzero(held.to_numpy(zero_copy_only=False))
    sizes = pc.binary_length(text)
    if (pc.max(sizes).as_py() or 0) > longest:
        over = pc.fill_null(pc.greater(pc.utf8_length(text), longest), False)
        rows = np.flatnonzero(over.to_numpy(zero_copy_only=False))
        if len(rows):
            broken["cell_too_long"] = rows
    if pc.min(sizes).as_py() == 0:
        text = pc.if_else(pc.equal(sizes, 0), _NOTHING, text)
    return TextColumn(text, broken)


def _decoded(array: pa.Array) -> tuple[pa.Array, Rows]:
    """The strings, with what cannot be decoded shown by marks, and the rows that hold such."""
    none = np.empty(0, np.intp)
    try:
        text = pc.cast(array, _TEXT)
        text.validate(full=True)
    except pa.ArrowInvalid:
        raw = pc.cast(array, pa.large_binary()).to_pylist()
        good = [None if one is None else one.decode(errors="replace") for one in raw]
        rows = [
            row
            for row, (one, held) in enumerate(zip(raw, good, strict=True))
            if one is not None and held is not None and held.encode() != one
        ]
        return pa.array(good, _TEXT), np.array(rows, np.intp)
    return text, none


def _any_nul(text: pa.Array) -> bool:
    """Whether the bytes of the column hold a NUL, its neighbours' in the same buffer included."""
    data = text.buffers()[2]
    return data is not None and bytes(data).find(b"\x00") >= 0


def _value_text(array: pa.Array) -> pa.Array:
    kind = array.type
    if kinds.is_boolean(kind):
        return pc.if_else(array, "TRUE", "FALSE")
    if kinds.is_floating(kind):
        text = pc.cast(array, _TEXT)
        return pc.if_else(pc.fill_null(pc.is_nan(array), False), _NOTHING, text)
    if kinds.is_decimal(kind):
        return _plain(pc.cast(array, _TEXT))
    if kinds.is_date64(kind):
        return pc.cast(pc.cast(array, pa.date32()), _TEXT)
    if kinds.is_timestamp(kind):
        return _moments(array)
    if kinds.is_null(kind):
        return pa.nulls(len(array), _TEXT)
    if kinds.is_interval(kind):
        return pa.array([None if one is None else str(one) for one in array.to_pylist()], _TEXT)
    return pc.cast(array, _TEXT)


def _plain(text: pa.Array) -> pa.Array:
    """Small decimals come in scientific form (0E-8): the same with all their places."""
    scientific = pc.fill_null(pc.match_substring(text, "E"), False)
    if not pc.any(scientific).as_py():
        return text
    encoded = pc.if_else(scientific, text, _NOTHING).dictionary_encode()
    plain = [format(Decimal(one), "f") for one in encoded.dictionary.to_pylist()]
    return pc.if_else(scientific, pa.array(plain, _TEXT).take(encoded.indices), text)


def _moments(array: pa.Array) -> pa.Array:
    """A day alone where every moment is midnight, else day and time to the second."""
    if array.type.tz is not None:
        array = _in_china(array)
    days = pc.cast(pc.floor_temporal(array, unit="day"), pa.date32())
    if pc.all(pc.equal(pc.cast(days, array.type), array)).as_py() is not False:
        return pc.cast(days, _TEXT)
    seconds = pc.cast(pc.floor_temporal(array, unit="second"), pa.timestamp("s"))
    whole = pc.equal(pc.cast(days, array.type), array)
    return pc.if_else(whole, pc.cast(days, _TEXT), pc.cast(seconds, _TEXT))


def _in_china(array: pa.Array) -> pa.Array:
    """The wall clock in China at these moments, without a zone; each distinct hour asked once."""
    unit = array.type.unit
    moments = pc.cast(array, pa.timestamp(unit, "UTC"))
    naive = pc.cast(pc.cast(moments, pa.int64()), pa.timestamp(unit))
    hours = pc.floor_temporal(pc.cast(naive, pa.timestamp("s"), safe=False), unit="hour")
    encoded = hours.dictionary_encode()
    shifts = _shifts(pc.cast(encoded.dictionary, pa.int64()).to_pylist())
    shift = pa.array(shifts, pa.duration("s")).take(encoded.indices)
    return pc.add(naive, pc.cast(shift, pa.duration(unit)))


def _shifts(hours: Iterable[Any]) -> list[int]:
    from datetime import UTC, datetime, timedelta

    start = datetime(1970, 1, 1, tzinfo=UTC)
    found = []
    for hour in hours:
        try:
            shift = (start + timedelta(seconds=hour)).astimezone(CHINA).utcoffset()
        except OverflowError:  # a year that no calendar has: said when the date is read
            shift = None
        found.append(int(shift.total_seconds()) if shift is not None else 8 * 3600)
    return found
