"""The process that is killed: writes, corrects, retracts, folds, takes files, until it is ended.

    python -m tests.store.proof.work DIARY SEED [STEPS]

It carries on from the diary. With STEPS it ends by itself after so many.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import sys
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402

from tests.collect import city  # noqa: E402
from tests.store.proof.model import Event, State, read_diary, subject_of, text_of  # noqa: E402
from tests.store.rows import row, table  # noqa: E402
from xinrong.store import services as store  # noqa: E402

NOW = datetime(2026, 11, 1, tzinfo=UTC)
#: Keys of small batches, and of large ones beside these.
KEYS, MORE_KEYS = range(1, 41), range(100, 1_500)
HOT_ROWS = 8
CATEGORY = "tax"


def configure() -> None:
    """Small bounds, so that a few rows are already a part."""
    settings.STORE_HOT_ROWS = HOT_ROWS
    settings.STORE_BUCKETS = 8


class Work:
    """One life of the process."""

    def __init__(self, diary: Path, seed: int) -> None:
        self.state: State = read_diary(diary).state
        self.file = os.open(diary, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.place = diary.parent
        self.dice = random.Random(seed)
        self.count = 0
        self.life = seed
        self.mark = getattr(ctypes.CDLL(None), "proof_mark", None)

    def tell(self, event: dict[str, Any]) -> None:
        """Write a line that outlives this process; into the record of writes too."""
        line = (json.dumps(event) + "\n").encode()
        os.write(self.file, line)
        if self.mark is not None:
            self.mark(line)

    def step(self) -> None:
        """Do one thing and have it acknowledged."""
        verbs: list[tuple[Callable[[], Event], int]] = [
            (self.hot, 10),
            (self.large, 4),
            (self.take_file, 3),
            (self.retract, 2),
            (self.compact, 2),
            (self.clean, 1),
        ]
        if hasattr(store, "suppress"):
            verbs += [(self.suppress, 2), (self.lift, 1)]
        if hasattr(store, "erase"):
            verbs += [(self.erase, 1), (self.rewrite, 1)]
        prepare = self.dice.choices([verb for verb, _ in verbs], [often for _, often in verbs])[0]
        event = prepare()
        if not event:
            return
        self.tell({"begin": event})
        getattr(self, f"do_{event['verb']}")(event)
        self.tell({"end": True})
        self.state.apply(event)

    def name(self) -> str:
        self.count += 1
        return f"w{self.life}-{self.count}"

    # -- sending ------------------------------------------------------------------------------

    def hot(self) -> Event:
        return self._batch(self.dice.sample(KEYS, self.dice.randint(1, HOT_ROWS - 2)))

    def large(self) -> Event:
        few = self.dice.sample(KEYS, 10)
        return self._batch([*few, *self.dice.sample(MORE_KEYS, self.dice.choice((20, 200, 1200)))])

    def _batch(self, keys: list[int]) -> Event:
        """Some rows are sent again as they are; the others with content that no row has yet."""
        seen = self.state.visible()
        rows = []
        for key in keys:
            again = self.dice.random() < 0.2 and key in seen
            rows.append((key, seen[key] if again else self.dice.randint(1, 1_000_000)))
        return {"verb": "send", "name": self.name(), "rows": rows}

    def do_send(self, event: Event) -> None:
        batch = store.open_batch(
            feed="proof",
            category=CATEGORY,
            department="tax",
            source_name=event["name"],
            source_digest=event["name"].rjust(64, "0"),
            received_at=NOW,
        )
        rows = table(
            row(subject_of(key), key, content, display=text_of(key, content))
            for key, content in event["rows"]
        )
        with store.writer(batch) as out:
            out.add(rows)
            store.commit_batch(out, NOW)

    def take_file(self) -> Event:
        name = self.name()
        rows = self.dice.choice((3, 6, 40))
        return {
            "verb": "file",
            "name": f"{name}.csv",
            "rows_in": rows,
            "first": self.dice.randint(0, 10**8),
        }

    def do_file(self, event: Event) -> None:
        """A file of sound rows and one faulty one, through the whole intake."""
        sound = [
            city.row(f"{event['name']}-{n}", city.code((event["first"] + n) % 10**7))
            for n in range(event["rows_in"] - 1)
        ]
        city.send(self.place / event["name"], [*sound, city.row("x", city.MISTYPED)])

    # -- taking back --------------------------------------------------------------------------

    def retract(self) -> Event:
        standing = [name for name in self.state.batches if name not in self.state.retracted]
        if len(standing) < 3:
            return {}
        return {"verb": "retract", "name": self.dice.choice(standing)}

    def do_retract(self, event: Event) -> None:
        batch = store.Batch.objects.exclude(seq=None).get(source_name=event["name"])
        store.retract_batch(batch.pk, "sent by mistake", NOW)

    def suppress(self) -> Event:
        return self._few("suppress", set(self.state.visible()))

    def do_suppress(self, event: Event) -> None:
        store.suppress(
            self._ids(event), basis="objection", article="art. 1", reason="under review", at=NOW
        )

    def lift(self) -> Event:
        """Only keys that then show again: a lift that nobody sees cannot be told from none."""
        shown = self.state.visible()
        after = deepcopy(self.state)
        after.suppressed.clear()
        return self._few("lift", set(after.visible()) - set(shown))

    def do_lift(self, event: Event) -> None:
        store.lift(self._ids(event), basis="objection", reason="was right", at=NOW)

    def erase(self) -> Event:
        return self._few("erase", set(self.state.visible()) & set(MORE_KEYS))

    def do_erase(self, event: Event) -> None:
        store.erase(self._ids(event), article="art. 47", reason="purpose achieved", at=NOW)

    def rewrite(self) -> Event:
        return {"verb": "rewrite"} if self.state.erased else {}

    def do_rewrite(self, event: Event) -> None:
        store.rewrite_erased(NOW)

    def _few(self, verb: str, keys: set[int]) -> Event:
        few = self.dice.sample(sorted(keys), min(len(keys), self.dice.randint(1, 3)))
        return {"verb": verb, "keys": few} if few else {}

    def _ids(self, event: Event) -> list[Any]:
        return [store.RecordId(CATEGORY, key, subject_of(key)) for key in event["keys"]]

    # -- looking after ------------------------------------------------------------------------

    def compact(self) -> Event:
        return {"verb": "compact"}

    def do_compact(self, event: Event) -> None:
        store.compact(NOW)

    def clean(self) -> Event:
        return {"verb": "clean"}

    def do_clean(self, event: Event) -> None:
        """Nobody else reads or writes here, so nothing has to be waited for."""
        store.remove_replaced(NOW + timedelta(hours=1), timedelta(0))
        store.remove_orphans(datetime.now(UTC) + timedelta(hours=1), timedelta(0))


def main() -> None:
    """Say when the first thing can be done, then do them."""
    configure()
    life = Work(Path(sys.argv[1]), int(sys.argv[2]))
    steps = int(sys.argv[3]) if len(sys.argv) > 3 else sys.maxsize
    print("ready", flush=True)
    for _ in range(steps):
        life.step()


if __name__ == "__main__":
    main()
