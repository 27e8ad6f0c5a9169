"""Visits: somebody looks at one enterprise at one moment; a visit becomes one to four rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xinrong.synth.streams import Bools, Floats, Ints, Stream

PRE_LOAN, APPROVAL, POST_LOAN = 0, 1, 2
#: How a working day is spent, by half hours from 8:00; lunch from half past eleven to one.
HALF_HOURS = (3, 9, 11, 12, 11, 10, 9, 4, 2, 3, 8, 10, 11, 11, 10, 9, 8, 6, 3, 2)


@dataclass(frozen=True)
class Visits:
    """Arrays of the same length. `minute` since midnight; `planted` marks snooping."""

    user: Ints
    day: Ints
    minute: Floats
    enterprise: Ints
    stage: Ints
    denied: Bools
    planted: Bools

    def __len__(self) -> int:
        return len(self.user)


@dataclass(frozen=True)
class Ties:
    """Consents asked for and given while the time ran: bank's user, enterprise, days."""

    handler: Ints
    enterprise: Ints
    asked: Ints
    since: Ints  # day of the grant; -1: refused
    until: Ints


def visits(
    user: Ints,
    day: Ints,
    minute: Floats,
    enterprise: Ints,
    stage: Ints | int,
    denied: Bools | None = None,
    *,
    planted: bool = False,
) -> Visits:
    """Visits with the defaults filled in."""
    size = len(user)
    none = np.zeros(size, dtype=bool)
    return Visits(
        user, day, minute, enterprise, np.broadcast_to(np.asarray(stage), (size,)),
        none if denied is None else denied, np.full(size, planted),
    )  # fmt: skip


def joined(parts: list[Visits]) -> Visits:
    """Several as one."""
    names = Visits.__dataclass_fields__
    return Visits(**{n: np.concatenate([getattr(one, n) for one in parts]) for n in names})


def office_minutes(draw: Stream, size: int) -> Floats:
    """Minutes of a working day."""
    half = draw.pick(size, HALF_HOURS)
    return 480.0 + 30 * half + 30 * draw.unit(size)


def minutes(draw: Stream, evening: Floats) -> Floats:
    """Minutes of a working day, some in the evening."""
    size = len(evening)
    late = 1080.0 + 210 * draw.unit(size) ** 1.5
    return np.where(draw.unit(size) < evening, late, office_minutes(draw, size))
