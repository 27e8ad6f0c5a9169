"""While a backup copies parts, the clean-up of replaced parts leaves them alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.rows import NOW, put, row
from xinrong.domain.clock import FixedClock
from xinrong.store.backups.leases import LASTS, kept_after, lease
from xinrong.store.manifest import layout
from xinrong.store.services import compact, last_seq, remove_replaced

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
CLOCK = FixedClock(NOW)
AT_ONCE = timedelta(0)
AFTERWARDS = NOW + timedelta(minutes=5)  # a part is replaced when its compaction has ended


def parts() -> set[str]:
    return {path.name for path in layout().parts.iterdir()}


@pytest.fixture
def used(store_root: Path) -> set[str]:
    """The parts of a small store."""
    put(row(1, 10, 5), row(2, 11, 5))
    compact(NOW)
    return parts()


def test_parts_replaced_during_a_backup_stay_until_it_ends(used: set[str]) -> None:
    with lease(last_seq(), CLOCK):
        put(row(3, 12, 5))
        compact(NOW)
        assert remove_replaced(AFTERWARDS, AT_ONCE) == 0
        assert used < parts()
    assert remove_replaced(AFTERWARDS, AT_ONCE) == len(used)
    assert not used & parts()


def test_parts_replaced_before_the_backup_began_go(used: set[str]) -> None:
    put(row(3, 12, 5))
    compact(NOW)
    with lease(last_seq(), CLOCK):
        assert remove_replaced(AFTERWARDS, AT_ONCE) == len(used)


def test_the_earliest_of_several_leases_decides() -> None:
    with lease(7, CLOCK), lease(5, CLOCK), lease(9, CLOCK):
        assert kept_after(NOW) == 5
    assert kept_after(NOW) is None


def test_the_lease_of_a_killed_backup_ends_by_itself() -> None:
    folder = layout().root / "leases"
    with lease(5, CLOCK):
        [held] = folder.glob("*.json")
        content = held.read_bytes()
    (folder / held.name).write_bytes(content)  # as a killed process leaves it
    assert kept_after(NOW + LASTS - timedelta(seconds=1)) == 5
    assert kept_after(NOW + LASTS) is None
    assert not list(folder.glob("*.json"))
