"""A query of a credit file, read again as it was released: for auditors."""

from __future__ import annotations

from collections.abc import Sequence

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import Clock, day_in_china
from xinrong.files.products import Basic, Comprehensive, Cube, Signs, Slice
from xinrong.trust.services import Product, Service, trail

#: Records of a first page, on the site and in the API.
PAGES = (25, 50)


def reproduce(viewer: Viewer, number: int, *, clock: Clock) -> trail.Reproduced:
    """Whether a query's content comes out the same. Raises Denied, TrailError.

    A row keeps no filters and no place in a list: of comprehensive information the unfiltered
    first page is compared.
    """
    row = trail.query_of(viewer, number)
    day = day_in_china(row.at)
    products: dict[str, Sequence[Product]] = {
        Service.BASIC: (Basic(day),),
        Service.SIGNS: (Signs(day),),
        Service.CUBE: (Cube(day),),
        Service.COMPREHENSIVE: tuple(Comprehensive(day, Slice(), 0, size) for size in PAGES),
    }
    return trail.reproduce(viewer, number, products.get(row.service, ()), now=clock.now())
