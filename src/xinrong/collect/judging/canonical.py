"""From typed columns to the canonical rows that the store takes.

The key of a record is a digest of canonical texts: those of its key fields, and for `subject` the
subject's permanent key text. Its content digest covers every content column in the order of
`store.schema.CONTENT`, with the counterparty as its key text. Canonical texts: dates as ISO,
money as whole fen in `amount` and as yuan elsewhere, numbers with four places.

`display` is a JSON object of the fields without a slot, in the order of the contract, empty ones
left out: text and dates as strings, money as a string of yuan with two places, numbers as a
string without needless zeros, whole numbers and yes-or-no as themselves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.contract import Contract, FieldType, PolarityRule, RecordField
from xinrong.collect.judging.hashing import digests_of
from xinrong.domain.digests import NULL_MARK, SEPARATOR, digest
from xinrong.store.schema import CANONICAL, CONTENT, DECIMAL

#: Characters that JSON escapes.
_ESCAPED = r'[\x00-\x1f"\\]'
_HUNDREDTH = pa.scalar(Decimal("0.01"), pa.decimal128(3, 2))
_WHOLE = pa.decimal128(19, 0)  # any whole number of 64 bits


@dataclass(frozen=True)
class Sound:
    """Rows of a chunk without a problem: typed values by field, owners' and parties' key texts."""

    row_no: pa.Array
    owner: pa.Array
    values: Mapping[str, pa.Array]
    parties: pa.Array  # key text of the counterparty, or null

    def __len__(self) -> int:
        return len(self.row_no)


def canonical(
    contract: Contract, rows: Sound, subject: pa.Array, counterparty: pa.Array
) -> pa.Table:
    """Rows of schema CANONICAL; `subject` and `counterparty` are numbers of subjects."""
    return numbered(told(contract, rows), subject, counterparty)


def told(contract: Contract, rows: Sound) -> dict[str, pa.Array]:
    """The columns of CANONICAL but the numbers of subjects, which only the database knows."""
    content = _content(contract, rows)
    return {
        "category": pa.repeat(pa.scalar(contract.category, pa.string()), len(rows)),
        "key": keys(contract, rows),
        "digest": digests(content, rows.parties),
        **content,
        "row_no": pc.cast(rows.row_no, pa.int32()),
    }


def numbered(
    columns: Mapping[str, pa.Array], subject: pa.Array, counterparty: pa.Array
) -> pa.Table:
    """What `told` gave as rows of schema CANONICAL."""
    whole = {**columns, "subject": subject, "counterparty": counterparty}
    return pa.table([whole[field.name] for field in CANONICAL], schema=CANONICAL)


def _content(contract: Contract, rows: Sound) -> dict[str, pa.Array]:
    content = {field.name: pa.nulls(len(rows), field.type) for field in CONTENT}
    for field in contract.fields:
        if field.slot and field.slot != "counterparty" and field.name in rows.values:
            content[field.slot] = in_slot(rows.values[field.name], field)
    content["polarity"] = polarity(contract.polarity, rows)
    content["display"] = display(contract.fields, rows)
    return content


def in_slot(values: pa.Array, field: RecordField) -> pa.Array:
    """A field's values as its slot holds them: decimal slots take money in yuan."""
    kind = CONTENT.field(field.slot).type
    if field.type is FieldType.MONEY and kind == DECIMAL:
        return yuan_of(values)
    if field.type is FieldType.INTEGER and kind == DECIMAL:
        return pc.cast(pc.cast(values, _WHOLE), DECIMAL)
    return values if values.type == kind else pc.cast(values, kind)


def yuan_of(fen: pa.Array) -> pa.Array:
    """Whole fen as decimal yuan."""
    exact = pc.multiply(pc.cast(fen, _WHOLE), _HUNDREDTH)
    return pc.cast(exact, DECIMAL)


def polarity(rule: PolarityRule, rows: Sound) -> pa.Array:
    """+1, 0 or -1 per row by the contract's rule; a value in neither list is neutral."""
    if not rule.by:
        sign = {"positive": 1, "neutral": 0, "negative": -1}[rule.sign]
        return pa.array(np.full(len(rows), sign, np.int8))
    if rule.by not in rows.values:
        return pa.array(np.zeros(len(rows), np.int8))
    words = pc.cast(rows.values[rule.by], pa.string())
    good = pc.is_in(words, pa.array(rule.positive, pa.string()))
    bad = pc.is_in(words, pa.array(rule.negative, pa.string()))
    return pc.subtract(pc.cast(good, pa.int8()), pc.cast(bad, pa.int8()))


def text_of(values: pa.Array) -> pa.Array:
    """Canonical texts of typed values, for digests."""
    return values if values.type == pa.string() else pc.cast(values, pa.string())


def keys(contract: Contract, rows: Sound) -> pa.Array:
    """`domain.digests.key_of` of every row."""
    parts: list[pa.Array | None] = []
    for name in contract.key:
        if name == "subject":
            parts.append(rows.owner)
            continue
        field = contract.field(name)
        parts.append(rows.parties if field.type is FieldType.ENTERPRISE else rows.values.get(name))
    return _digested([contract.category, *map(_part, parts)], len(rows))


def digests(content: Mapping[str, pa.Array], parties: pa.Array) -> pa.Array:
    """`domain.digests.content_of` of every row's content columns."""
    values = {**content, "counterparty": parties}
    return _digested([_part(values[name]) for name in CONTENT.names], len(parties))


def _part(values: pa.Array | None) -> pa.Array | str:
    """A part as `domain.digests` writes it: its two marks become spaces, null becomes a mark.

    Text when it is the same in all rows.
    """
    if values is None or values.null_count == len(values):
        return NULL_MARK
    if values.type == pa.int8():  # the polarity, most often the same throughout a feed
        least, most = pc.min_max(values).values()
        if least == most and not values.null_count:
            return str(least.as_py())
    text = text_of(values)
    if values.type == pa.string() and _holds_marks(values):
        for mark in (SEPARATOR, NULL_MARK):
            text = pc.replace_substring(text, mark, " ")
    return pc.fill_null(text, NULL_MARK)


def _holds_marks(text: pa.Array) -> bool:
    """May a text hold a mark? Looks at the bytes of the whole column, where a row is no matter."""
    data = text.buffers()[2]
    raw = b"" if data is None else data.to_pybytes()
    return SEPARATOR.encode() in raw or NULL_MARK.encode() in raw


def _digested(parts: Sequence[pa.Array | str], rows: int) -> pa.Array:
    """Digests of the parts of every row; neighbouring parts of mere text are joined once."""
    pieces: list[pa.Array | str] = []
    for number, part in enumerate(parts):
        piece = SEPARATOR if number else ""
        if isinstance(part, str):
            piece += part
        if pieces and isinstance(pieces[-1], str):
            pieces[-1] += piece
        elif piece:
            pieces.append(piece)
        if not isinstance(part, str):
            pieces.append(part)
    if rows == 0:
        return pa.array([], pa.int64())
    if all(isinstance(piece, str) for piece in pieces):
        return pa.array(np.full(rows, digest("".join(pieces)), np.int64))
    return digests_of(pc.binary_join_element_wise(*pieces, ""))


def display(fields: Sequence[RecordField], rows: Sound) -> pa.Array:
    """The JSON of the fields without a slot; null where all of them are empty."""
    members = [
        _member(field.name, _json(rows.values[field.name], field))
        for field in fields
        if not field.slot and field.name in rows.values
    ]
    filled = [member for member in members if member.null_count < len(member)]
    if not filled:
        return pa.nulls(len(rows), pa.string())
    inside = pc.binary_join_element_wise(*(pc.fill_null(one, "") for one in filled), "", "")
    braced = pc.binary_join_element_wise("{", pc.utf8_rtrim(inside, ","), "}", "")
    return pc.if_else(pc.equal(inside, ""), pa.scalar(None, pa.string()), braced)


def _member(name: str, value: pa.Array) -> pa.Array:
    """`"name":value,` where there is a value. A join of nothing but nulls has no rows: go round."""
    if value.null_count == len(value):
        return value
    return pc.binary_join_element_wise(f'"{name}":', value, ",", "")


def _json(values: pa.Array, field: RecordField) -> pa.Array:
    """JSON texts of typed values; null stays null."""
    if field.type in (FieldType.INTEGER, FieldType.BOOLEAN):
        return pc.cast(values, pa.string())
    if field.type is FieldType.MONEY:
        text = pc.cast(pc.multiply(pc.cast(values, _WHOLE), _HUNDREDTH), pa.string())
    elif field.type is FieldType.NUMBER:
        text = pc.replace_substring_regex(pc.cast(values, pa.string()), r"\.?0+$", "")
    else:
        text = text_of(values)
    return _quoted(text)


def _quoted(text: pa.Array) -> pa.Array:
    """Texts as JSON strings, exactly as `json.dumps(ensure_ascii=False)` writes them."""
    if text.null_count == len(text):
        return text
    if pc.any(pc.match_substring_regex(text, _ESCAPED)).as_py():
        encoded = text.dictionary_encode()
        words = [json.dumps(word, ensure_ascii=False) for word in encoded.dictionary.to_pylist()]
        return pa.array(words, pa.string()).take(encoded.indices)
    return pc.binary_join_element_wise('"', text, '"', "")
