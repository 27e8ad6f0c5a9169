"""Codes and names of enterprises in bulk: both are open to everybody."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from xinrong.subjects.models import Enterprise

CHUNK = 20_000


def codes_and_names(numbers: Collection[int]) -> dict[int, tuple[str, str]]:
    """Number -> code and name, of those of these enterprises that there are."""
    found = Enterprise.objects.filter(pk__in=numbers).values_list("pk", "code", "name")
    return {pk: (code, name) for pk, code, name in found}


def register_order() -> Iterator[tuple[int, str, str]]:
    """Number, code and folded name of every enterprise, in no order: for whoever sorts them."""
    yield from Enterprise.objects.values_list("pk", "code", "folded_name").iterator(
        chunk_size=CHUNK
    )
