"""The records of one JSON array, streamed through ijson; the array may lie under a path of keys."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import ijson  # type: ignore[import-untyped]

from xinrong.collect.readers.json_values import JsonObject
from xinrong.collect.readers.types import MEBIBYTE, Bounds, FileError
from xinrong.domain.errors import Place
from xinrong.domain.text import Text

_BLOCK = 1 << 16
#: What parsing raises: broken syntax, digits without end, an exponent without bound.
_BROKEN = (ijson.JSONError, ValueError, ArithmeticError)


class _TooLongError(Exception):
    """One record is longer than allowed."""


class _Utf8Stream:
    """A file's bytes in UTF-8, counted, and refused when one record takes too many of them."""

    def __init__(self, stream: BinaryIO, encoding: str, longest: int) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._as_it_is = encoding == "utf-8"
        self._longest = longest
        self.taken = 0
        self.record_from = 0

    def read(self, size: int) -> bytes:
        """The next bytes. Raises UnicodeDecodeError, or _TooLongError.

        The parser starts anew on a value that a block cuts: the longer it is, the longer the
        blocks, or a value of 100 MB would be begun a thousand times.
        """
        open_for = self.taken - self.record_from
        if open_for > self._longest:
            raise _TooLongError
        size = max(size, open_for)
        data = self._stream.read(size)
        self.taken += len(data)
        if self._as_it_is:
            return data
        while True:  # an empty answer would mean the end
            text = self._decoder.decode(data, final=not data)
            if text or not data:
                return text.encode()
            data = self._stream.read(size)
            self.taken += len(data)


def array_records(
    path: Path, keys: str, encoding: str, skip: int, bounds: Bounds
) -> Iterator[tuple[int, Any]]:
    """Number and value of each element of the array under `keys`.

    Raises FileError where there is no array, and where the file breaks off or is no JSON.
    """
    _check_array(path, keys, encoding, skip, bounds)
    prefix = f"{keys}.item" if keys else "item"
    number = 0
    with path.open("rb") as opened:
        opened.seek(skip)
        stream = _Utf8Stream(opened, encoding, bounds.record)
        try:
            for value in ijson.items(stream, prefix, map_type=JsonObject, buf_size=_BLOCK):
                number += 1
                stream.record_from = stream.taken
                yield number, value
        except _TooLongError as error:
            raise _too_long(number, bounds.record, path) from error
        except _BROKEN as error:
            raise _broken(number, stream.taken, path) from error


def _check_array(path: Path, keys: str, encoding: str, skip: int, bounds: Bounds) -> None:
    """Refuse a file in which no array stands where the layout says."""
    with path.open("rb") as opened:
        opened.seek(skip)
        stream = _Utf8Stream(opened, encoding, bounds.record)
        arrays: list[str] = []
        try:
            for prefix, event, _ in ijson.parse(stream, buf_size=_BLOCK):
                if prefix == keys and event != "map_key":
                    if event == "start_array":
                        return
                    if keys or event != "start_map":
                        break
                elif event == "start_array" and len(arrays) < 5 and "item" not in prefix:
                    arrays.append(prefix)
        except _TooLongError as error:
            raise _too_long(0, bounds.record, path) from error
        except _BROKEN as error:
            raise _broken(0, stream.taken, path) from error
    raise _no_array(keys, arrays, path)


def _no_array(keys: str, arrays: list[str], path: Path) -> FileError:
    at_zh = f"“{keys}”之下" if keys else "最外层"
    at_en = f"under `{keys}`" if keys else "at the top"
    listed = "、".join(arrays)
    zh = f"文件中有数组的位置：{listed}。" if listed else ""
    en = f"There are arrays under: {', '.join(arrays)}. " if listed else ""
    return FileError(
        "no_records",
        Text(zh=f"{at_zh}没有记录的数组。", en=f"There is no array of records {at_en}."),
        Text(
            zh=f"{zh}请在数据源配置的 layout 中用 records 写明数组的位置；每行一个对象时写 "
            "format: jsonl。",
            en=f"{en}Name the keys that lead to it as `records` in the feed's layout; with one "
            "object on each line write `format: jsonl`.",
        ),
        place=Place(file=path.name),
    )


def _broken(good: int, taken: int, path: Path) -> FileError:
    size = path.stat().st_size
    ends = taken >= size
    zh = f"JSON 在第 {good} 条记录之后（前 {taken} 字节之内）"
    en = f"The JSON is broken after record {good} (within its first {taken} bytes)"
    return FileError(
        "broken_json",
        Text(
            zh=zh + ("中断或有语法、编码错误。" if ends else "有语法或编码错误。"),
            en=en + (": it breaks off, or its syntax or encoding is wrong." if ends else "."),
        ),
        Text(
            zh="请核对传输是否完整，重新导出后报送。",
            en="Check that it arrived whole, or export it again and send it.",
        ),
        place=Place(file=path.name, row=good + 1),
    )


def _too_long(good: int, limit: int, path: Path) -> FileError:
    return FileError(
        "record_too_long",
        Text(
            zh=f"第 {good} 条记录之后的内容超过 {limit // MEBIBYTE} MB 仍不成一条记录。",
            en=f"After record {good} more than {limit // MEBIBYTE} MB follow that make no record.",
        ),
        Text(
            zh="请核对是否漏了引号或括号。", en="Look for a quote or bracket that is missing there."
        ),
        place=Place(file=path.name, row=good + 1),
    )
