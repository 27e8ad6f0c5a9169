"""The first records of a file whose format names its fields: JSON, JSON lines, Parquet.

For drafting only, as `sniff` is: the intake has readers of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

import ijson  # type: ignore[import-untyped]
import pyarrow as pa
import pyarrow.parquet as pq

from xinrong.catalogue.feed import Format

NESTED = (dict, list)


@dataclass
class Named:
    """Records as they were found. `records` are the keys that lead to them in a JSON file."""

    format: Format
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    records: str = ""
    notes: list[str] = field(default_factory=list)


def read_parquet(path: Path, rows: int) -> Named:
    """The first rows of a Parquet file. Raises ValueError when it is none."""
    try:
        with pq.ParquetFile(path) as file:
            batch = next(file.iter_batches(rows), None)
            names = file.schema_arrow.names
    except (pa.ArrowException, OSError) as error:
        raise ValueError(str(error)) from error
    return _named("parquet", batch.to_pylist() if batch else [], names)


def read_json(path: Path, encoding: str, head: str, rows: int) -> Named:
    """The first records of JSON, in one array or one on each line. Raises ValueError."""
    if _is_lines(head):
        lines = [line for line in head.splitlines() if line.strip()][: rows + 1]
        return _named("jsonl", _objects(lines[:rows] if len(lines) > 1 else lines))
    try:
        with path.open(encoding=encoding.replace("utf-8", "utf-8-sig")) as file:
            keys = _array(file)
        with path.open(encoding=encoding.replace("utf-8", "utf-8-sig")) as file:
            prefix = f"{keys}.item" if keys else "item"
            found = list(islice(_items(file, prefix), rows))
    except ijson.JSONError as error:
        raise ValueError(str(error)) from error
    named = _named("json", [one for one in found if isinstance(one, dict)])
    named.records = keys
    return named


class _Encoded:
    """Text as the UTF-8 that the parser takes."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def read(self, size: int) -> bytes:
        data: str = self._file.read(size)
        return data.encode()


def _items(file: Any, prefix: str) -> Iterable[Any]:
    found: Iterable[Any] = ijson.items(_Encoded(file), prefix)
    return found


def _array(file: Any) -> str:
    """The keys that lead to the first array of objects. Raises ValueError when there is none."""
    array: str | None = None
    for prefix, event, _ in ijson.parse(_Encoded(file)):
        if event == "start_map" and array is not None and prefix == (f"{array}.item".lstrip(".")):
            return array
        array = prefix if event == "start_array" and "item" not in prefix.split(".") else None
    raise ValueError("no array of objects")


def _is_lines(head: str) -> bool:
    """Whether the first line is an object of its own, and no object that holds the records."""
    first, _, rest = head.lstrip().partition("\n")
    if not first.startswith("{"):
        return False
    try:
        whole = json.loads(first)
    except ValueError:
        return False
    return rest.lstrip().startswith("{") or not any(isinstance(v, NESTED) for v in whole.values())


def _objects(lines: list[str]) -> list[dict[str, Any]]:
    found = []
    for line in lines:
        try:
            value = json.loads(line, parse_float=str, parse_int=str)
        except ValueError:
            continue
        if isinstance(value, dict):
            found.append(value)
    return found


def _named(kind: Format, records: list[dict[str, Any]], names: Iterable[str] = ()) -> Named:
    columns = tuple(dict.fromkeys([*names, *(key for one in records for key in one)]))
    rows = tuple(tuple(_text(one.get(name)) for name in columns) for one in records)
    made = Named(kind, columns, tuple(row for row in rows if any(row)))
    nested = [name for name in columns if any(isinstance(one.get(name), NESTED) for one in records)]
    if nested:
        listed = ", ".join(nested)
        made.notes.append(
            f"嵌套的字段（{listed}）会使整条记录被退回，请部门拆成单独的字段。"
            f" Nested fields ({listed}) have their records refused: ask for single values."
        )
    return made


def _text(value: Any) -> str:
    if value is None or value != value:  # noqa: PLR0124 - not a number is not itself
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, NESTED):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return str(value).strip()
