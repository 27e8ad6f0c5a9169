"""The loop that the worker runs beside its tasks: seal, and sign a checkpoint every minute."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

from xinrong.domain.clock import Clock
from xinrong.domain.errors import XinrongError
from xinrong.trust.sealing.checkpoints import EVERY, is_due, write_checkpoint
from xinrong.trust.sealing.sealer import Sealer
from xinrong.trust.trail.usage import count_usage

logger = logging.getLogger(__name__)

#: Seconds between two looks for rows; a row is sealed within a second of its commit.
PAUSE = 0.4
#: Seconds to wait after the database refused.
PAUSE_AFTER_FAULT = 5.0


class Keeper:
    """Seals, counts usage and signs, pass by pass. What fails is logged, and tried again."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.sealer = Sealer(clock)
        self.asked_at = clock.now() - EVERY

    def step(self) -> float:
        """Do what is due; returns the seconds to wait before the next step."""
        try:
            if self.sealer.seal():
                count_usage()
            self._checkpoint()
        except DatabaseError:
            logger.exception("audit rows could not be sealed; trying again")
            connection.close()
            self.sealer = Sealer(self.clock)
            return PAUSE_AFTER_FAULT
        return PAUSE

    def _checkpoint(self) -> None:
        """At most once a minute; a checkpoint that fails does not hold the sealing up."""
        now = self.clock.now()
        if now - self.asked_at < EVERY:
            return
        try:
            if is_due(now):
                write_checkpoint(self.clock)
                self.asked_at = now
        except XinrongError as error:
            self.asked_at = now
            logger.error("no checkpoint of the audit chain: %s", error)  # noqa: TRY400 - no fault of ours


def keep_sealing(clock: Clock, stopping: threading.Event) -> None:
    """Seal until told to stop."""
    keeper = Keeper(clock)
    try:
        while not stopping.is_set():
            stopping.wait(keeper.step())
    finally:
        connection.close()


@contextmanager
def sealing_beside(clock: Clock) -> Iterator[None]:
    """A thread that seals for as long as the block runs."""
    stopping = threading.Event()
    thread = threading.Thread(target=keep_sealing, args=(clock, stopping), name="sealer")
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
