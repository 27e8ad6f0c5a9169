"""Which type of field fits which slot of a record."""

from __future__ import annotations

from xinrong.catalogue.contract import FieldType

NUMBER_SLOTS = tuple(f"n{i}" for i in range(1, 7))
TEXT_SLOTS = tuple(f"t{i}" for i in range(1, 7))
DATE_SLOTS = tuple(f"d{i}" for i in range(1, 4))

_NUMBER = (FieldType.NUMBER, FieldType.INTEGER)
_TEXT = (FieldType.TEXT, FieldType.USCC)

#: slot -> the types of field that it takes. Names and types are those of store.schema (tested).
#: Money fits an n slot, as yuan with two decimals; `amount` is the record's one main sum, in fen.
SLOT_TYPES: dict[str, tuple[FieldType, ...]] = {
    "event_date": (FieldType.DATE,),
    "end_date": (FieldType.DATE,),
    "amount": (FieldType.MONEY,),
    "quantity": _NUMBER,
    "code": _TEXT,
    "status": (FieldType.TEXT,),
    "counterparty": (FieldType.ENTERPRISE,),
    **dict.fromkeys(NUMBER_SLOTS, (*_NUMBER, FieldType.MONEY)),
    **dict.fromkeys(TEXT_SLOTS, _TEXT),
    **dict.fromkeys(DATE_SLOTS, (FieldType.DATE,)),
}

#: Columns that a compiled view shows beside the contract's fields: no field may be called so.
RESERVED = ("subject", "category", "key", "polarity")


def lawful_types(slot: str) -> tuple[FieldType, ...] | None:
    """The types that a slot takes, or None when there is no such slot."""
    return SLOT_TYPES.get(slot)


def slots_for(kind: FieldType) -> list[str]:
    """The slots that a type fits, in the record's order."""
    return [slot for slot, kinds in SLOT_TYPES.items() if kind in kinds]
