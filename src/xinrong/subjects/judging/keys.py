"""By what a waiting name is found when the register learns a name that it may mean."""

from __future__ import annotations

from collections.abc import Sequence

from xinrong.domain.naming import parse_many

LONGEST = 200


def keys_of(names: Sequence[str]) -> list[tuple[str, str]]:
    """(folded name, core) of each name, without marks: core is its trade name and industry."""
    return [(one.folded[:LONGEST], one.core[:LONGEST]) for one in parse_many(names)]
