"""Enterprises for tests of identity: a code, its subject, a link, a record."""

from __future__ import annotations

from datetime import UTC, datetime

from xinrong.domain.uscc import check_digit
from xinrong.subjects.services import Identity, ensure_subjects, enterprise_by_code, link_new

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)


def code(number: int, kind: str = "91") -> str:
    first = f"{kind}331002XR{number:07d}"
    return first + check_digit(first)


def known(number: int, name: str, *, register: bool = True, seq: int = 0) -> tuple[int, int]:
    """Make and link a subject; (enterprise, subject)."""
    [subject] = ensure_subjects([Identity(code(number), name, "market")])
    link_new({subject: name}, seq, register=register)
    return enterprise_by_code(code(number)).pk, subject


def named(name: str, department: str = "tax") -> int:
    """A subject with a name only, linked to nobody."""
    [subject] = ensure_subjects([Identity("", name, department)])
    return subject
