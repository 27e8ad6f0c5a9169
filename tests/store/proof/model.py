"""What must be in the store: a plain model of what was acknowledged, and what the store shows.

The process under test appends to a diary: a line before it begins something, and a line when that
is acknowledged. After a kill at most one thing is begun and not acknowledged: the store may show
the state before it or the state after it, and nothing in between.

The record of a key that counts is that of the newest standing batch that sent the key; suppressed
keys are not shown, erased ones never again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Event = dict[str, Any]
#: Subjects of the proof's records: a key's subject never changes.
SUBJECTS = range(1, 8)


def subject_of(key: int) -> int:
    """Whose record a key is."""
    return SUBJECTS[key % len(SUBJECTS)]


def text_of(key: int, content: int) -> str:
    """The display text of a version: long and different for each, so that a lost page shows."""
    return json.dumps({"text": f"{key}:{content} " * (1 + (key + content) % 40)})


@dataclass
class State:
    """Batches in the order of their commits, keys that are not shown, files that were taken."""

    batches: dict[str, dict[int, int]] = field(default_factory=dict)  # name -> key -> content
    retracted: set[str] = field(default_factory=set)
    suppressed: set[int] = field(default_factory=set)
    erased: set[int] = field(default_factory=set)
    files: dict[str, int] = field(default_factory=dict)  # name -> rows in

    def apply(self, event: Event) -> None:
        """Do what the event says."""
        match event["verb"]:
            case "send":
                rows = {int(key): content for key, content in event["rows"]}
                kept = {key: content for key, content in rows.items() if key not in self.erased}
                self.batches[event["name"]] = kept
            case "retract":
                self.retracted.add(event["name"])
            case "suppress":
                self.suppressed |= set(event["keys"])
            case "lift":
                self.suppressed -= set(event["keys"])
            case "erase":
                self.erased |= set(event["keys"])
            case "file":
                self.files[event["name"]] = event["rows_in"]
            case "compact" | "rewrite" | "clean":
                pass
            case other:
                raise ValueError(other)

    def visible(self) -> dict[int, int]:
        """Key -> content of every record that a reader sees."""
        seen: dict[int, int] = {}
        for name, rows in self.batches.items():
            if name not in self.retracted:
                seen.update(rows)
        hidden = self.suppressed | self.erased
        return {key: content for key, content in seen.items() if key not in hidden}


@dataclass
class Diary:
    """What was begun, what was acknowledged."""

    state: State = field(default_factory=State)
    begun: Event | None = None
    acknowledged: int = 0

    def read(self, lines: Iterable[str]) -> Diary:
        """Follow lines of the diary; a last one that was cut off says nothing."""
        for line in lines:
            if not line.endswith("\n"):
                break
            self.follow(json.loads(line))
        return self

    def follow(self, event: Event) -> None:
        """`begin` names what is tried; `end` says whether it took place."""
        if "begin" in event:
            self.begun = event["begin"]
            return
        assert self.begun is not None
        if event["end"]:
            self.state.apply(self.begun)
            self.acknowledged += 1
        self.begun = None

    def possible(self) -> Iterator[State]:
        """The states that the store may be in: before what is pending, and after it."""
        yield self.state
        if self.begun is not None:
            after = deepcopy(self.state)
            after.apply(self.begun)
            yield after


def read_diary(path: Path) -> Diary:
    """A diary from its file; an empty one when there is none yet."""
    if not path.exists():
        return Diary()
    with path.open(encoding="utf-8", newline="\n") as lines:
        return Diary().read(lines)


@dataclass
class Seen:
    """What a fresh process found in the store."""

    rows: list[tuple[int, int, int, bool]]  # key, subject, content, whether its text is whole
    looked_up: list[tuple[int, int, int, bool]]  # the same, subject by subject
    batches: list[tuple[str, bool]]  # name, whether it is retracted, of committed batches
    files: list[tuple[str, int, bool]]  # name, rows in, whether counts and quarantine agree
    faults: list[str]


@dataclass
class Verdict:
    """What is wrong; all zero when nothing is. `took_place` says of the pending event."""

    lost: int = 0
    doubled: int = 0
    half_visible: int = 0
    faults: list[str] = field(default_factory=list)
    took_place: bool = False

    @property
    def sound(self) -> bool:
        return not (self.lost or self.doubled or self.half_visible or self.faults)


def judge(diary: Diary, seen: Seen) -> Verdict:
    """Compare what was acknowledged with what is there."""
    verdict = Verdict(faults=list(seen.faults))
    if seen.faults:
        return verdict
    shown = {key: content for key, _, content, _ in seen.rows}
    verdict.doubled = sum(n - 1 for n in Counter(row[0] for row in seen.rows).values())
    for name, times in Counter(name for name, *_ in [*seen.batches, *seen.files]).items():
        if times > 1:
            verdict.doubled += 1
            verdict.faults.append(f"{name} was committed {times} times")
    if sorted(seen.rows) != sorted(seen.looked_up):
        verdict.faults.append("looking subjects up shows other rows than a scan")
    for key, subject, content, whole in seen.rows:
        if subject != subject_of(key) or not whole:
            verdict.faults.append(f"key {key} has another subject or text than content {content}")
    verdict.faults += [
        f"receipt of {name} does not add up" for name, _, sums in seen.files if not sums
    ]
    before, *more = states = list(diary.possible())
    for number, state in enumerate(states):
        if _agrees(state, shown, seen):
            verdict.took_place = number == 1
            return verdict
    after = more[0] if more else before
    _say_what_differs(before, after, shown, seen, verdict)
    return verdict


def _agrees(state: State, shown: dict[int, int], seen: Seen) -> bool:
    return (
        shown == state.visible()
        and dict(seen.batches) == {name: name in state.retracted for name in state.batches}
        and {name: rows for name, rows, _ in seen.files} == state.files
    )


def _say_what_differs(
    before: State, after: State, shown: dict[int, int], seen: Seen, verdict: Verdict
) -> None:
    """Count what is missing, and whether the pending event is visible in part."""
    old, new = before.visible(), after.visible()
    moved = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    lost = [
        key
        for key in old.keys() | new.keys() | shown.keys()
        if shown.get(key) not in ({old.get(key), new.get(key)} if key in moved else {old.get(key)})
    ]
    names = {name for name, _ in seen.batches}
    files = {name for name, *_ in seen.files}
    missing = [*(before.batches.keys() - names), *(before.files.keys() - files)]
    extra = [*(names - after.batches.keys()), *(files - after.files.keys())]
    verdict.lost += len(lost) + len(missing)
    if lost or missing or extra:
        verdict.faults.append(
            f"keys {sorted(lost)[:10]} and commits {missing[:10]} are not as acknowledged; "
            f"unknown are {extra[:10]}"
        )
    else:
        verdict.half_visible += 1
        verdict.faults.append("what was pending when it was killed is visible in part")
