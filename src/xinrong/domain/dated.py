"""What is in force from one day to another: one version at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Protocol


class Dated(Protocol):
    """In force from `valid_from` to `valid_until`, both included; None: until further notice."""

    @property
    def valid_from(self) -> date: ...

    @property
    def valid_until(self) -> date | None: ...


def holds(version: Dated, on: date) -> bool:
    """Whether it is in force on a day."""
    return version.valid_from <= on and (version.valid_until is None or on <= version.valid_until)


def in_force[V: Dated](versions: Sequence[V], on: date) -> V | None:
    """The version in force on a day; None before the first, after the last, or between."""
    return next((one for one in versions if holds(one, on)), None)


def check_order(version: Dated) -> None:
    """Raise ValueError where it ends before it begins."""
    if version.valid_until is not None and version.valid_until < version.valid_from:
        raise ValueError(f"it ends on {version.valid_until}, before {version.valid_from}")


def check_one_a_day(versions: Sequence[Dated]) -> None:
    """Raise ValueError where there is no version, or two are in force on one day."""
    if not versions:
        raise ValueError("it has no version (没有任何版本)")
    for one, following in pairwise(versions):
        if one.valid_until is None or one.valid_until >= following.valid_from:
            raise ValueError(
                f"two versions are in force on {following.valid_from}: "
                f"the one from {one.valid_from} must end before"
            )
