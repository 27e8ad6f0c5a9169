"""Parts that later capabilities put into a report: the grade, where rating is there.

Files know nothing of grades; a capability above says how its part is read and what it claims.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from xinrong.accounts.services import Viewer

#: Reads a part for an enterprise about itself, as of a day and (None: now) a state of the store:
#: through the gate, with an audit row of its own. Raises what speaks against it.
Maker = Callable[[Viewer, int, date, int | None], list[dict[str, Any]]]

_makers: dict[str, tuple[Maker, Callable[[], bool]]] = {}


def carries(part: str, make: Maker, there: Callable[[], bool]) -> None:
    """Let reports carry a part of a later capability, where `there` says that it is made here."""
    _makers[part] = make, there


def carried() -> Mapping[str, Maker]:
    """The parts that later capabilities make here and now."""
    return {part: make for part, (make, there) in _makers.items() if there()}
