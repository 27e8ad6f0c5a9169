"""What every query asks of the identity map, as plain SQL: the builder costs more than the answer.

The same questions as `finding` and `mapping` put; a test holds each to its counterpart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from xinrong.store import services as store
from xinrong.subjects.models import Enterprise
from xinrong.subjects.register.models import Succession

_NOW = "l.to_seq IS NULL"
_THEN = "l.from_seq <= %s AND (l.to_seq IS NULL OR l.to_seq > %s)"


def answering(code: str, seq: int | None, using: str) -> Enterprise | None:
    """Who answers for a code as of `seq` (now when None), else who has it; None: nobody."""
    columns, (when, moments) = store.columns_of(Enterprise, "e"), _at(seq)
    linked = (  # our own names are pasted, never a value
        f"SELECT {columns} FROM subjects_subject AS s "  # noqa: S608
        "JOIN subjects_identitylink AS l ON l.subject_id = s.id "
        "JOIN subjects_enterprise AS e ON e.id = l.enterprise_id "
        f"WHERE s.key = %s AND {when} ORDER BY l.id LIMIT 1"
    )
    own = f"SELECT {columns} FROM subjects_enterprise AS e WHERE e.code = %s"  # noqa: S608
    first, second = store.answers(
        using,
        store.Question(linked, [f"code:{code}", *moments]),
        store.Question(own, [code]),
    )
    found = first or second
    return store.read_row(Enterprise, found[0], using) if found else None


@contextmanager
def known_at(enterprise: int, seq: int, using: str) -> Iterator[None]:
    """Asks in one trip what is asked inside the block about one enterprise as of `seq`.

    That is its subjects, itself with what the register said later, and its names.
    """
    with store.asked_ahead(
        using,
        _subjects_question(enterprise, seq),
        _enterprise_question(enterprise, seq),
        _names_question(enterprise, seq),
    ):
        yield


def subjects_of_one(enterprise: int, seq: int | None, using: str) -> list[int]:
    """The subjects that an enterprise is as of `seq` (now when None)."""
    [found] = store.answers(using, _subjects_question(enterprise, seq))
    return [subject for (subject,) in found]


def enterprise_of(number: int, seq: int | None, using: str) -> tuple[Enterprise, bool] | None:
    """An enterprise as it is now, and whether the register said anything anew after `seq`."""
    [found] = store.answers(using, _enterprise_question(number, seq))
    if not found:
        return None
    *columns, later = found[0]
    return store.read_row(Enterprise, columns, using), bool(later)


def names_of(enterprise: int, seq: int, using: str) -> list[tuple[str, int]]:
    """(name, seq of the commit that brought it first), oldest first, as known at `seq`."""
    [found] = store.answers(using, _names_question(enterprise, seq))
    return [(name, brought) for name, brought, _ in found]


def following(
    here: Sequence[int], near: str, far: str, seq: int | None, using: str
) -> list[Succession]:
    """Successions of some enterprises, and of those that are part of them, with the far side.

    `near` and `far` are `predecessor` and `successor` in either order; as of `seq` (now when None),
    oldest first.
    """
    among, values = store.one_of(here, using)
    (open_then, moments), (linked_then, _) = _at(seq, "x"), _at(seq)
    sql = (  # our own names are pasted, never a value
        f"SELECT {store.columns_of(Succession, 'x')}, {store.columns_of(Enterprise, 'e')} "  # noqa: S608
        f"FROM subjects_succession AS x JOIN subjects_enterprise AS e ON e.id = x.{far}_id "
        f"WHERE {open_then} AND (x.{near}_id {among} OR x.{near}_id IN ("
        "SELECT p.id FROM subjects_identitylink AS l "
        "JOIN subjects_subject AS s ON s.id = l.subject_id "
        f"JOIN subjects_enterprise AS p ON p.code = s.code WHERE l.enterprise_id {among} "
        f"AND {linked_then})) ORDER BY x.from_seq, x.id"
    )
    [rows] = store.answers(using, store.Question(sql, [*moments, values, values, *moments]))
    width, found = store.width_of(Succession), []
    for row in rows:
        one = store.read_row(Succession, row[:width], using)
        setattr(one, far, store.read_row(Enterprise, row[width:], using))
        found.append(one)
    return found


@contextmanager
def parties_known(subjects: Sequence[int], seq: int, using: str) -> Iterator[None]:
    """Asks in one trip what is asked inside the block about some counterparties as of `seq`.

    That is their names, who they are now, and whether the register knows them.
    """
    if not subjects:
        yield
        return
    with store.asked_ahead(
        using,
        _sent_question(subjects, using),
        _moved_question(subjects, seq, using),
        _standing_question(subjects, seq, using),
    ):
        yield


def sent_names(subjects: Sequence[int], using: str) -> dict[int, tuple[str, str]]:
    """Subject → (code, name) with which it was first sent."""
    [found] = store.answers(using, _sent_question(subjects, using))
    return {subject: (code, name) for subject, code, name in found}


def moved_codes(subjects: Sequence[int], seq: int | None, using: str) -> dict[int, str]:
    """Subject → the code of its enterprise, of those that were sent with another or none."""
    [found] = store.answers(using, _moved_question(subjects, seq, using))
    return dict(found)


def standing_of(
    subjects: Sequence[int], seq: int | None, using: str
) -> dict[int, tuple[int, bool]]:
    """Subject → its enterprise, and whether the register knows that one."""
    [found] = store.answers(using, _standing_question(subjects, seq, using))
    return {subject: (number, not provisional) for subject, number, provisional in found}


def _sent_question(subjects: Sequence[int], using: str) -> store.Question:
    among, values = store.one_of(subjects, using)
    sql = f"SELECT s.id, s.code, s.name FROM subjects_subject AS s WHERE s.id {among}"  # noqa: S608
    return store.Question(sql, [values])


def _moved_question(subjects: Sequence[int], seq: int | None, using: str) -> store.Question:
    (among, values), (when, moments) = store.one_of(subjects, using), _at(seq)
    sql = (
        "SELECT l.subject_id, e.code FROM subjects_identitylink AS l "  # noqa: S608 (our own names)
        "JOIN subjects_subject AS s ON s.id = l.subject_id "
        "JOIN subjects_enterprise AS e ON e.id = l.enterprise_id "
        f"WHERE l.subject_id {among} AND {when} AND s.code <> e.code"
    )
    return store.Question(sql, [values, *moments])


def _standing_question(subjects: Sequence[int], seq: int | None, using: str) -> store.Question:
    (among, values), (when, moments) = store.one_of(subjects, using), _at(seq)
    sql = (
        "SELECT l.subject_id, l.enterprise_id, e.provisional "  # noqa: S608 (our own names)
        "FROM subjects_identitylink AS l JOIN subjects_enterprise AS e ON e.id = l.enterprise_id "
        f"WHERE l.subject_id {among} AND {when}"
    )
    return store.Question(sql, [values, *moments])


def _subjects_question(enterprise: int, seq: int | None) -> store.Question:
    when, moments = _at(seq)
    sql = (
        "SELECT l.subject_id FROM subjects_identitylink AS l "  # noqa: S608 (our own names)
        f"WHERE l.enterprise_id = %s AND {when} ORDER BY l.subject_id"
    )
    return store.Question(sql, [enterprise, *moments])


def _enterprise_question(number: int, seq: int | None) -> store.Question:
    columns, last = store.columns_of(Enterprise, "e"), "0" if seq is None else _LATER
    sql = f"SELECT {columns}, {last} FROM subjects_enterprise AS e WHERE e.id = %s"  # noqa: S608
    return store.Question(sql, [*([] if seq is None else [seq]), number])


_LATER = (
    "EXISTS (SELECT 1 FROM subjects_registerchange AS r "
    "WHERE r.enterprise_id = e.id AND r.seq > %s)"
)
_NAMES = (
    "SELECT n.name, n.seq, n.id FROM {table} AS n "  # noqa: S608 (our own names)
    "WHERE n.seq <= %s AND n.enterprise_id IN (SELECT e.id FROM subjects_identitylink AS l "
    "JOIN subjects_subject AS s ON s.id = l.subject_id "
    f"JOIN subjects_enterprise AS e ON e.code = s.code WHERE l.enterprise_id = %s AND {_THEN})"
)
_ALL_NAMES = (
    f"{_NAMES.format(table='subjects_enterprisename')} UNION ALL "
    f"{_NAMES.format(table='subjects_retractedname')} AND n.to_seq > %s ORDER BY 2, 3"
)


def _names_question(enterprise: int, seq: int) -> store.Question:
    mine = [seq, enterprise, seq, seq]
    return store.Question(_ALL_NAMES, [*mine, *mine, seq])


def _at(seq: int | None, of: str = "l") -> tuple[str, list[int]]:
    when, moments = (_NOW, []) if seq is None else (_THEN, [seq, seq])
    return when.replace("l.", f"{of}."), moments
