"""The outlets of a region: `regions/<region>/outlets/`, read and checked like its products.

`book.yaml` has the places, each other file the outlets of a lender.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from xinrong.catalogue.document import Document, read_document
from xinrong.catalogue.errors import Problem, Severity
from xinrong.catalogue.pack import validated
from xinrong.catalogue.region import regions_root
from xinrong.domain.text import Text
from xinrong.market.directory.definitions import Outlet, OutletBook, OutletFile, Seat
from xinrong.market.errors import MarketRefused, OutletsBroken
from xinrong.market.products.definitions import Lender
from xinrong.market.products.packs import Catalogue, load_products
from xinrong.profiles.services import criteria

FOLDER, BOOK = "outlets", "book.yaml"
_REMEDY = Text(
    zh="写法见 docs/how-to/publish-outlets.md。",
    en="docs/how-to/publish-outlets.md shows how outlets are written.",
)


@dataclass(frozen=True)
class Placed:
    """An outlet with its lender and its place; `here` says whether it is in the region."""

    outlet: Outlet
    lender: Lender
    seat: Seat
    here: bool


@dataclass(frozen=True, eq=False)
class Directory:
    """The outlets of a region in the order of files."""

    region: str
    book: OutletBook
    placed: tuple[Placed, ...]

    @cached_property
    def by_lender(self) -> Mapping[str, tuple[Placed, ...]]:
        """Id of a lender → its outlets."""
        found: dict[str, list[Placed]] = {}
        for one in self.placed:
            found.setdefault(one.lender.id, []).append(one)
        return {name: tuple(many) for name, many in found.items()}

    @cached_property
    def districts(self) -> Mapping[str, Seat]:
        """The places in the region that have outlets."""
        return {one.outlet.area: one.seat for one in self.placed if one.here}

    def outlet(self, name: str) -> Placed:
        """The outlet of that id. Raises MarketRefused."""
        for one in self.placed:
            if one.outlet.id == name:
                return one
        raise MarketRefused(
            f"there is no outlet {name[:64]!r} in this region",
            remedy="`xinrong market outlets list` names them all.",
            code="outlet_unknown",
        )


@dataclass
class OutletsPack:
    """What a region's folder holds, with every problem."""

    book: OutletBook | None = None
    files: list[tuple[Document, OutletFile]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def has_outlets(region: str, root: Path | None = None) -> bool:
    """Whether a directory is published for a region."""
    return ((root or regions_root()) / region / FOLDER / BOOK).is_file()


def read_outlets(region: str, root: Path | None = None) -> OutletsPack:
    """The outlets of a region's folder; what is wrong becomes a problem, never an error."""
    pack, folder = OutletsPack(), (root or regions_root()) / region / FOLDER
    for path in sorted(folder.glob("*.y*ml")):
        document = read_document(path, f"{FOLDER}/{path.name}")
        pack.problems += document.problems
        if document.problems or not isinstance(document.data, dict):
            continue
        if path.name == BOOK:
            book, wrong = validated(document, document.data, OutletBook)
            pack.book = book
        else:
            made, wrong = validated(document, document.data, OutletFile)
            if made is not None:
                pack.files.append((document, made))
        pack.problems += wrong
    return pack


def lint_outlets(region: str, root: Path | None = None) -> list[Problem]:
    """All that is wrong with a region's outlets, by file and line."""
    pack = read_outlets(region, root)
    found = [*pack.problems, *_problems(pack, load_products(region, root), region)]
    return sorted(found, key=lambda one: (one.file, one.line or 0, one.code))


@cache
def load_outlets(region: str, root: Path | None = None) -> Directory:
    """The directory of a region, read once in a process. Raises MarketRefused, OutletsBroken."""
    if not has_outlets(region, root):
        raise MarketRefused(
            f"no outlets are published for the region {region}",
            remedy=f"Write regions/{region}/{FOLDER}/: docs/how-to/publish-outlets.md.",
            code="no_outlets",
        )
    catalogue = load_products(region, root)
    pack = read_outlets(region, root)
    problems = [*pack.problems, *_problems(pack, catalogue, region)]
    if pack.book is None or any(one.severity is Severity.ERROR for one in problems):
        raise OutletsBroken(region, problems)
    lenders = {one.id: one for one in catalogue.lenders}
    areas, book = criteria.areas_of(region), pack.book
    placed = tuple(
        Placed(one, lenders[file.lender], book.places[one.area], one.area in areas)
        for _document, file in pack.files
        for one in file.outlets
    )
    return Directory(region, book, placed)


def _problems(pack: OutletsPack, catalogue: Catalogue, region: str) -> Iterator[Problem]:
    """A lender nobody knows, an outlet twice, a place without a seat, another number of outlets."""
    if pack.book is None:
        return
    lenders = {one.id: one for one in catalogue.lenders}
    areas, seen = criteria.areas_of(region), set[str]()
    for document, file in pack.files:
        lender = lenders.get(file.lender)
        if lender is None:
            yield _said(
                document, ("lender",), "outlets_lender",
                f"产品中没有机构 {file.lender}。",
                f"There is no lender {file.lender!r} among the products.",
            )  # fmt: skip
            continue
        for number, one in enumerate(file.outlets):
            loc = ("outlets", number)
            if one.id in seen:
                yield _said(
                    document, (*loc, "id"), "outlet_twice",
                    f"网点 {one.id} 重复。",
                    f"The outlet {one.id} is there twice.",
                )  # fmt: skip
            seen.add(one.id)
            if one.area not in pack.book.places:
                yield _said(
                    document, (*loc, "area"), "outlet_area",
                    f"book.yaml 中没有地点 {one.area}。",
                    f"book.yaml has no place {one.area}.",
                )  # fmt: skip
        here = Counter(one.area in areas for one in file.outlets)[True]
        if here != lender.outlets:
            yield _said(
                document, ("outlets",), "outlets_count",
                f"本地区网点 {here} 个，产品文件写的是 {lender.outlets} 个。",
                f"{here} outlets in the region, and the products' file says {lender.outlets}.",
            )  # fmt: skip


def _said(document: Document, loc: tuple[str | int, ...], code: str, zh: str, en: str) -> Problem:
    return document.problem(code, loc, Text(zh=zh, en=en), _REMEDY)
