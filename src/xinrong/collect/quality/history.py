"""What the batches of a feed looked like: what a new one is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from django.db.models import Exists, OuterRef, QuerySet

from xinrong.catalogue.contract import Contract
from xinrong.catalogue.feed import Feed
from xinrong.collect.models.quality import BatchQuality, FieldQuality
from xinrong.collect.quality.profile import Shape, shapes_of
from xinrong.store import services as store

#: Batches that a new one is compared with: the latest.
REMEMBERED = 28


def standing() -> QuerySet[BatchQuality]:
    """The measurements of batches that were not retracted."""
    gone = store.Batch.objects.filter(pk=OuterRef("receipt__batch")).exclude(retracted_seq=None)
    return BatchQuality.objects.filter(~Exists(gone))


@dataclass(frozen=True)
class History:
    """Of the latest batches of one feed, read by the same version of feed and contract.

    `fields` holds the usual shapes of each field, oldest first; a batch whose field was suspicious
    is not among them, unless somebody said that it is to be expected.
    """

    rows: tuple[int, ...] = ()
    ever: tuple[str, ...] | None = None  # headings that any batch had; None: there was none
    always: tuple[str, ...] = ()  # headings that all of them had
    fields: Mapping[str, list[dict[str, Shape]]] = field(default_factory=dict)

    def usual_rows(self) -> float:
        """The median number of rows."""
        return median(self.rows) if self.rows else 0


def history_of(feed: Feed, contract: Contract, *, profiles: bool = True) -> History:
    """The history of a feed, as far as its file and contract are what they are now.

    Without `profiles` the shapes of fields are left out: a small batch has none to compare.
    """
    found = standing().filter(
        feed=feed.feed,
        receipt__feed_version=feed.version,
        receipt__contract_version=contract.version,
    )
    latest = list(
        found.order_by("-receipt__batch").values_list("pk", "receipt__rows_in", "columns")[
            :REMEMBERED
        ]
    )[::-1]
    if not latest:
        return History()
    headings = [dict.fromkeys(one[2]) for one in latest if one[2]]
    ever = tuple(dict.fromkeys(name for names in headings for name in names))
    return History(
        tuple(one[1] for one in latest),
        ever if headings else None,
        tuple(name for name in ever if all(name in names for names in headings)),
        _fields_of([one[0] for one in latest]) if profiles else {},
    )


def _fields_of(batches: Sequence[int]) -> dict[str, list[dict[str, Shape]]]:
    """The usual shapes of each field in some batches, oldest first."""
    fields: dict[str, list[dict[str, Shape]]] = defaultdict(list)
    rows = FieldQuality.objects.filter(quality__in=batches, usual=True)
    for one in rows.order_by("quality__receipt__batch"):
        if one.profile:
            fields[one.field].append(usual_shapes(one))
    return dict(fields)


def usual_shapes(one: FieldQuality) -> dict[str, Shape]:
    """The shapes of a stored field, the shares of empty and refused cells among them."""
    return {**shapes_of(one.profile), **counted_shapes(one.rows, one.filled, one.broken)}


def counted_shapes(rows: int, filled: int, broken: int) -> dict[str, Shape]:
    """The share of empty cells and the share of refused values, over all rows."""
    return {
        "empty": Shape(rows, {0: filled, 1: rows - filled}),
        "refused": Shape(rows, {0: rows - broken, 1: broken}),
    }
