"""A criterion taken apart for a form: its conditions in groups, each by its path in the tree.

The path of the whole is (), of its second part (1,), of that part's first (1, 0). What is changed
is a new tree; `writing.to_text` gives its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xinrong.domain.criteria.conditions import PreparedCondition
from xinrong.domain.criteria.tree import And, Condition, Or, Wanted, plan
from xinrong.domain.criteria.writing import to_text
from xinrong.domain.text import Text

Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the form: a group (`joint` AND or OR), a condition, or a part in its own words.

    `sentence` says what is needed; None for a group, and for a NOT over several conditions, which
    only the text can show. `at` is the character in the text.
    """

    path: Path
    text: str
    joint: str = ""
    sentence: Text | None = None
    at: int = 0

    @property
    def depth(self) -> int:
        """How far it is indented."""
        return len(self.path)


def parts_of(condition: Condition, path: Path = ()) -> Iterator[Part]:
    """The lines of a criterion, groups before what they hold."""
    if isinstance(condition, And | Or):
        joint = "AND" if isinstance(condition, And) else "OR"
        yield Part(path, to_text(condition), joint=joint, at=condition.at)
        for number, part in enumerate(condition.parts):
            yield from parts_of(part, (*path, number))
        return
    yield Part(path, to_text(condition), sentence=requirement(condition), at=condition.at)


def requirement(condition: Condition) -> Text | None:
    """What a single condition asks for, in words; None for several under one NOT."""
    found = plan(condition)
    return PreparedCondition(found).requirement if isinstance(found, Wanted) else None


def part_at(condition: Condition, path: Path) -> Condition | None:
    """The part at a path; None where there is none."""
    for step in path:
        if not isinstance(condition, And | Or) or not 0 <= step < len(condition.parts):
            return None
        condition = condition.parts[step]
    return condition


def without(condition: Condition, path: Path) -> Condition | None:
    """The criterion without a part; None when nothing is left, the same for a path to nothing."""
    if not path:
        return None
    if part_at(condition, path) is None or not isinstance(condition, And | Or):
        return condition
    step, *further = path
    parts = list(condition.parts)
    left = without(parts[step], tuple(further))
    if left is None:
        del parts[step]
    else:
        parts[step] = left
    return _joined(type(condition), parts)


def replaced(condition: Condition, path: Path, by: Condition) -> Condition:
    """The criterion with another condition in a part's place."""
    if not path:
        return by
    if not isinstance(condition, And | Or) or part_at(condition, path) is None:
        return condition
    step, *further = path
    parts = list(condition.parts)
    parts[step] = replaced(parts[step], tuple(further), by)
    return _joined(type(condition), parts)


def added(condition: Condition | None, path: Path, new: Condition, joint: str) -> Condition:
    """The criterion with a condition more, joined to the part at a path by AND or OR.

    A group of that joint takes it as its last; anything else becomes a group with it.
    """
    if condition is None:
        return new
    part = part_at(condition, path)
    if part is None:
        return condition
    kind = And if joint == "AND" else Or
    parts = [*part.parts, new] if isinstance(part, kind) else [part, new]
    return replaced(condition, path, _joined(kind, parts))


def turned(condition: Condition, path: Path) -> Condition:
    """The criterion with a group's joint turned: AND becomes OR, OR becomes AND."""
    part = part_at(condition, path)
    if not isinstance(part, And | Or):
        return condition
    kind = Or if isinstance(part, And) else And
    return replaced(condition, path, _joined(kind, list(part.parts)))


def _joined(kind: type[And | Or], parts: list[Condition]) -> Condition:
    """A group made flat; a single part stands for itself."""
    flat: list[Condition] = []
    for one in parts:
        flat.extend(one.parts if isinstance(one, kind) else [one])
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def read_path(text: str) -> Path:
    """A path as a form sends it, "1.0"; () for what is none."""
    steps = text.split(".") if text else []
    if len(steps) > 40 or not all(step.isascii() and step.isdigit() for step in steps):
        return ()
    return tuple(int(step[:4]) for step in steps)
