"""A damaged part is named wherever it is noticed; what does not need it goes on."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.store.rows import NOW, put, row
from xinrong.store.errors import PartDamaged
from xinrong.store.manifest import layout
from xinrong.store.models import Batch, Part, PartKind
from xinrong.store.services import check, compact, retract_batch, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
REMEDY = "Restore this part from the last backup; no other part is affected."


@pytest.fixture
def parts(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[Part]:
    """A folded store of several parts of records and one of keys."""
    monkeypatch.setattr("xinrong.store.compaction.PART_ROWS", 100)
    settings.STORE_BUCKETS = 8
    dice = random.Random(1)
    put(*[row(n % 8, n, n, display=dice.randbytes(40).hex()) for n in range(800)])
    compact(NOW)
    return list(Part.objects.filter(replaced_seq=None).order_by("bucket_lo", "kind"))


def file_of(part: Part) -> Path:
    return layout().parts / part.name


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1 << at % 8
    path.write_bytes(content)


def delete(path: Path) -> None:
    path.unlink()


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flip_in_a_page(path: Path) -> None:
    flip(path, path.stat().st_size // 2)


def flip_in_the_footer(path: Path) -> None:
    flip(path, path.stat().st_size - 60)


HARM = pytest.mark.parametrize(
    "harm", [delete, cut_in_half, flip_in_a_page, flip_in_the_footer], ids=lambda one: one.__name__
)


def bucket_part(parts: list[Part]) -> Part:
    return next(part for part in parts if part.kind == PartKind.CURRENT)


@HARM
def test_a_damaged_part_is_named_by_a_look_up_and_by_the_check(
    parts: list[Part], harm: Callable[[Path], None]
) -> None:
    part = bucket_part(parts)
    harm(file_of(part))
    with pytest.raises(PartDamaged) as look_up, snapshot() as snap:
        snap.records([part.bucket_lo])
    assert part.name in str(look_up.value)
    assert REMEDY in str(look_up.value)
    assert [fault for fault in check().faults if part.name in fault and REMEDY in fault]


@HARM
def test_the_subjects_of_other_parts_are_read_as_before(
    parts: list[Part], harm: Callable[[Path], None]
) -> None:
    part = bucket_part(parts)
    harm(file_of(part))
    others = [n for n in range(8) if not part.bucket_lo <= n <= part.bucket_hi]
    assert others
    for subject in others:
        with snapshot() as snap:
            assert len(snap.records([subject])) == 100


@HARM
def test_a_damaged_key_part_is_named_by_the_check_and_reading_goes_on(
    parts: list[Part], harm: Callable[[Path], None]
) -> None:
    [keys] = [part for part in parts if part.kind == PartKind.KEYS]
    harm(file_of(keys))
    assert [fault for fault in check().faults if keys.name in fault and REMEDY in fault]
    with snapshot() as snap:
        assert len(snap.records([3])) == 100


def query(sql: str) -> Any:
    with snapshot() as snap:
        return snap.query(sql).to_pylist()


@pytest.mark.parametrize("harm", [delete, cut_in_half], ids=lambda one: one.__name__)
@pytest.mark.parametrize(
    ("kind", "work"),
    [
        (PartKind.CURRENT, "a scan"),
        (PartKind.CURRENT, "a compaction"),
        (PartKind.KEYS, "a compaction"),
        (PartKind.KEYS, "a batch"),
        (PartKind.KEYS, "a retraction"),
    ],
)
def test_whatever_reads_a_damaged_part_names_it_and_changes_nothing(
    parts: list[Part], harm: Callable[[Path], None], kind: PartKind, work: str
) -> None:
    part = next(part for part in parts if part.kind == kind)
    path = file_of(part)
    whole = path.read_bytes()
    harm(path)
    with pytest.raises(PartDamaged, match=part.name):
        WORK[work]()
    path.write_bytes(whole)
    report = check()
    assert (report.faults, report.live_rows, report.orphans) == ([], 800, [])


WORK: dict[str, Callable[[], object]] = {
    "a scan": lambda: query("SELECT sum(amount) AS total, max(display) AS most FROM record"),
    "a compaction": lambda: compact(NOW),
    "a batch": lambda: put(*[row(n % 8, n, n) for n in range(700, 900)]),
    "a retraction": lambda: retract_batch(Batch.objects.get().pk, "mistake", NOW),
}


def test_no_flipped_bit_of_a_part_changes_what_a_look_up_shows(parts: list[Part]) -> None:
    """Decoders notice few of them: the ledger's sums notice all that are read."""
    part = bucket_part(parts)
    path = file_of(part)
    whole = path.read_bytes()
    with snapshot() as snap:
        before = snap.records([part.bucket_lo])
    for at in random.Random(2).sample(range(4, len(whole)), 40):
        flip(path, at)
        named = False
        try:
            with snapshot() as snap:
                assert snap.records([part.bucket_lo]).equals(before)
        except PartDamaged as error:
            named = part.name in str(error)
        from xinrong.store.lookup import _footer

        _footer.cache_clear()
        path.write_bytes(whole)
        assert named, f"byte {at}"
