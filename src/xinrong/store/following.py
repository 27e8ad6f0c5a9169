"""Who follows a retraction: what others derived from a batch goes with it, in one transaction.

Capabilities above the store say so when their app is ready. A restore that repeats a retraction
has them follow as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Retracted:
    """A batch that was committed with `seq` and is retracted at `at_seq`.

    `subjects` are those of its records. `stands` (subject, seq) are the assertions of the same
    records by batches that stand.
    """

    batch: int
    category: str
    seq: int
    at_seq: int
    subjects: pa.ChunkedArray
    stands: pa.Table


Follower = Callable[[Retracted], None]
_followers: list[Follower] = []


def follows_retraction(follower: Follower) -> Follower:
    """Have a function follow every retraction, inside its transaction."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def follow(retracted: Retracted) -> None:
    """Let all of them follow."""
    for follower in _followers:
        follower(retracted)
