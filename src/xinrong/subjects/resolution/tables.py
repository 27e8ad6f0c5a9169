"""Names as tables of features, made by several processes, for the batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from xinrong.domain.naming import parse_many
from xinrong.subjects.resolution import pieces
from xinrong.subjects.resolution.asking import asked_of_many
from xinrong.subjects.resolution.features import Features, features_of

COLUMNS = Features._fields
_TEXTS = [(column, pa.string()) for column in COLUMNS]
#: `number`: which of the names; `turn`: which of its askings; `reason`: of that asking.
SENT = pa.schema([("number", pa.int64()), ("turn", pa.int16()), ("reason", pa.string()), *_TEXTS])
REGISTERED = pa.schema([("number", pa.int64()), *_TEXTS])
#: A name, and the region of its sender or of the authority that gave its code.
type Placed = tuple[str, str]
type _Piece = pieces.Piece[Placed]


def sent(
    names: Iterable[Placed], workers: pieces.Hands | int | None = None
) -> Iterator[pa.RecordBatch]:
    """The features of everything that is asked about names as sent (`SENT`), in order."""
    return pieces.over(_sent, names, workers)


def registered(
    names: Iterable[Placed], workers: pieces.Hands | int | None = None
) -> Iterator[pa.RecordBatch]:
    """The features of names of the register (`REGISTERED`), in order."""
    return pieces.over(_registered, names, workers)


def _sent(piece: _Piece) -> pa.RecordBatch:
    start, names = piece
    asks = asked_of_many(name for name, _ in names)
    rows = [
        (place, turn, asked.reason, *features_of(asked.name, region=region))
        for place, ((_, region), every) in enumerate(zip(names, asks, strict=True), start)
        for turn, asked in enumerate(every)
        if asked.name.folded
    ]
    return _batch(rows, SENT)


def _registered(piece: _Piece) -> pa.RecordBatch:
    start, names = piece
    parsed = parse_many([name for name, _ in names])
    rows = [
        (number, *features_of(name, region=region))
        for number, (name, (_, region)) in enumerate(zip(parsed, names, strict=True), start)
    ]
    return _batch(rows, REGISTERED)


def _batch(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else [() for _ in schema]
    arrays = [pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
