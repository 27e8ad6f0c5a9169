"""Which records are not shown at a seq although they count: suppressed ones, and erased ones.

A suppression holds for all versions of a record. Whoever reads the past is shown no more than who
reads now: a record is hidden at S when a suppression is open now, or was open at S. Erased records
are hidden at every seq, until their bytes are gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Q, QuerySet

from xinrong.store.book import Book
from xinrong.store.hot import as_table, to_arrow
from xinrong.store.models import Erasure, Suppression

HIDDEN = pa.schema(
    [pa.field("category", pa.string(), nullable=False), pa.field("key", pa.int64(), nullable=False)]
)
RecordKey = tuple[str, int]  # category, key
FEW = 500  # SQLite bounds the parameters of a query


@dataclass(frozen=True)
class Hiding:
    """The rule above for one seq; `suppressed` shows what is suppressed, never what is erased."""

    seq: int
    book: Book
    using: str
    suppressed: bool

    def among(self, rows: pa.Table) -> set[RecordKey]:
        """Those records of a table (columns category and key) that are hidden."""
        hidden: set[RecordKey] = set()
        for category in self.book.hiding.intersection(pc.unique(rows["category"]).to_pylist()):
            of_category = rows.filter(pc.equal(rows["category"], category))
            keys = pc.unique(of_category["key"]).to_pylist()
            for start in range(0, len(keys), FEW):
                hidden.update(self._of(category, keys[start : start + FEW]))
        return hidden

    def _of(self, category: str, keys: Sequence[int]) -> Iterator[RecordKey]:
        for entries in (self._erased(), self._suppressed()):
            found = entries.filter(category=category, key__in=keys)
            yield from found.values_list("category", "key")

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
            if self.suppressed:
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
        return found.filter(Q(to_seq=None) | Q(from_seq__lte=self.seq, to_seq__gt=self.seq))

    @cached_property
    def _quiet(self) -> dict[int, bool]:
        return {}

    @cached_property
    def _revives(self) -> dict[int, bool]:
        return {}
