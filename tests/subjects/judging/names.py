"""Names that wait, for tests of runs, the queue and the ledger."""

from __future__ import annotations

from tests.store.rows import put, row
from tests.subjects.people import NOW, known, named
from xinrong.domain.clock import FixedClock
from xinrong.subjects.services import judging

CLOCK = FixedClock(NOW)
WHO = {"by": "李四", "why": "核对地址", "at": NOW}
NAME, TWICE = "恒远精密（虚构）有限公司", "静水园林（虚构）有限公司"


def link() -> judging.Done:
    return judging.link_waiting(clock=CLOCK)


def waiting(name: str = NAME, department: str = "tax", records: int = 1) -> int:
    """A subject with a name only and records behind it."""
    subject = named(name, department)
    put(*(row(subject, subject * 1_000 + number, 1) for number in range(records)))
    return subject


def doubtful(records: int = 1, department: str = "tax", first: int = 11) -> tuple[int, int, int]:
    """A name that two enterprises have: (subject, the one, the other), after a run."""
    name = f"{TWICE}{first}号店"
    one, other = known(first, name)[0], known(first + 1, name)[0]
    subject = waiting(name, department, records)
    link()
    return subject, one, other


def item(subject: int) -> judging.Item:
    return judging.numbered(judging.NamedSubject.objects.get(subject=subject).pk)


def decide(subject: int, verdict: str, code: str = "") -> object:
    now = item(subject).named
    return judging.decide(now.pk, now.revision, judging.Judged(verdict), code=code, **WHO)


def state(subject: int) -> str:
    return str(judging.NamedSubject.objects.get(subject=subject).state)
