"""What only the language of criteria can say of a region's lists: whether their grounds read."""

from __future__ import annotations

from datetime import date

from xinrong.catalogue.errors import Problem
from xinrong.catalogue.lists_pack import FOLDER, read_lists
from xinrong.catalogue.region import load_region, regions_root
from xinrong.domain.criteria import Criterion, Over, Severity, Source, Version, lint_criterion
from xinrong.domain.text import Text
from xinrong.profiles.services import criteria


def lint_lists(region: str) -> list[Problem]:
    """All that is wrong with the lists and measures of a region, their grounds included."""
    book, problems = read_lists(load_region(region), regions_root() / region)
    for one in book.lists.values():
        for ground in one.grounds:
            asked = Criterion(
                id=ground.id,
                over=Over.EVENT,
                category=ground.category,
                title=ground.title,
                versions=(
                    Version(
                        text=ground.criterion,
                        valid_from=date.min,
                        source=Source(document="-", article="-"),
                    ),
                ),
            )
            schema = criteria.event_schema(region, ground.category)
            problems += [
                Problem(
                    found.code,
                    f"{FOLDER}/{one.list}.yaml",
                    f"grounds[{ground.id}].criterion",
                    found.text,
                    Text(
                        zh="请对照 docs/how-to/write-a-rule.md 修改。",
                        en="docs/how-to/write-a-rule.md shows the language.",
                    ),
                )
                for _, found in lint_criterion(asked, schema)
                if found.severity is Severity.ERROR
            ]
    return problems
