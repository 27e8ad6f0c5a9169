"""Naming the part that a query stumbled over.

The engine says of a damaged file what its decoder made of it, and often not even which file it
was. Who runs a query over parts runs it inside `damage_told`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from django.conf import settings

from xinrong.domain.disks import of_disk
from xinrong.store.manifest import layout
from xinrong.store.models import Part
from xinrong.store.parts import check_part

#: What is the query's own fault, or memory's, and never a file's.
_OF_THE_QUERY = (
    duckdb.ParserException,
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ConversionException,
    duckdb.OutOfRangeException,
    duckdb.OutOfMemoryException,
    duckdb.InterruptException,
)


@contextmanager
def damage_told() -> Iterator[None]:
    """Inside, an engine's error becomes PartDamaged when a part is not what the ledger says.

    Decorates functions as well.
    """
    try:
        yield
    except duckdb.Error as error:
        if not isinstance(error, _OF_THE_QUERY) and of_disk(error) is None:
            _name_damaged()
        raise


def _name_damaged() -> None:
    """Raise PartDamaged for the first part that is damaged; sizes first, bytes then."""
    folder = layout().parts
    parts = list(Part.objects.using(str(settings.SNAPSHOT_ALIAS)).filter(replaced_seq=None))
    for deep in (False, True):
        for part in parts:
            check_part(part, folder / part.name, deep=deep)
