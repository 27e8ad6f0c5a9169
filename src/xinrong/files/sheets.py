"""Records of a file written down at once: their canonical JSON, and what it shows.

A long file has hundreds of records of a few categories. What is the same in all records of a
category, its titles, units and law, is put together once; a record is that text with its values
set in. Which fields show a value is read off the very texts that are set in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING

import pyarrow as pa

from xinrong.catalogue.contract import Contract, RecordField
from xinrong.catalogue.law_terms import tier_of, tier_slot
from xinrong.files.columns import EMPTY, Columns, Speller, of_value, speller_of
from xinrong.files.objected import is_open
from xinrong.files.shown import shown_by
from xinrong.files.spelling import spell
from xinrong.files.types import SIGNS, FileRecord, Records
from xinrong.files.values import basis_of, field_value, party_text
from xinrong.store.services import BatchInfo
from xinrong.trust.types import Piece

if TYPE_CHECKING:
    from xinrong.files.building import FileBuilder

#: What the head of a record shows of its contract's fields.
HEAD = ("event_date", "end_date", "amount")
#: The column of the level up to which a row is shown, where a permit does not reach all rows.
LEVEL = "level"
_SIGNS = {number: quoted(sign).encode() for number, sign in SIGNS.items()}


@dataclass(frozen=True)
class Form:
    """The records of one category, shown up to one level, with room for their values.

    `columns` are the fields whose values are set in, masked ones apart; None: the counterparty,
    of which each record decides by itself. `contract` is kept so that no other comes to stand at
    its address.
    """

    contract: Contract
    text: bytes
    columns: tuple[tuple[RecordField, Speller | None], ...]
    head: tuple[tuple[str, str], ...]  # (slot, field)


_FORMS: dict[tuple[int, int], Form] = {}
#: Past so many the catalogue was loaded anew.
_MOST_FORMS = 5_000


def form_of(contract: Contract, level: int) -> Form:
    """The form of a category at a level, made once."""
    known = _FORMS.get((id(contract), level))
    if known is None:
        if len(_FORMS) >= _MOST_FORMS:
            _FORMS.clear()
        known = _FORMS[id(contract), level] = _make_form(contract, level)
    return known


def _make_form(contract: Contract, level: int) -> Form:
    columns: list[tuple[RecordField, Speller | None]] = []
    written = []
    for field in contract.fields:
        if hides(field, level):
            written.append(_fixed(masked_text(field)))
        elif field.slot == "counterparty":
            written.append("%s")
            columns.append((field, None))
        else:
            opened, closed = around_value(field)
            written.append(f"{_fixed(opened)}%s{_fixed(closed)}")
            columns.append((field, speller_of(field)))
    category = contract.category
    text = (
        f'{{"amount":%s,"basis":{_fixed(quoted(basis_of(contract)))},"category":"{category}",'
        f'"category_title":{_fixed(spell(contract.title))},"end_date":%s,"enterprise":%d,'
        f'"event_date":%s,"fields":[{",".join(written)}],%s"origin":%s%d}},'
        f'"ref":"{category}/%d/%d",%s"shown_until":%s,"sign":%s}}'
    )
    named = {field.slot: field.name for field in contract.fields}
    head = tuple((slot, named[slot]) for slot in HEAD if slot in named)
    return Form(contract, text.encode(), tuple(columns), head)


def _fixed(text: str) -> str:
    """A text in which nothing is set in."""
    return text.replace("%", "%%")


def hides(field: RecordField, level: int) -> bool:
    """Whether a field lies deeper than the viewer sees."""
    return field.level > level


def masked_text(field: RecordField) -> str:
    """A field that is there and not shown."""
    return spell(field_value(field, None, field.level - 1))


def around_value(field: RecordField) -> tuple[str, str]:
    """What stands before and after the value of a field; its words go with the value."""
    whole = spell(field_value(field, None, field.level))
    opened, _, closed = whole.rpartition('null,"words":null')
    return opened, closed if field.values else f',"words":null{closed}'


@dataclass
class Group:
    """Records of one category and level, by their places in the table."""

    form: Form
    places: list[int]
    texts: list[list[str]]  # for each column of the form, that of each record

    def shown(self) -> Iterator[str]:
        """The fields of which some record shows a value, those of its head apart."""
        for (field, _), texts in zip(self.form.columns, self.texts, strict=True):
            if not all(is_empty(field, text) for text in set(texts)):
                yield field.name


def is_empty(field: RecordField, text: str) -> bool:
    """Whether a text shows no value; of a counterparty it is the whole field."""
    if field.slot == "counterparty":
        return text.endswith('"value":null,"words":null}')
    return text in EMPTY


class Sheet(Records):
    """Rows as records, in their order, each written down already."""

    def __init__(
        self,
        builder: FileBuilder,
        table: pa.Table,
        infos: Mapping[int, BatchInfo],
        parties: Mapping[int, tuple[str, str]],
    ) -> None:
        self._builder = builder
        self._table = table
        self._infos = infos
        self._parties = parties
        self._columns = Columns(table)
        self._rules: dict[str, bytes] = {}  # what is said of each rule
        self._groups = self._grouped()
        self._texts = self._written()

    def __len__(self) -> int:
        return len(self._table)

    @cached_property
    def made(self) -> tuple[FileRecord, ...]:
        """The records as objects."""
        return self._builder.made(self._table, self._infos, self._parties)

    def spelled(self) -> bytes:
        """The canonical JSON of all of them."""
        return b"[%b]" % b",".join(self._texts)

    def drawn_from(self) -> set[tuple[int, str]]:
        """The categories of the records."""
        enterprise = self._builder.enterprise
        return {(enterprise, group.form.contract.category) for group in self._groups}

    def shown_fields(self) -> set[tuple[int, str, str]]:
        """The fields of which a value stands in the texts."""
        enterprise = self._builder.enterprise
        return {
            (enterprise, group.form.contract.category, name)
            for group in self._groups
            for name in (*group.shown(), *self._head(group))
        }

    def _head(self, group: Group) -> Iterator[str]:
        for slot, name in group.form.head:
            texts = self._slot(slot)
            if not EMPTY.issuperset([texts[place] for place in group.places]):
                yield name

    def pieces(self) -> Iterator[Piece]:
        """Each record with its sender, its day and the fields whose values stand in its text."""
        senders, enterprise = self._columns.raw("batch"), self._builder.enterprise
        for group in self._groups:
            category = group.form.contract.category
            for number, place in enumerate(group.places):
                fields = {
                    field.name
                    for (field, _), texts in zip(group.form.columns, group.texts, strict=True)
                    if not is_empty(field, texts[number])
                }
                fields |= {
                    name for slot, name in group.form.head if self._slot(slot)[place] not in EMPTY
                }
                day = self._columns.day("event_date", place)
                sender = self._infos[senders[place]].department
                yield Piece(enterprise, category, sender, day, day, frozenset(fields))

    def objected(self) -> int:
        """How many of them are under objection."""
        held = self._builder.objections
        if not held:
            return 0
        records = zip(self._columns.raw("category"), self._columns.raw("key"), strict=True)
        return sum(is_open(held.get(record)) for record in records)

    def _slot(self, slot: str) -> list[str]:
        """A column of the heads, spelled."""
        return self._columns.amounts if slot == "amount" else self._columns.days(slot)

    def _grouped(self) -> list[Group]:
        """The records by category and level."""
        builder, categories = self._builder, self._columns.raw("category")
        places: dict[tuple[str, int], list[int]] = {}
        if LEVEL in self._columns:
            for place, key in enumerate(zip(categories, self._columns.raw(LEVEL), strict=True)):
                places.setdefault(key, []).append(place)
        else:
            by_category: dict[str, list[int]] = {}
            for place, category in enumerate(categories):
                by_category.setdefault(category, []).append(place)
            for category, held in by_category.items():
                permit = builder.permits.permit(builder.enterprise, category)
                places[category, permit.max_level] = held
        return [self._group(*key, held) for key, held in places.items()]

    def _group(self, category: str, level: int, places: list[int]) -> Group:
        form = form_of(self._builder.region.contracts[category], level)
        texts = [
            self._party_texts(field, category, level, places)
            if speller is None
            else speller(self._columns, places)
            for field, speller in form.columns
        ]
        return Group(form, places, texts)

    def _party_texts(
        self, field: RecordField, category: str, level: int, places: Sequence[int]
    ) -> list[str]:
        """The whole field of a counterparty, which is masked where it may not be named."""
        opened, closed = around_value(field)
        texts = {None: f"{opened}{of_value(field, None)}{closed}"}
        masked = masked_text(field)
        parties, batches = self._columns.raw("counterparty"), self._columns.raw("batch")
        found = []
        for place in places:
            party = parties[place]
            if party is not None:
                sender = self._infos[batches[place]].department
                day = self._columns.day("event_date", place)
                if not self._builder.names(field, party, category, sender, day):
                    found.append(masked)
                    continue
                if party not in texts:
                    value = of_value(field, party_text(party, self._parties))
                    texts[party] = f"{opened}{value}{closed}"
            found.append(texts[party])
        return found

    def _written(self) -> list[bytes]:
        """The canonical JSON of each record, in the order of the table."""
        columns, builder = self._columns, self._builder
        batches, signs = columns.raw("batch"), columns.raw("polarity")
        origins = {batch: self._origin(info).encode() for batch, info in self._infos.items()}
        amounts = as_bytes(columns.amounts)
        ends, events = as_bytes(columns.days("end_date")), as_bytes(columns.days("event_date"))
        keys, row_numbers = columns.raw("key"), columns.raw("row_no")
        enterprise = builder.enterprise
        written = [b""] * len(columns)
        for group in self._groups:
            form, contract = group.form.text, group.form.contract
            marked = self._marked(contract.category)
            inside = [as_bytes(texts) for texts in group.texts]
            values = zip(*inside, strict=True) if inside else [()] * len(group.places)
            for place, fields in zip(group.places, values, strict=True):
                sign, batch = signs[place], batches[place]
                by, until = (b"", b"null") if sign >= 0 else self._shown(contract, place)
                written[place] = form % (
                    amounts[place],
                    ends[place],
                    enterprise,
                    events[place],
                    *fields,
                    marked.get(keys[place], b"") if marked else b"",
                    origins[batch],
                    row_numbers[place],
                    keys[place],
                    batch,
                    by,
                    until,
                    _SIGNS[sign],
                )
        return written

    def _shown(self, contract: Contract, place: int) -> tuple[bytes, bytes]:
        """The member that says by which rule a negative record's display ends, and its day."""
        columns = self._columns
        slot = tier_slot(contract)
        tier = tier_of(contract, {slot: columns.raw(slot)[place]}) if slot in columns else ""
        days = columns.day("event_date", place), columns.day("end_date", place)
        until = self._builder.expiry(contract, *days, tier)
        if until.day is None or until.limit is None:
            return b"", b"null"
        rule = until.limit.name or until.limit.source
        if rule not in self._rules:
            self._rules[rule] = f'"shown_by":{spell(shown_by(until))},'.encode()
        return self._rules[rule], spell(until.day).encode()

    def _marked(self, category: str) -> dict[int, bytes]:
        """Key → the member that tells of an objection, of the records of a category."""
        return {
            key: f'"objection":{spell(told)},'.encode()
            for (name, key), told in self._builder.objections.items()
            if name == category
        }

    def _origin(self, info: BatchInfo) -> str:
        """The origin of every row of a batch, up to the number of the row, which comes last."""
        opened, _, _ = spell(self._builder.origin(info, 0)).rpartition("0}")
        return opened


def as_bytes(texts: Sequence[str]) -> list[bytes]:
    """Spelled values in UTF-8, all at one go; none of them has the character NUL in it."""
    return "\0".join(texts).encode().split(b"\0") if texts else []
