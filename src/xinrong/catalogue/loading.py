"""From a folder of YAML to a region: everything is checked before anything is used."""

from __future__ import annotations

from pathlib import Path

from xinrong.catalogue.errors import CatalogueError, Problem, Severity
from xinrong.catalogue.lint import lint
from xinrong.catalogue.pack import Pack, read_pack
from xinrong.catalogue.region import Region


def problems(path: Path) -> list[Problem]:
    """All that is wrong with a region pack, by file and line; warnings among them."""
    return _problems(read_pack(path))


def build_region(path: Path) -> Region:
    """Load and cross-check one region pack; warnings do not stop it.

    Raises CatalogueError, which holds every error of the pack.
    """
    pack = read_pack(path)
    errors = [problem for problem in _problems(pack) if problem.severity is Severity.ERROR]
    if errors or pack.info is None:
        raise CatalogueError(errors, pack.name)
    return Region(
        info=pack.info.thing,
        departments={department.id: department for department in pack.departments},
        contracts={loaded.thing.category: loaded.thing for loaded in pack.contracts},
        feeds={loaded.thing.feed: loaded.thing for loaded in pack.feeds},
        consents={loaded.thing.template: loaded.thing for loaded in pack.consents},
    )


def _problems(pack: Pack) -> list[Problem]:
    found = [*pack.problems, *lint(pack)]
    return sorted(found, key=lambda one: (one.file, one.line or 0, one.key, one.code))
