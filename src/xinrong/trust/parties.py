"""Counterparties in somebody else's file: open facts only, unless they consent themselves.

A record about one enterprise may name another. What is open of that one is its name and code in
the register; one that the register does not know is not named. Its own consent opens its name: to
the same viewer, for the same purpose and stage, of the category of the record, deep enough for the
field in which it stands, and for the day of the record. A consent that opens once is for the
enterprise's own file and opens nothing in another's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING

from xinrong.subjects import services as subjects

if TYPE_CHECKING:
    from xinrong.store.services import Snapshot
    from xinrong.trust.consents import Covered

Covers = Callable[[Collection[int]], Mapping[int, Mapping[str, "Covered"]]]


def nobody_consents(_: Collection[int]) -> Mapping[int, Mapping[str, Covered]]:
    """For purposes that no consent serves."""
    return {}


class Parties:
    """Which counterparties one query may name; it remembers whom it named under which consent.

    `covers` gives the consents in force of enterprises to the viewer, for purpose and stage.
    """

    def __init__(self, covers: Covers = nobody_consents) -> None:
        self._covers = covers
        self._known: dict[int, bool] = {}  # subject -> whether its name is open
        self._enterprise: dict[int, int] = {}  # subject whose name is not -> enterprise
        self._covered: dict[int, Mapping[str, Covered]] = {}
        self.consents: set[int] = set()

    def look_up(self, found: Collection[int], snapshot: Snapshot) -> None:
        """Learn all that is asked about these subjects later: two statements, however many."""
        new = [one for one in found if one not in self._known]
        if not new:
            return
        standing = subjects.standing_of_subjects(new, seq=snapshot.seq, using=snapshot.using)
        for subject in new:
            enterprise, registered = standing.get(subject, (0, False))
            self._known[subject] = registered
            if enterprise and not registered:
                self._enterprise[subject] = enterprise
        asked = set(self._enterprise.values()) - set(self._covered)
        if asked:
            covered = self._covers(sorted(asked))
            self._covered |= {one: covered.get(one, {}) for one in asked}

    def is_named(self, subject: int, category: str, level: int, day: date | None) -> bool:
        """Whether a record of a category and day names this counterparty, in a field of a level.

        `look_up` comes first. Where the name rests on a consent, so does the release from now on.
        """
        if self._known.get(subject, False):
            return True
        consent = self._consent(subject, category, level, day)
        if consent is not None:
            self.consents.add(consent)
        return consent is not None

    def _consent(self, subject: int, category: str, level: int, day: date | None) -> int | None:
        """The counterparty's own consent under which it is named."""
        found = self._covered.get(self._enterprise.get(subject, 0), {}).get(category)
        if found is None or found.one_time or found.max_level < level:
            return None
        if found.data_from is not None and (day is None or day < found.data_from):
            return None
        if found.data_to is not None and (day is None or day > found.data_to):
            return None
        return found.consent
