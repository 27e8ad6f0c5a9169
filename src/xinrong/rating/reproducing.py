"""Queries of grades, made again for an auditor as their audit rows keep them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from xinrong.files.services import reproduces
from xinrong.rating.products import Grades


def again(kept: Mapping[str, Any]) -> Grades:
    """The product that a row's parameters name: by the cards of then, which are kept."""
    return Grades(
        date.fromisoformat(kept["as_of"]), kept["cards"], int(kept["version"]), int(kept["line"])
    )


reproduces(Grades.name, again)
