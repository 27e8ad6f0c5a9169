"""The parts of a report, and the claims of which each is made.

A claim is one thing that the report says: one record, one name, one sum. What is signed is not the
claims but a digest of each, made with a salt of its own. Whoever holds the report can leave claims
out when handing it on, and nobody can find out from its digest what a claim said that was left
out: not even by trying, because of the salt.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest as keyed
from typing import Any

from xinrong.domain.canonical import canonical_json
from xinrong.domain.signatures import base64url

#: In the order in which they stand in every report, those that were left out included.
PARTS = ("register", "negative", "positive", "other", "figures", "grade", "sources")
#: Bytes of a salt.
SALT = 16
Json = dict[str, Any]


@dataclass(frozen=True)
class Claim:
    """One thing that a report says. `salt` is base64url of 16 random bytes."""

    part: str
    salt: str
    says: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """What stands for it in the signed core."""
        told = canonical_json([self.salt, self.part, dict(self.says)])
        return base64url(sha256(told).digest())

    def as_json(self) -> Json:
        return {"part": self.part, "salt": self.salt, "says": dict(self.says)}


def new_seed() -> bytes:
    """What the salts of one report are made of. Whoever knows it could guess what was left out."""
    return secrets.token_bytes(32)


def salted(part: str, says: Iterable[Mapping[str, Any]], seed: bytes) -> tuple[Claim, ...]:
    """The claims of one part, in order. The same seed gives the same salts again."""
    made = []
    for place, one in enumerate(says):
        salt = keyed(seed, f"{part}\0{place}".encode(), "sha256")[:SALT]
        made.append(Claim(part, base64url(salt), one))
    return tuple(made)
