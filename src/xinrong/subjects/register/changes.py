"""What the register said anew, without what was retracted since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xinrong.subjects.models import RegisterChange


def counted(change: RegisterChange, seq: int | None) -> bool:
    """Whether a change counts as of a seq (now when None)."""
    gone = change.retracted_seq
    return gone is None or (seq is not None and seq < gone)


def standing(changes: Iterable[RegisterChange], seq: int | None = None) -> Iterator[RegisterChange]:
    """The changes that count, each from what was said before by one that counts.

    `changes` come in the order of their seqs, retracted ones among them. One that leads from a
    text to the same text, because what lay between was retracted, is none.
    """
    waiting: dict[tuple[int, str], str] = {}
    for change in changes:
        about = (change.enterprise_id, change.what)
        if not counted(change, seq):
            waiting.setdefault(about, change.before)
            continue
        change.before = waiting.pop(about, change.before)
        if change.before != change.after:
            yield change
