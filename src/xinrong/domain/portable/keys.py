"""The platform's published keys, as a verifier takes them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from xinrong.domain.portable.errors import ReportError
from xinrong.domain.portable.reading import read_json
from xinrong.domain.signatures import PublicKey, SignatureError, from_base64url
from xinrong.domain.signatures.keys import kid_of

MOST_KEYS_BYTES = 256 << 10
#: Clocks of two honest machines differ by less.
SKEW = timedelta(minutes=5)


@dataclass(frozen=True)
class ReportKey:
    """A public key and when it signed; `until` is None for the one that signs now."""

    public: PublicKey
    since: datetime
    until: datetime | None

    def signed_at(self, moment: datetime) -> bool:
        """Whether the key was in use at that moment, give or take what clocks differ by."""
        ended = self.until is not None and moment > self.until + SKEW
        return moment >= self.since - SKEW and not ended


def read_keys(text: bytes | str) -> tuple[ReportKey, ...]:
    """The keys of the document that a platform publishes at /.well-known/xinrong-keys.json.

    A key whose name is not made of the key itself is refused: nobody else's key answers to a name
    that is known. Raises ReportError, keys_malformed.
    """
    try:
        found = read_json(text, most=MOST_KEYS_BYTES)
        rows = found["keys"]
        keys = tuple(_key(row) for row in rows)
    except (KeyError, TypeError, AttributeError, ValueError, ReportError, SignatureError) as error:
        raise _malformed(str(error)[:100]) from error
    names = [key.public.kid for key in keys]
    if not keys or len(set(names)) != len(names):
        raise _malformed("no key, or one name twice")
    return keys


def _key(row: dict[str, Any]) -> ReportKey:
    raw, alg, kid = from_base64url(row["public"]), row["alg"], row["kid"]
    if kid != kid_of(alg, raw):
        raise _malformed(f"{str(kid)[:20]} is not the name of its key")
    since = datetime.fromisoformat(row["from"])
    until = datetime.fromisoformat(row["until"]) if row["until"] else None
    if since.tzinfo is None or (until is not None and until.tzinfo is None):
        raise _malformed("a moment has no time zone")
    return ReportKey(PublicKey(kid, alg, raw), since, until)


def _malformed(why: str) -> ReportError:
    return ReportError(
        f"this is no document of keys: {why}",
        remedy="Fetch it from the platform: /.well-known/xinrong-keys.json.",
        code="keys_malformed",
    )
