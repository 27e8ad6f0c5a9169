"""A card as JSON: what is signed, kept and handed on."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from xinrong.domain.canonical import digest_of
from xinrong.domain.scorecards.card import Card, CardFault, Characteristic, Kind
from xinrong.domain.text import Text

FORMAT = "xinrong-scorecard/1"


def card_to_json(card: Card) -> dict[str, Any]:
    """The card as plain data; numbers that are not whole are texts, so nothing rounds them."""
    return {
        "format": FORMAT,
        "name": card.name,
        "version": card.version,
        "title": card.title.model_dump(),
        "segment": card.segment,
        "scale": card.scale,
        "base": card.base,
        "basis": card.basis.model_dump(),
        "characteristics": [_characteristic(one) for one in card.characteristics],
    }


def _characteristic(one: Characteristic) -> dict[str, Any]:
    return {
        "column": one.column,
        "kind": one.kind.value,
        "title": one.title.model_dump(),
        "otherwise": one.otherwise,
        "unseen": one.unseen,
        "neutral": one.neutral,
        "cuts": [format(cut, "f") for cut in one.cuts],
        "points": list(one.points),
        "values": dict(one.values),
        "special": {format(key, "f"): points for key, points in one.special.items()},
        "missing": dict(one.missing),
        "can_change": one.can_change,
    }


def card_from_json(data: Any) -> Card:
    """The card that plain data describes. Raises CardFault for data that describes none."""
    try:
        if data["format"] != FORMAT:
            raise CardFault(f"a card of the format {data['format']!r} is not read here")
        return Card(
            name=str(data["name"]),
            version=int(data["version"]),
            title=Text(**data["title"]),
            segment=str(data["segment"]),
            scale=str(data["scale"]),
            base=int(data["base"]),
            basis=Text(**data["basis"]),
            characteristics=tuple(_read(one) for one in data["characteristics"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise CardFault(
            f"this is no scorecard: {error}",
            remedy="Take a card that the platform wrote, and change its numbers only.",
        ) from error


def _read(data: Any) -> Characteristic:
    return Characteristic(
        column=str(data["column"]),
        kind=Kind(data["kind"]),
        title=Text(**data["title"]),
        otherwise=int(data["otherwise"]),
        unseen=int(data["unseen"]),
        neutral=int(data["neutral"]),
        cuts=tuple(Decimal(cut) for cut in data["cuts"]),
        points=tuple(int(points) for points in data["points"]),
        values={str(key): int(points) for key, points in data["values"].items()},
        special={Decimal(key): int(points) for key, points in data["special"].items()},
        missing={str(key): int(points) for key, points in data["missing"].items()},
        can_change=bool(data["can_change"]),
    )


def card_digest(card: Card) -> str:
    """SHA-256 of the card's canonical JSON: two cards with one digest score alike."""
    return digest_of(card_to_json(card))


def card_text(card: Card) -> str:
    """The card as a person reads its file."""
    return json.dumps(card_to_json(card), ensure_ascii=False, indent=2) + "\n"
