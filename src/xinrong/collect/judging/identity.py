"""Whose record a row is: a valid code, else a name as its department wrote it.

A wrong code is never passed over in favour of the name beside it: the name may be another
enterprise's, and a record linked wrongly is worse than a record that waits for its sender. Only
an empty code, or one of the older numbers that are no code, leaves the name to speak.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.collect.judging.columns import Plan, first_filled
from xinrong.collect.judging.counterparties import CODE, LONGEST_NAME, NAME, NOTHING
from xinrong.collect.judging.rules import Problem, Rule, problem, unread
from xinrong.collect.judging.values import FINE, REMEMBERED, Column
from xinrong.domain import uscc
from xinrong.domain.names import fold
from xinrong.subjects.services import Identity, ensure_subjects

SUBJECT = "subject"
#: Problems of a code beside which the name may still say whose record it is.
OLDER_NUMBERS = frozenset({"old_registration_no", "organisation_code"})
_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Owner:
    """What code and name of one row come to: an identity and its key, or the problem."""

    identity: Identity | None
    key: str | None = None
    problem: Problem | None = None
    repaired: bool = False
    older_number: bool = False


@dataclass
class Owners:
    """The owners of the rows of one chunk: `which[i]` is row i's place in `distinct`."""

    which: npt.NDArray[np.int64]
    distinct: list[Owner]

    def column(self) -> Column:
        """Key texts of the subjects, with the problems of rows that have none."""
        keys = [owner.key for owner in self.distinct]
        values = pa.array(keys, pa.string()).take(pa.array(self.which))
        problems: list[Problem] = []
        places = np.full(len(self.distinct), FINE, np.int32)
        for number, owner in enumerate(self.distinct):
            if owner.problem is not None:
                places[number] = len(problems)
                problems.append(owner.problem)
        return Column(values, places[self.which], problems)

    def rows_where(self, attribute: str) -> npt.NDArray[np.bool_]:
        """Rows whose owner was `repaired`, or has an `older_number`."""
        marks = np.array([getattr(owner, attribute) for owner in self.distinct], dtype=np.bool_)
        return marks[self.which] if len(marks) else np.zeros(0, np.bool_)


class OwnerReader:
    """Reads the subject columns of one department's feed, chunk after chunk."""

    def __init__(self, department: str) -> None:
        self.department = department
        self._known: dict[str, Owner] = {}

    def read(self, chunk: pa.Table, plan: Plan) -> Owners:
        """The owner of every row."""
        code = pc.fill_null(first_filled(chunk, plan.code), "")
        name = pc.fill_null(first_filled(chunk, plan.name), "")
        pairs = pc.binary_join_element_wise(code, name, _SEPARATOR).dictionary_encode()
        if len(self._known) > REMEMBERED:
            self._known.clear()
        distinct = [self._owner(pair) for pair in pairs.dictionary.to_pylist()]
        return Owners(pairs.indices.to_numpy(zero_copy_only=False).astype(np.int64), distinct)

    def _owner(self, pair: str) -> Owner:
        found = self._known.get(pair)
        if found is None:
            code, _, name = pair.partition(_SEPARATOR)
            found = self._known[pair] = self.owner(code, name)
        return found

    def owner(self, code: str, name: str) -> Owner:
        """Whose record a row with this code and name is (both tidied, perhaps empty)."""
        reading = uscc.read_code("" if code in NOTHING else code)
        if reading.code is not None:
            kept = name if len(name) <= LONGEST_NAME and any(map(str.isalnum, name)) else ""
            identity = Identity(reading.code, kept, self.department)
            return Owner(identity, identity.key, repaired=bool(reading.repairs))
        if reading.problem != "empty" and reading.problem not in OLDER_NUMBERS:
            return Owner(None, problem=_wrong_code(reading.problem, code))
        if not fold(name):
            if reading.problem in OLDER_NUMBERS:
                return Owner(None, problem=_wrong_code(reading.problem, code))
            return Owner(None, problem=problem(Rule.SUBJECT_MISSING, SUBJECT))
        if len(name) > LONGEST_NAME:
            return Owner(None, problem=problem(Rule.NAME_TOO_LONG, SUBJECT, name, LONGEST_NAME))
        older = reading.problem in OLDER_NUMBERS
        identity = Identity("", name, self.department)
        return Owner(identity, identity.key, older_number=older)


def _wrong_code(found: str, code: str) -> Problem:
    return unread("code", found, SUBJECT, code, uscc.words(found))


@dataclass
class SubjectBook:
    """The subjects of one batch: key text → number, and the last name each was given.

    Made through `subjects.services` before the commit: a subject is permanent and, until a
    record names it, means nothing.
    """

    department: str
    numbers: dict[str, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)  # subjects with a code
    unlinked: set[int] = field(default_factory=set)

    def enter(self, owners: Sequence[Owner]) -> list[int]:
        """The number of each owner, in order; all of them have an identity."""
        known = [(one.key, one.identity) for one in owners if one.key and one.identity]
        new = {key: identity for key, identity in known if key not in self.numbers}
        self.numbers.update(zip(new, ensure_subjects(list(new.values())), strict=True))
        found = []
        for key, identity in known:
            number = self.numbers[key]
            found.append(number)
            if not identity.code:
                self.unlinked.add(number)
            elif identity.name or number not in self.names:
                self.names[number] = identity.name
        return found

    def enter_texts(self, texts: Sequence[str]) -> dict[str, int]:
        """Counterparties as `parse_enterprise` gives them → their numbers."""
        identities = {text: identity_of(text, self.department) for text in texts}
        new = {one.key: one for one in identities.values() if one.key not in self.numbers}
        self.numbers.update(zip(new, ensure_subjects(list(new.values())), strict=True))
        return {text: self.numbers[one.key] for text, one in identities.items()}


def identity_of(text: str, department: str) -> Identity:
    """The identity behind `code:…` or `name:…` (a name as sent)."""
    if text.startswith(CODE):
        return Identity(text.removeprefix(CODE), "", department)
    return Identity("", text.removeprefix(NAME), department)
