"""`draft` turns a sample file into a draft contract and a draft feed."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xinrong.catalogue.draft_yaml import Names, contract_yaml, feed_yaml
from xinrong.catalogue.drafting import Plan, plan
from xinrong.catalogue.errors import SampleError
from xinrong.catalogue.region import Department
from xinrong.catalogue.sniff import read_sample
from xinrong.catalogue.vocabulary import slug, words_for

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Draft:
    """Two files to write, and the plan behind them for the preview."""

    plan: Plan
    names: Names
    contract: str
    feed: str

    @property
    def files(self) -> dict[str, str]:
        """Path inside the region pack -> text."""
        return {
            f"catalogue/{self.names.category}.yaml": self.contract,
            f"feeds/{self.names.feed}.yaml": self.feed,
        }


def draft(
    path: Path,
    *,
    name: str = "",
    department: str = "",
    departments: Mapping[str, Department] | None = None,
    project: Path | None = None,
) -> Draft:
    """Read a sample and draft its contract and feed. Raises SampleError.

    `name` is the category's identifier (else taken from the file's name), `department` an id of
    `departments` (else guessed from the path), `project` the folder that samples are named from.
    """
    if name and not _IDENTIFIER.fullmatch(name):
        raise SampleError(
            path,
            "bad_name",
            f"`{name}` cannot name a category. 不能作为类目标识。",
            "Use a-z, 0-9 and underscores, a letter first. 请用小写字母开头。",
        )
    found = plan(read_sample(path))
    names = _names(path, name, department, departments or {}, project)
    return Draft(found, names, contract_yaml(found, names), feed_yaml(found, names))


def _names(
    path: Path,
    name: str,
    department: str,
    departments: Mapping[str, Department],
    project: Path | None,
) -> Names:
    stem = path.stem.strip() or "draft"
    known = words_for(stem)
    latin = slug(stem)
    category = name or latin or (known[0] if known else "new_category")
    sender = department or _likely(path, departments)
    return Names(
        category=category,
        feed=f"{sender}_{category}"[:80].rstrip("_"),
        department=sender,
        title_zh=stem,
        title_en=known[1] if known else stem,
        sample=_inside(path, project),
        department_guessed=not department,
    )


def _likely(path: Path, departments: Mapping[str, Department]) -> str:
    """The department whose id or title shares most with the file's path; the first of equals."""
    if not departments:
        return "to_fill"
    text = "/".join(path.resolve().parts[-3:])

    def shared(department: Department) -> int:
        title = department.title.zh
        pairs = {title[i : i + 2] for i in range(len(title) - 1)}
        return sum(pair in text for pair in pairs) + 20 * (f"/{department.id}/" in text)

    return max(departments.values(), key=shared).id


def _inside(path: Path, project: Path | None) -> str:
    """The sample's path from the project's folder, or "" when it lies elsewhere."""
    if project is None:
        return ""
    relative = os.path.relpath(path.resolve(), project.resolve())
    return "" if relative.startswith("..") else Path(relative).as_posix()
