"""The product of kind `count`: how many enterprises meet a draft, as a figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings

from xinrong.catalogue.region import Region
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.store.services import Snapshot
from xinrong.subjects.services import enterprise_numbers
from xinrong.trust.counting.drafts import Draft, over_records
from xinrong.trust.counting.figures import figure_of
from xinrong.trust.types import Permits, Piece

type Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Counted:
    """How many enterprises meet a draft; None: fewer than can be shown. No enterprise is inside."""

    draft: Draft
    figure: int | None

    def drawn_from(self) -> set[tuple[int, str]]:
        return set()

    def shown_fields(self) -> set[tuple[int, str, str]]:
        return set()

    def pieces(self) -> Iterable[Piece]:
        return ()

    def payload(self) -> Any:
        return {"draft": self.draft.spelled(), "figure": self.figure}


@dataclass(frozen=True)
class Count:
    """Counts those who meet all conditions of a draft, over the whole store."""

    draft: Draft
    region: Region
    today: date | None = None  # whose law says which records are used; the day it is asked

    @property
    def kind(self) -> str:
        return "count"

    @property
    def parameters(self) -> dict[str, str | int]:
        """Which draft: its digest, since conditions hold values; `CountDraft` keeps it whole."""
        return {"product": "count", "draft": sha256(self.draft.key).hexdigest()}

    def read(self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits) -> Counted:
        """Nobody in particular is asked about: `about` is empty and there are no permits."""
        day = self.today or day_in_china(SystemClock().now())
        meeting = [
            snapshot.query(over_records(sql, category, self.region, day))["subject"].to_numpy()
            for category, sql in self.draft.sql_of(self.region.contracts)
        ]
        return Counted(self.draft, figure_of(enterprises_in(meeting), self.draft.key, secret()))


def enterprises_in(meeting: Sequence[Numbers]) -> int:
    """How many enterprises have a subject in each of these sets of subjects.

    The identity map is read once for all of them: as many conditions as one likes cost the same.
    """
    firms = enterprise_numbers(np.concatenate(meeting))
    parts = np.split(firms, np.cumsum([len(one) for one in meeting])[:-1])
    both = reduce(np.intersect1d, (np.unique(one[one > 0]) for one in parts))
    return len(both)


def secret() -> bytes:
    """What the amounts are drawn from; of this platform, and of nothing else."""
    return sha256(b"xinrong.trust.counting\0" + settings.SECRET_KEY.encode()).digest()
