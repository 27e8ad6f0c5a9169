"""Who registers a body, and what kind it is, by the first two characters of its credit code.

法人和其他组织统一社会信用代码编码规则 (GB 32100-2015), table 1, with the registrars that its
amendment added (A, N).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from xinrong.domain.standards.regions import Region, region_of_code
from xinrong.domain.standards.tables import rows_of, version_on
from xinrong.domain.text import Text


@dataclass(frozen=True, slots=True)
class Body:
    """What a credit code says; `registrar` and `kind` are None where the table has no entry."""

    registrar: Text | None
    kind: Text | None
    region: Region


def body_of_code(code: str, on: date | None = None) -> Body:
    """What the first eight characters of a code say. Never raises; checks no digit."""
    registrars = _words(version_on("registrars", on).file)
    kinds = _words(version_on("bodies", on).file)
    return Body(registrars.get(code[:1]), kinds.get(code[:2]), region_of_code(code, on))


@cache
def _words(file: str) -> dict[str, Text]:
    return {row["code"]: Text(zh=row["zh"], en=row["en"]) for row in rows_of(file)}
