"""What a life of the small city reads in an answer; the platform's words for its questions."""

from __future__ import annotations

import json
from typing import Any

from benchmarks._leaks_city import PARTIES


def spelled(payload: Any) -> str:
    """The canonical JSON, spelled here afresh: what the digest in the log must be of."""
    return json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def counts_in(payload: dict[str, Any]) -> dict[str, int]:
    """How many records of each category an answer says there are."""
    sources = payload.get("coverage", {}).get("sources", ())
    planted = {one["category"]: one["records"] for one in sources}
    return {name: number for name, number in planted.items() if number is not None}


def named_nowhere(said: str) -> str:
    """What a search says without the names of the counterparties: it may find them, by design.

    Whose records name them is what must not come out, and search tells nothing of records.
    """
    for name in PARTIES.values():
        said = said.replace(name, "")
    return said


def why(purpose: str, stage: str | None) -> tuple[Any, Any]:
    """The platform's words for them."""
    from xinrong.trust.services import Purpose, Stage

    return Purpose(purpose), Stage(stage) if stage else None
