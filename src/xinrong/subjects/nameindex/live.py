"""The index of this register: kept on disk, completed from the database whenever it is opened.

Names are only ever added, with growing primary keys, by commits that wait for each other; so what
came since a generation was made are the rows beyond its mark. Whoever opens the index when too many
came since makes it anew. A name that is forgotten takes the whole index with it (`forget`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction
from django.db.models import Exists, Max, OuterRef

from xinrong.subjects.models import Enterprise, EnterpriseName
from xinrong.subjects.nameindex.codes import Codes
from xinrong.subjects.nameindex.folder import (
    Generation,
    Mark,
    alone,
    current,
    drop,
    dropped,
    keep,
    read,
)
from xinrong.subjects.nameindex.index import NameIndex
from xinrong.subjects.nameindex.making import Row, segment_of
from xinrong.subjects.nameindex.segment import Segment

#: The index is made anew when more names came after it than this share of those it holds.
SHARE = 0.05
#: Fewer names than this are read in a moment: for them nothing is made anew.
FEW = 20_000
CHUNK = 20_000
NOTHING = Mark()


@dataclass(frozen=True)
class _Opened:
    """What this process has open: a generation, and segments of what came since, oldest first."""

    name: str = ""  # of the generation
    base: Mark = NOTHING  # up to which the generation reaches
    segments: tuple[Segment, ...] = ()  # the generation's first, if there is one
    mark: Mark = NOTHING  # up to which all segments reach together
    codes: Codes | None = None  # of the generation


_lock, _making = threading.Lock(), threading.Lock()
_log = logging.getLogger(__name__)
_opened: dict[Path, _Opened] = {}


def open_index(using: str = "default") -> NameIndex:
    """The index of all names that the database holds now.

    Opening costs two small queries when nothing is new; names that came since the last time are
    read then. Whoever asks many times in a row opens once. Inside a transaction its own, not yet
    committed names are included, and forgotten with it.
    """
    root = Path(settings.NAMES_ROOT)
    with _lock:
        known = _opened.get(root, _Opened())
    known = _checked(known, root, using)
    shared = not connections[using].in_atomic_block
    if shared and _due(known, _newest(using, known.mark)) and _made_by_somebody():
        known = _checked(known, root, using)
    now = _complete(known, using)
    if shared:
        with _lock:
            _opened[root] = now
    segments = tuple(segment for segment in now.segments if len(segment))
    return NameIndex(segments, now.codes, now.base.enterprises)


def rebuild() -> int:
    """Make the index anew from the database and put it in use; how many names it holds.

    Nobody waits for it: the names are read from a snapshot.
    """
    root, using = Path(settings.NAMES_ROOT), settings.SNAPSHOT_ALIAS
    while True:
        since = dropped(root)
        try:
            with transaction.atomic(using=using):
                mark = _newest(using)
                segment = segment_of(_rows(NOTHING, mark, using))
                codes = Enterprise.objects.using(using).filter(pk__lte=mark.enterprises)
                pairs = codes.order_by("pk").values_list("pk", "code").iterator(CHUNK)
                if keep(segment, root, mark, pairs, since):
                    return len(segment)
        except FileNotFoundError:
            if since == dropped(root):
                raise


def rebuild_if_due() -> int | None:
    """Make the index anew where too many names came since; how many it holds, None if not due."""
    root = Path(settings.NAMES_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with _making, alone(root, "making"):
        known = _checked(_Opened(), root, "default")
        return rebuild() if _due(known, _newest("default", known.mark)) else None


def _made_by_somebody() -> bool:
    """Make the index anew, or wait for who does. False where the disk does not let us."""
    try:
        rebuild_if_due()
    except OSError as error:
        _log.warning("the index of names cannot be written, names are read instead: %s", error)
        return False
    return True


def _due(known: _Opened, newest: Mark) -> bool:
    most = max(FEW, SHARE * (len(known.segments[0]) if known.base.names else 0))
    if newest.names - known.base.names <= most:  # there may be fewer: not every key is used
        return False
    return EnterpriseName.objects.filter(pk__gt=known.base.names).count() > most


def forget() -> None:
    """Remove the index from the disk: a name in it was erased by law. It is made anew when due."""
    root = Path(settings.NAMES_ROOT)
    with _lock:
        _opened.pop(root, None)
    drop(root)


def _checked(known: _Opened, root: Path, using: str) -> _Opened:
    """What is open, if it is still the generation in use and of this very database."""
    name = current(root)
    if known.name == name and _of_this_register(known.mark, using):
        return known
    there = _read_checked(root, using)
    if there is None:
        return _Opened(name)
    return _Opened(name, there.mark, (there.segment,), there.mark, there.codes)


def _read_checked(root: Path, using: str) -> Generation | None:
    there = read(root)
    return there if there and _of_this_register(there.mark, using) else None


def _of_this_register(mark: Mark, using: str) -> bool:
    """Whether the row that a mark names is there as it was: not so after a restore, say."""
    if not mark.names:
        return not mark.enterprises
    names = EnterpriseName.objects.using(using).filter(pk=mark.names, name=mark.last)
    return names.exists()


def _complete(known: _Opened, using: str) -> _Opened:
    """With the names that came since; small segments are joined as they become many."""
    mark = _newest(using, known.mark)
    if mark == known.mark:
        return known
    segments = list(known.segments)
    base = 1 if known.base.names else 0
    low = known.mark
    rows = list(_rows(low, mark, using))
    while len(segments) > base and len(segments[-1]) <= 2 * len(rows):
        rows = [*_rows_again(segments.pop()), *rows]
    made = segment_of(rows, segments[0] if base else None)
    return replace(known, segments=(*segments, made), mark=mark)


def _rows_again(segment: Segment) -> Iterator[Row]:
    for number in range(len(segment)):
        yield int(segment.enterprises[number]), segment.name(number), segment.folded(number)


def _newest(using: str, known: Mark | None = None) -> Mark:
    """The mark of now; `known` itself when nothing came since."""
    names = EnterpriseName.objects.using(using).aggregate(newest=Max("pk"))["newest"] or 0
    enterprises = Enterprise.objects.using(using).aggregate(newest=Max("pk"))["newest"] or 0
    if known and names <= known.names and enterprises <= known.enterprises:
        return known  # an older view of the database has less: what is open holds it too
    row = EnterpriseName.objects.using(using).filter(pk=names).values_list("name", flat=True)
    return Mark(names, enterprises, row.first() or "")


def _rows(low: Mark, high: Mark, using: str) -> Iterator[Row]:
    """Names after one mark and up to another; an enterprise's own where no row holds it."""
    names = EnterpriseName.objects.using(using).filter(pk__gt=low.names, pk__lte=high.names)
    columns = ("enterprise_id", "name", "folded_name")
    yield from names.order_by("pk").values_list(*columns).iterator(CHUNK)
    held = EnterpriseName.objects.using(using).filter(
        enterprise=OuterRef("pk"), name=OuterRef("name")
    )
    bare = Enterprise.objects.using(using).filter(
        ~Exists(held), pk__gt=low.enterprises, pk__lte=high.enterprises
    )
    own = bare.order_by("pk").values_list("pk", "name", "folded_name")
    yield from own.iterator(CHUNK)
