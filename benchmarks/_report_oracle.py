"""An oracle that tells which forgeries of portable reports say something else.

It never asks the verifier. It knows what was signed, reads a forgery with a reader of its own, and
calls it honest only where every value in it, type by type, is one that was signed, in its report,
in its time, under the platform's key. Leaving claims out is honest: the verifier must then count
what is missing.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from benchmarks._report_forging import Forgery
from tests.domain.portable.made import SIGNER, Made
from xinrong.domain.portable import CHINA
from xinrong.domain.signatures import PublicKey


class Oracle:
    """What was signed, and whether a forgery says just that."""

    def __init__(self, made: list[Made]) -> None:
        self.cores = {one.number: tagged(one.file["core"]) for one in made}
        self.claims = {
            one.number: Counter(tagged(claim) for claim in one.file["claims"]) for one in made
        }
        self.parts = {
            one.number: {part["name"]: len(part.get("digests", ())) for part in one.core["parts"]}
            for one in made
        }
        self.windows = {
            one.number: (
                datetime.fromisoformat(one.core["issued"]) - timedelta(minutes=5),
                datetime.fromisoformat(one.core["last_day"] + "T00:00:00+08:00")
                + timedelta(days=1),
            )
            for one in made
        }
        self.codes = {one.number: one.qr for one in made}

    def missing(self, forgery: Forgery, ended: tuple[bytes, str]) -> dict[str, int] | None:
        """Part → signed claims that an honest one does not show; None for what is not honest."""
        found = loaded(forgery.text)
        if not isinstance(found, dict) or set(found) != {"core", "claims"}:
            return None
        number = next((n for n, core in self.cores.items() if core == tagged(found["core"])), None)
        if number is None or not isinstance(found["claims"], list):
            return None
        shown = Counter(tagged(claim) for claim in found["claims"])
        first, after = self.windows[number]
        own_key = any(
            key.public == PublicKey(SIGNER.kid, "Ed25519", SIGNER.public.raw)
            and key.since <= first
            and (key.until is None or key.until > after)
            for key in forgery.keys
        )
        list_, gone = ended
        honest = (
            not shown - self.claims[number]
            and own_key
            and first <= forgery.now < after
            and forgery.qr in ("", self.codes[number])
            and not (forgery.status == list_ and number == gone)
        )
        if not honest:
            return None
        here = Counter(claim["part"] for claim in found["claims"])
        return {part: signed - here[part] for part, signed in self.parts[number].items()}


def loaded(text: bytes) -> Any:
    """The value as any reader reads it; None where readers would not agree."""
    try:
        return json.loads(
            text.decode("utf-8"),
            object_pairs_hook=lambda pairs: (
                dict(pairs) if len(dict(pairs)) == len(pairs) else {"twice": True}
            ),
        )
    except (ValueError, RecursionError):
        return None


def tagged(value: Any) -> str:
    """A value with its types, so that 1, 1.0, true and "1" are four."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{tagged(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(tagged, value)) + "]"
    return f"{type(value).__name__} {value!r}"


#: The zone in which the last day ends: said here as well, and never taken from the verifier.
assert CHINA.utcoffset(None) == timedelta(hours=8)
