"""As of any seq an answer stays what it was, whatever came afterwards; and all equals each."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.profiles import city
from tests.profiles.test_batches import payment
from xinrong.profiles.batch import profiles_now
from xinrong.profiles.columns import schema
from xinrong.profiles.rows import ProfileRow
from xinrong.profiles.single import profile_now
from xinrong.store.services import (
    RecordId,
    compact,
    lift,
    retract_batch,
    snapshot,
    suppress,
)
from xinrong.subjects.services import merge

pytestmark = pytest.mark.django_db

FIRMS = range(1, 7)
DAYS = (city.UNTIL, date(2025, 12, 31))


class History:
    """A store to which things happen at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.rows = city.city_rows(len(FIRMS))
        self.sent: list[tuple[int, pa.Table]] = []
        self.hidden: list[RecordId] = []
        self.merged = False

    def happens(self) -> None:
        """One thing more: each is followed by a state that counts."""
        moves: list[Callable[[], None]] = [self.send, self.send, self.send, self.correct]
        moves += [self.retract, self.hide, self.show, self.join, lambda: compact(city.NOW) and None]
        self.random.choice(moves)()

    def send(self) -> None:
        table = self.rows[self.random.choice(sorted(self.rows))]
        start = self.random.randrange(len(table))
        self.put(table.slice(start, self.random.randint(1, 40)))

    def put(self, table: pa.Table) -> None:
        self.sent.append((city.put(table).batch, table))

    def correct(self) -> None:
        """The same records with other content: dated a month earlier, of twice the amount."""
        if self.sent:
            _, table = self.random.choice(self.sent)
            for name, other in (
                ("digest", pc.add(table["digest"], self.random.randint(1, 99))),
                ("amount", pc.multiply(table["amount"], 2)),
            ):
                place = table.schema.get_field_index(name)
                table = table.set_column(place, table.schema.field(place), other)
            self.put(table)

    def retract(self) -> None:
        if self.sent:
            batch, _ = self.sent.pop(self.random.randrange(len(self.sent)))
            retract_batch(batch, "mistake", city.NOW)

    def hide(self) -> None:
        if self.sent:
            row = self.random.choice(self.random.choice(self.sent)[1].to_pylist())
            record = RecordId(row["category"], row["key"], row["subject"])
            suppress([record], basis="objection", article="x", reason="x", at=city.NOW)
            self.hidden.append(record)

    def show(self) -> None:
        if self.hidden:
            lift([self.hidden.pop()], basis="objection", reason="x", at=city.NOW)

    def join(self) -> None:
        if not self.merged:
            merge(FIRMS[0], FIRMS[1], by="tester", why="the same", at=city.NOW)
            self.merged = True


def each(seq: int | None, as_of: date) -> dict[int, ProfileRow]:
    with snapshot(seq=seq) as snap:
        return {firm: profile_now(snap, firm, as_of) for firm in FIRMS}


def at_once(seq: int, as_of: date) -> dict[int, tuple[Any, str]]:
    with snapshot(seq=seq) as snap:
        lines = profiles_now(snap, as_of).cast(schema()).to_pylist()
    return {line.pop("enterprise"): (line, line.pop("reasons")) for line in lines}


@pytest.mark.parametrize("seed", [1, 2, pytest.param(3, marks=pytest.mark.big)])
def test_as_of_every_seq_the_answer_is_what_it_was_then(
    seed: int, db: None, taizhou: None, settings: Any, store_root: Any
) -> None:
    settings.STORE_HOT_ROWS = 30
    city.make_enterprises(FIRMS)
    city.put(payment(1, 100))
    past = History(seed)
    then: dict[int, dict[date, dict[int, ProfileRow]]] = {}
    for _ in range(12):
        past.happens()
        with snapshot() as snap:
            seq = snap.seq
        then[seq] = {as_of: each(None, as_of) for as_of in DAYS}
    assert len(then) > 4
    for seq, answers in then.items():
        for as_of, rows in answers.items():
            assert each(seq, as_of) == rows
    assert len({str(rows[city.UNTIL]) for rows in then.values()}) > 3, "something did change"
    for seq in past.random.sample(sorted(then), 2):
        found = at_once(seq, city.UNTIL)
        rows = then[seq][city.UNTIL]
        assert found == {firm: (dict(rows[firm].values), rows[firm].reasons) for firm in found}
        assert len(found) >= len(FIRMS) - 1
