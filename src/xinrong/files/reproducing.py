"""A query of a credit file, read again as it was released: for auditors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from xinrong.accounts.services import Viewer
from xinrong.collect import services as collect
from xinrong.domain.clock import Clock, day_in_china
from xinrong.files.history import RegisterHistory
from xinrong.files.joined import JoinedRecords
from xinrong.files.meant import Meant
from xinrong.files.printing.content import Whole
from xinrong.files.products import Basic, Comprehensive, Cube, Signs, Slice
from xinrong.files.types import Sign
from xinrong.trust.services import Product, Service, trail

#: Records of a first page, on the site and in the API, of rows that do not say it.
PAGES = (25, 50)
Kept = Mapping[str, Any]


def day_of(kept: Kept) -> date:
    """The day for which the file was made."""
    return date.fromisoformat(kept["day"])


def slice_of(kept: Kept) -> Slice:
    """The filters."""
    return Slice(
        category=kept.get("category", ""),
        department=kept.get("department", ""),
        sign=Sign(kept["sign"]) if "sign" in kept else None,
        year=kept.get("year"),
        undated="undated" in kept,
    )


#: Name of a product in audit rows -> the same product made of its parameters.
AGAIN: dict[str, Callable[[Kept], Product]] = {
    Basic.name: lambda kept: Basic(day_of(kept)),
    Signs.name: lambda kept: Signs(day_of(kept)),
    Cube.name: lambda kept: Cube(day_of(kept)),
    Comprehensive.name: lambda kept: Comprehensive(
        day_of(kept), slice_of(kept), kept["offset"], kept["limit"]
    ),
    JoinedRecords.name: lambda kept: JoinedRecords(
        day_of(kept), kept["enterprise"], slice_of(kept), kept["offset"], kept["limit"]
    ),
    RegisterHistory.name: lambda kept: RegisterHistory(day_of(kept), kept["enterprise"]),
    Meant.name: lambda kept: Meant(day_of(kept), kept["subject"]),
    Whole.name: lambda kept: Whole(day_of(kept), kept["limit"]),
}


def reproduces(name: str, make: Callable[[Kept], Product]) -> None:
    """Let a product of a later capability be made again, by its name in audit rows."""
    AGAIN[name] = make


def reproduce(viewer: Viewer, number: int, *, clock: Clock) -> trail.Reproduced:
    """Whether a query's content comes out the same. Raises Denied, TrailError.

    A row says which product was asked for, with which filters and page, and that one is read
    again. Rows from before they did (docs/reference/audit-trail.md, format 1) do not: of
    comprehensive information the unfiltered first page is compared.
    """
    row = trail.query_of(viewer, number)
    if row.parameters is None:
        products = list(likely(row.service, day_in_china(row.at)))
        return trail.reproduce(viewer, number, products, now=clock.now())
    if row.service == Service.QUARANTINE:
        listed = quarantined(row.parameters)
        return trail.reproduce(viewer, number, (), now=clock.now(), listed=listed)
    if row.service == Service.COUNT:
        made: Product | None = trail.count_again(row)
    else:
        make = AGAIN.get(row.parameters.get("product", ""))
        made = make(row.parameters) if make else None
    return trail.reproduce(viewer, number, [made] if made else [], now=clock.now())


def quarantined(kept: Kept) -> list[Any]:
    """The rows of a batch in quarantine, in each way in which they are shown."""
    receipt = collect.receipt(kept["batch"])
    if kept["product"] == "rejects":
        rows = sha256(collect.export_rejects(receipt)).hexdigest()
        return [{"batch": receipt.batch, "rows": rows}]
    names = ("row_no", "problems", "original")
    page = slice(kept["offset"], kept["offset"] + kept["limit"])
    found = list(collect.quarantine_of(receipt).values(*names)[page])
    by_place = [[row[name] for name in names] for row in found]
    return [{"batch": receipt.batch, "rows": rows} for rows in (found, by_place)]


def likely(service: str, day: date) -> Sequence[Product]:
    """What a row that does not say it may have been asked for."""
    products: dict[str, Sequence[Product]] = {
        Service.BASIC: (Basic(day),),
        Service.SIGNS: (Signs(day),),
        Service.CUBE: (Cube(day),),
        Service.COMPREHENSIVE: tuple(Comprehensive(day, Slice(), 0, size) for size in PAGES),
    }
    return products.get(service, ())
