"""What goes wrong on purpose, and how often: shares between 0 and 1, from a seed."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Faults:
    """`loses`: a message is taken and the answer never leaves; or it is not taken at all.

    `fails`: 503. `garbles`: 200 and `garbage` bytes of nothing. `silent`: 200 to everything,
    nothing is kept. `down`: 500 to everything. `doubles`: own messages are sent twice. `late`: own
    messages wait up to so many seconds, so that they overtake each other. `waits`: seconds before
    each answer.
    """

    loses: float = 0.0
    fails: float = 0.0
    garbles: float = 0.0
    garbage: int = 10 << 20
    silent: bool = False
    down: bool = False
    doubles: float = 0.0
    late: float = 0.0
    waits: float = 0.0


class Dice:
    """Draws for all threads."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._lock = threading.Lock()

    def falls(self, share: float) -> bool:
        """Whether it happens this time."""
        if share <= 0:
            return False
        with self._lock:
            return self._dice.random() < share

    def between(self, most: float) -> float:
        """A number from 0 to that."""
        with self._lock:
            return self._dice.uniform(0, most) if most > 0 else 0.0
