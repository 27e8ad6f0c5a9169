"""Which enterprises the commits after a seq have touched: the only source of the dirty queue."""

from __future__ import annotations

import numpy as np

from xinrong.store.services import subjects_touched
from xinrong.subjects.services import (
    enterprise_numbers,
    enterprises_changed,
    enterprises_of_subjects,
)

FEW = 500


def touched_between(after: int, upto: int) -> set[int]:
    """The enterprises of which a commit after one seq, and by another, changed something."""
    return enterprises_changed(after, upto) | _enterprises(subjects_touched(after, upto))


def _enterprises(subjects: set[int]) -> set[int]:
    if len(subjects) <= FEW:
        return {one.pk for one in enterprises_of_subjects(sorted(subjects))}
    numbers = enterprise_numbers(np.array(sorted(subjects), np.int64))
    return set(numbers[numbers > 0].tolist())
