"""What about a batch calls for an alarm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from statistics import median
from typing import Any

from xinrong.collect.models.quality import AlarmKind
from xinrong.collect.quality.departure import LEAST_HISTORY
from xinrong.collect.quality.history import History

#: A batch is large or small when its rows are so many times, or one so many-th, the usual ones …
TIMES = 3.0
#: … and so many median deviations (of the logarithm) from them.
DEVIATIONS = 5.0
#: Shapes that are counted over all rows have alarms of their own.
KIND_OF_SHAPE = {"empty": AlarmKind.EMPTY, "refused": AlarmKind.REFUSED}


@dataclass(frozen=True)
class Cause:
    """One thing that is as it should not be; plain figures for the words of the page."""

    kind: AlarmKind
    figures: Mapping[str, Any]
    field: str = ""


def causes_of(
    history: History,
    *,
    columns: Sequence[str],
    rows: int,
    suspicions: Mapping[str, Mapping[str, Any]],
) -> list[Cause]:
    """Everything about a batch that departs from the history of its feed."""
    found = []
    new = [name for name in columns if history.ever is not None and name not in history.ever]
    missing = [name for name in history.always if name not in columns]
    if new or missing:
        found.append(Cause(AlarmKind.COLUMNS, {"new": new, "missing": missing}))
    if far_from_usual(rows, history.rows):
        figures = {"rows": rows, "usual": round(history.usual_rows())}
        found.append(Cause(AlarmKind.VOLUME, figures))
    for name, suspicion in suspicions.items():
        kind = KIND_OF_SHAPE.get(suspicion["shape"], AlarmKind.CONTENT)
        found.append(Cause(kind, dict(suspicion), name))
    return found


def far_from_usual(rows: int, past: Sequence[int]) -> bool:
    """Whether a number of rows is far from those of the history, on a scale of factors."""
    if len(past) < LEAST_HISTORY:
        return False
    logs = [log(1 + one) for one in past]
    centre = median(logs)
    spread = 1.4826 * median(abs(one - centre) for one in logs)
    return abs(log(1 + rows) - centre) > max(log(TIMES), DEVIATIONS * spread)
