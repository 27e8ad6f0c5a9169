"""A version as a signed document: whoever grades by it elsewhere can check that it is this one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from xinrong.domain.scorecards import CardFault
from xinrong.domain.signatures import SignatureError, open_envelope, seal
from xinrong.rating.cards import CardBook, book_from_json
from xinrong.rating.errors import CardsTampered
from xinrong.trust.services import platform_signer, public_keys

TYPE = "xinrong-scorecards-version/1"


def sealed(
    book: CardBook, number: int, since: date, *, proposed_at: datetime, approved_at: datetime
) -> dict[str, Any]:
    """The envelope over a version that two persons answer for, signed by the platform's key.

    It says when it was proposed and approved; by whom, the platform's own log says.
    """
    payload = {
        "type": TYPE,
        "version": number,
        "since": since.isoformat(),
        "proposed_at": proposed_at.isoformat(),
        "approved_at": approved_at.isoformat(),
        "digest": book.digest,
        "book": book.written(),
    }
    return seal(payload, platform_signer())


def opened(envelope: Any, number: int, digest: str, region: str) -> CardBook:
    """The cards in an envelope, once it is what was approved under that number.

    Raises CardsTampered: cards_key for a key that nobody knows, else cards_tampered.
    """
    try:
        payload = open_envelope(envelope, public_keys())
        book = book_from_json(payload["book"])
    except SignatureError as error:
        code = "cards_key" if error.code == "key_unknown" else "cards_tampered"
        raise _tampered(number, error.wrong, code) from error
    except (CardFault, KeyError, TypeError) as error:
        raise _tampered(number, str(error)) from error
    said = (payload.get("type"), payload.get("version"), payload.get("digest"), book.region)
    if said != (TYPE, number, digest, region) or book.digest != digest:
        raise _tampered(number, "it is signed as another one")
    return book


def _tampered(number: int, why: str, code: str = "cards_tampered") -> CardsTampered:
    return CardsTampered(
        f"version {number} of the scorecards is not what was approved: {why}",
        remedy="Nobody is graded by it. Bring the table back from a backup, and find out who"
        " changed it.",
        code=code,
    )
