"""By what a waiting name is found when the register learns a name that it may mean."""

from __future__ import annotations

from collections.abc import Sequence

from xinrong.domain.names import fold

LONGEST = 200


def keys_of(names: Sequence[str]) -> list[tuple[str, str]]:
    """(folded name, core) of each name: the core is its trade name and industry."""
    return [(fold(name)[:LONGEST], "") for name in names]
