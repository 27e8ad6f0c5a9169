"""Which records are not shown at a seq although they count: suppressed ones, and erased ones.

A suppression holds for all versions of a record. Whoever reads the past is shown no more than who
reads now: a record is hidden at S when a suppression is open now, or was open at S. Erased records
are hidden at every seq, until their bytes are gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from django.db.models import Q, QuerySet

from xinrong.store.asking import Question, Rows, answers, marks
from xinrong.store.book import Book
from xinrong.store.dead import Mask
from xinrong.store.hot import as_table, to_arrow
from xinrong.store.models import Erasure, Suppression

HIDDEN = pa.schema(
    [pa.field("category", pa.string(), nullable=False), pa.field("key", pa.int64(), nullable=False)]
)
RecordKey = tuple[str, int]  # category, key
FEW = 500  # SQLite bounds the parameters of a query
#: What `_suppressed` finds.
_SUPPRESSED = (
    "SELECT category, key FROM store_suppression "
    "WHERE (to_seq IS NULL OR (from_seq <= %s AND to_seq > %s))"
)


#: The same of a `then`.
_SUPPRESSED_THEN = (
    "SELECT category, key FROM store_suppression "
    "WHERE from_seq <= %s AND (to_seq IS NULL OR to_seq > %s)"
)


@dataclass(frozen=True)
class Hiding:
    """The rule above for one seq; `suppressed` shows what is suppressed, never what is erased.

    `then` hides what was suppressed at that seq and shows what has been since: it is how an auditor
    reads again what was released, and how nobody else does.
    """

    seq: int
    book: Book
    using: str
    suppressed: bool
    then: bool = False

    def among(self, rows: pa.Table) -> set[RecordKey]:
        """Those records of a table (columns category and key) that are hidden."""
        hidden: set[RecordKey] = set()
        if not self.book.hiding:
            return hidden
        held = {one for one in _records(rows) if one[0] in self.book.hiding}
        hiding, keys = sorted({category for category, _ in held}), sorted({key for _, key in held})
        for start in range(0, len(keys), FEW):
            hidden.update(self._of(hiding, keys[start : start + FEW]))
        return hidden

    def shown(self, rows: pa.Table) -> Mask:
        """Which rows of a table are not those of hidden records."""
        hidden = self.among(rows)
        if not hidden:
            return np.ones(len(rows), np.bool_)
        return np.fromiter((one not in hidden for one in _records(rows)), np.bool_, len(rows))

    def _of(self, categories: Sequence[str], keys: Sequence[int]) -> Rows:
        """The hidden records with one of these keys: every look-up asks, past the query builder."""
        among = f"category IN ({marks(categories)}) AND key IN ({marks(keys)})"
        sql = f"SELECT category, key FROM store_erasure WHERE rewritten_seq IS NULL AND {among}"
        given = [*categories, *keys]
        if not self.suppressed:
            sql += f" UNION ALL {_SUPPRESSED_THEN if self.then else _SUPPRESSED} AND {among}"
            given += [self.seq, self.seq, *given]
        [rows] = answers(self.using, Question(sql, given))
        return rows

    def since(self, seq: int) -> pa.Table:
        """Hidden records that a part folded at `seq` may still hold among its current rows."""
        suppressed = self._suppressed().filter(from_seq__gt=seq).values_list("category", "key")
        erased = self._erased().values_list("category", "key")
        return as_table({*erased, *suppressed}, HIDDEN)

    def erased(self) -> pa.Table:
        """Erased records whose bytes may still lie in parts."""
        return to_arrow(self._erased(), HIDDEN)

    def quiet_since(self, seq: int) -> bool:
        """Whether nothing was hidden after `seq`."""
        if not self.book.hiding:
            return True
        if seq not in self._quiet:
            later = self._suppressed().filter(from_seq__gt=seq)
            self._quiet[seq] = not self._erased().exists() and not later.exists()
        return self._quiet[seq]

    def revives_since(self, seq: int) -> bool:
        """Whether a record is shown that was suppressed at `seq` and so left the current parts."""
        if not self.book.hiding:
            return False
        if seq not in self._revives:
            then = Suppression.objects.using(self.using).filter(from_seq__lte=seq)
            if self.suppressed or self.then:
                then = then.filter(Q(to_seq=None) | Q(to_seq__gt=seq))
            else:
                then = then.filter(to_seq__gt=seq)
            self._revives[seq] = then.exists()
        return self._revives[seq]

    def _erased(self) -> QuerySet[Erasure]:
        return Erasure.objects.using(self.using).filter(rewritten_seq=None)

    def _suppressed(self) -> QuerySet[Suppression]:
        found = Suppression.objects.using(self.using)
        if self.suppressed:
            return found.none()
        if self.then:
            still = Q(to_seq=None) | Q(to_seq__gt=self.seq)
            return found.filter(still, from_seq__lte=self.seq)
        return found.filter(Q(to_seq=None) | Q(from_seq__lte=self.seq, to_seq__gt=self.seq))

    @cached_property
    def _quiet(self) -> dict[int, bool]:
        return {}

    @cached_property
    def _revives(self) -> dict[int, bool]:
        return {}


def _records(rows: pa.Table) -> Iterator[RecordKey]:
    """The record of each row of a table."""
    return zip(rows["category"].to_pylist(), rows["key"].to_pylist(), strict=True)
