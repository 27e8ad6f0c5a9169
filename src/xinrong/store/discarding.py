"""Deleting files that were written for nothing, and never one that the ledger names."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import batched
from pathlib import Path

from django.db import DatabaseError, transaction

from xinrong.store.models import Part

_FEW = 500


def discard(paths: Iterable[Path]) -> None:
    """Delete those of some files that no ledger row names. Call it while the error is handled.

    An error does not prove that nothing was committed: it may have come after the commit, or the
    connection may have been lost on the way, and then nobody knows yet. In that case the files
    stay; if nothing names them they are orphans, and go with `remove_orphans`.
    """
    found = {path.name: path for path in paths}
    if not found or _commit_unknown(sys.exception()):
        return
    try:
        for few in batched(list(found), _FEW):
            for name in Part.objects.filter(name__in=few).values_list("name", flat=True):
                del found[name]
    except DatabaseError:
        return
    for path in found.values():
        path.unlink(missing_ok=True)


def _commit_unknown(error: BaseException | None) -> bool:
    """Whether the database was lost: Django lets go of a connection that cannot even roll back."""
    while error is not None:
        if isinstance(error, DatabaseError):
            return transaction.get_connection().connection is None
        error = error.__cause__ or error.__context__
    return False
