"""The products of a region: `regions/<region>/products/`, read, checked and kept.

`book.yaml` has what all share, each other file a lender with its products. What cannot be read to
the end gives its problems, never a part of its products.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from pydantic import BaseModel

from xinrong.catalogue.document import Document, Loc, read_document
from xinrong.catalogue.errors import Problem, Severity
from xinrong.catalogue.pack import validated
from xinrong.catalogue.region import regions_root
from xinrong.domain.text import Text
from xinrong.market.errors import MarketRefused, NoProducts, ProductsBroken
from xinrong.market.products.definitions import Book, Lender, LenderFile, Product

FOLDER, BOOK = "products", "book.yaml"


@dataclass(frozen=True)
class Entry:
    """A product with its lender, and where it was read."""

    lender: Lender
    product: Product
    document: Document
    loc: Loc


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The products of a region in the order of files."""

    region: str
    book: Book
    entries: tuple[Entry, ...]

    @cached_property
    def products(self) -> Mapping[str, Entry]:
        """Id → product."""
        return {one.product.id: one for one in self.entries}

    @cached_property
    def lenders(self) -> tuple[Lender, ...]:
        """Every lender once."""
        return tuple(dict.fromkeys(one.lender for one in self.entries))

    def entry(self, name: str) -> Entry:
        """The product of that id. Raises MarketRefused."""
        found = self.products.get(name)
        if found is None:
            raise MarketRefused(
                f"there is no product {name[:64]!r} in this region",
                remedy="`xinrong market products list` names them all.",
                code="product_unknown",
            )
        return found


@dataclass
class ProductsPack:
    """What a region's folder holds, with every problem that keeps it from being used."""

    book: Book | None = None
    book_document: Document | None = None
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def folder_of(region: str, root: Path | None = None) -> Path:
    """Where the products of a region lie, if it has some."""
    return (root or regions_root()) / region / FOLDER


@cache
def has_products(region: str, root: Path | None = None) -> bool:
    """Whether products are published for a region at all."""
    return (folder_of(region, root) / BOOK).is_file()


def must_have(region: str, root: Path | None = None) -> None:
    """Raise NoProducts for a region without any."""
    if not has_products(region, root):
        raise NoProducts(
            f"no products are published for the region {region}",
            remedy=f"Write regions/{region}/{FOLDER}/{BOOK} and a file for each lender:"
            " docs/how-to/publish-a-product.md.",
        )


def read_products(region: str, root: Path | None = None) -> ProductsPack:
    """The products of a region's folder; what is wrong becomes a problem, never an error."""
    pack, folder = ProductsPack(), folder_of(region, root)
    document, book = _typed(folder / BOOK, Book, pack)
    pack.book_document = document
    pack.book = book if isinstance(book, Book) else None
    for path in sorted(folder.glob("*.y*ml")):
        if path.name == BOOK:
            continue
        document, read = _typed(path, LenderFile, pack)
        if isinstance(read, LenderFile):
            pack.entries.extend(
                Entry(read.lender, one, document, ("products", number))
                for number, one in enumerate(read.products)
            )
    pack.problems.extend(_twice(pack))
    return pack


@cache
def load_products(region: str, root: Path | None = None) -> Catalogue:
    """The products of a region, read once in a process. Raises NoProducts, ProductsBroken.

    An error of the linter keeps them all from being used: nobody is to be refused by a rule that
    contradicts itself.
    """
    from xinrong.market.products.linting import lint_pack

    must_have(region, root)
    pack = read_products(region, root)
    problems = [*pack.problems, *lint_pack(pack, region)]
    errors = [one for one in problems if one.severity is Severity.ERROR]
    if errors or pack.book is None:
        raise ProductsBroken(region, errors or problems)
    return Catalogue(region, pack.book, tuple(pack.entries))


def _typed(
    path: Path, model: type[BaseModel], pack: ProductsPack
) -> tuple[Document, BaseModel | None]:
    document = read_document(path, f"{FOLDER}/{path.name}")
    pack.problems += document.problems
    if document.problems or document.data is None:
        return document, None
    if not isinstance(document.data, dict):
        pack.problems.append(
            document.problem(
                "wrong_shape",
                (),
                Text(
                    zh="文件应写明 lender: 和 products:。",
                    en="The file must have `lender:` and `products:`.",
                ),
                Text(zh="请对照随附的产品文件。", en="Compare with one that is shipped."),
            )
        )
        return document, None
    made, wrong = validated(document, document.data, model)
    pack.problems += wrong
    return document, made


def _twice(pack: ProductsPack) -> Iterator[Problem]:
    """An id that is there already, of a product or of a lender."""
    products: dict[str, Entry] = {}
    lenders: dict[str, Entry] = {}
    for one in pack.entries:
        known = products.setdefault(one.product.id, one)
        if known is not one:
            yield _again(one, (*one.loc, "id"), one.product.id, known)
        known = lenders.setdefault(one.lender.id, one)
        if known.document is not one.document:
            yield _again(one, ("lender", "id"), one.lender.id, known)


def _again(one: Entry, loc: Loc, name: str, known: Entry) -> Problem:
    return one.document.problem(
        "product_twice",
        loc,
        Text(
            zh=f"{name} 已在 {known.document.file} 中定义。",
            en=f"{name} is defined in {known.document.file} already.",
        ),
        Text(zh="请改名，或在原处增加一个版本。", en="Rename it, or add a version where it is."),
    )
