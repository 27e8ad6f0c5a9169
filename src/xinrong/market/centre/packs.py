"""The services of a region, read and checked: what is wrong is said by file and line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from xinrong.catalogue.document import Document, read_document
from xinrong.catalogue.errors import Problem
from xinrong.catalogue.pack import validated
from xinrong.catalogue.region import load_region, regions_root
from xinrong.domain.text import Text
from xinrong.market.centre.definitions import Service, ServiceBook
from xinrong.market.errors import MarketRefused, ServicesBroken
from xinrong.profiles.services import criteria

FILE = "services.yaml"
_REMEDY = Text(
    zh="写法见 docs/how-to/run-the-service-centre.md。",
    en="docs/how-to/run-the-service-centre.md shows how services are written.",
)


def has_services(region: str, root: Path | None = None) -> bool:
    """Whether a region publishes services."""
    return _path(region, root).is_file()


def lint_services(region: str, root: Path | None = None) -> list[Problem]:
    """All that is wrong with a region's services, by line."""
    return _read(region, root)[1]


@cache
def load_services(region: str, root: Path | None = None) -> ServiceBook:
    """The services of a region, read once. Raises MarketRefused (no_services), ServicesBroken."""
    if not has_services(region, root):
        raise MarketRefused(
            f"no services are published for the region {region}",
            remedy=f"Write regions/{region}/{FILE}: docs/how-to/run-the-service-centre.md.",
            code="no_services",
        )
    book, problems = _read(region, root)
    if book is None or problems:
        raise ServicesBroken(region, problems)
    return book


def service_of(region: str, name: str) -> Service:
    """A service by its id. Raises MarketRefused (service_unknown)."""
    if has_services(region):
        for one in load_services(region).services:
            if one.id == name:
                return one
    raise MarketRefused(
        f"there is no service {name[:40]!r} here",
        remedy="Choose one of those that are published.",
        code="service_unknown",
    )


def _path(region: str, root: Path | None) -> Path:
    return (root or regions_root()) / region / FILE


def _read(region: str, root: Path | None) -> tuple[ServiceBook | None, list[Problem]]:
    document = read_document(_path(region, root), FILE)
    if document.problems:
        return None, document.problems
    if not isinstance(document.data, dict):
        wrong = Text(
            zh="文件应写明 title、services 等。", en="The file must have title, services …"
        )
        return None, [document.problem("wrong_shape", (), wrong, _REMEDY)]
    book, problems = validated(document, document.data, ServiceBook)
    if book is not None:
        problems = list(_problems(document, book, region))
    return book, problems


def _problems(document: Document, book: ServiceBook, region: str) -> Iterator[Problem]:
    """A department that nobody knows, a district that is not of the region."""
    departments, areas = load_region(region).departments, criteria.areas_of(region)
    for place, one in enumerate(book.services):
        if one.department not in departments:
            yield document.problem(
                "service_department",
                ("services", place, "department"),
                Text(
                    zh=f"departments.yaml 中没有部门 {one.department}。",
                    en=f"departments.yaml has no department {one.department}.",
                ),
                _REMEDY,
            )
        if one.area and one.area not in areas:
            yield document.problem(
                "service_area",
                ("services", place, "area"),
                Text(
                    zh=f"{one.area} 不是本地区的区县代码。",
                    en=f"{one.area} is no district of this region.",
                ),
                _REMEDY,
            )
