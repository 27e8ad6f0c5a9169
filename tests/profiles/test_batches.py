"""The profile of all, what is computed over it since, and the one queue between."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.profiles import city
from xinrong.profiles import building
from xinrong.profiles.models import DirtyEnterprise, IndicatorFigure, OverlayRow, ProfileBatch
from xinrong.profiles.services import (
    build_profile,
    catch_up,
    columns,
    current_batch,
    follow,
    profile_of,
    query_profiles,
    waiting,
    work,
)
from xinrong.profiles.single import profile_now
from xinrong.store.services import RecordId, compact, lift, retract_batch, snapshot, suppress
from xinrong.subjects.services import merge

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(filled: dict[str, Any]) -> dict[str, Any]:
    build_profile(city.NOW, city.UNTIL)
    return filled


def payment(subject: int, fen: int, number: int = 1) -> Any:
    row = {"subject": subject, "event_date": city.UNTIL, "amount": fen, "code": "vat",
           "t1": f"x{number}", "key": 77_000 + number}  # fmt: skip
    return city.rows_of("tax_payment", row)


def tax_of(enterprise: int) -> Any:
    [line] = query_profiles(
        f"SELECT tax_paid_12m FROM profile WHERE enterprise = {enterprise}"
    ).to_pylist()
    return line["tax_paid_12m"]


def test_every_row_of_the_batch_is_read_back_as_it_was_computed(built: dict[str, Any]) -> None:
    with snapshot() as snap:
        for enterprise in range(1, 41):
            read = profile_of(enterprise, snap, city.UNTIL)
            assert read == profile_now(snap, enterprise, city.UNTIL)


def test_a_commit_touches_its_enterprises_only_and_the_profile_follows(
    built: dict[str, Any],
) -> None:
    before = tax_of(4)
    city.put(payment(4, 12_300))
    assert follow().touched == 1
    assert waiting() == 1
    assert work(city.UNTIL) == 1
    assert waiting() == 0
    assert tax_of(4) == (before or 0) + 123
    with snapshot() as snap:
        assert profile_of(4, snap, city.UNTIL) == profile_now(snap, 4, city.UNTIL)


def test_before_the_queue_is_worked_a_reader_gets_no_old_profile(built: dict[str, Any]) -> None:
    city.put(payment(4, 12_300))
    with snapshot() as snap:
        assert profile_of(4, snap, city.UNTIL) == profile_now(snap, 4, city.UNTIL)


def test_the_past_is_read_as_it_was(built: dict[str, Any]) -> None:
    with snapshot() as snap:
        seq, before = snap.seq, profile_of(4, snap, city.UNTIL)
    city.put(payment(4, 12_300))
    catch_up(city.UNTIL)
    with snapshot(seq=seq) as snap:
        assert profile_of(4, snap, city.UNTIL).values == before.values


def test_everything_that_changes_what_counts_is_followed(
    built: dict[str, Any], settings: Any
) -> None:
    small = city.put(payment(4, 100))
    assert follow().touched == 1
    retract_batch(small.batch, "mistake", city.NOW)
    assert follow().touched == 1
    settings.STORE_HOT_ROWS = 2
    import pyarrow as pa

    large = city.put(pa.concat_tables([payment(n, 100, 50 + n) for n in range(5, 12)]))
    assert follow().touched == 7
    compact(city.NOW)
    assert follow().touched == 0
    retract_batch(large.batch, "mistake", city.NOW)
    assert follow().touched == 7
    some = RecordId("tax_payment", int(built["tax_payment"]["key"][0].as_py()),
                    int(built["tax_payment"]["subject"][0].as_py()))  # fmt: skip
    suppress([some], basis="objection", article="x", reason="x", at=city.NOW)
    assert follow().touched == 1
    lift([some], basis="objection", reason="x", at=city.NOW)
    assert follow().touched == 1
    catch_up(city.UNTIL)
    same_as_now()


def same_as_now() -> None:
    with snapshot() as snap:
        for line in query_profiles("SELECT * FROM profile ORDER BY enterprise").to_pylist():
            row = profile_now(snap, line.pop("enterprise"), city.UNTIL)
            assert line.pop("reasons") == row.reasons
            assert line == row.values


def test_a_merge_moves_the_profile_too(built: dict[str, Any]) -> None:
    merge(7, 30, by="tester", why="the same", at=city.NOW)
    assert follow().touched == 2
    catch_up(city.UNTIL)
    numbers = query_profiles("SELECT enterprise FROM profile ORDER BY 1")["enterprise"].to_pylist()
    assert 7 not in numbers
    assert 30 in numbers
    same_as_now()


def test_what_is_touched_again_while_it_is_computed_stays_in_the_queue(
    built: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from xinrong.profiles import following

    city.put(payment(4, 100))
    follow()
    real = following.profile_now

    def meanwhile(*given: Any) -> Any:
        monkeypatch.setattr(following, "profile_now", real)
        row = real(*given)
        city.put(payment(4, 200, 2))
        follow()
        return row

    monkeypatch.setattr(following, "profile_now", meanwhile)
    work(city.UNTIL)
    assert waiting() == 1
    work(city.UNTIL)
    assert waiting() == 0
    same_as_now()


def test_a_new_batch_holds_what_was_computed_over_the_old_one(built: dict[str, Any]) -> None:
    city.put(payment(4, 12_300))
    catch_up(city.UNTIL)
    assert OverlayRow.objects.count() == 1
    after = tax_of(4)
    city.put(payment(5, 100, 2))
    follow()
    build_profile(city.NOW, city.UNTIL)
    assert OverlayRow.objects.count() == DirtyEnterprise.objects.count() == 0
    assert tax_of(4) == after


def test_a_batch_that_fails_leaves_the_old_one_and_no_file(
    built: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = current_batch()

    def fails(*given: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(building, "figures_of", fails)
    with pytest.raises(OSError, match="full"):
        build_profile(city.NOW, city.UNTIL)
    assert current_batch() == old
    assert old is not None
    assert [path.name for path in building.folder().iterdir()] == [old.name]


def test_a_file_that_was_replaced_goes_after_an_hour_and_its_figures_stay(
    built: dict[str, Any],
) -> None:
    old = current_batch()
    assert old is not None
    build_profile(city.NOW, city.UNTIL)
    path: Path = building.folder() / old.name
    building.remove_replaced(city.NOW + timedelta(minutes=59))
    assert path.exists()
    building.remove_replaced(city.NOW + timedelta(minutes=61))
    assert not path.exists()
    assert IndicatorFigure.objects.filter(batch=old).count() == len(columns())
    assert current_batch() != old


def test_a_batch_of_other_definitions_is_not_read(built: dict[str, Any]) -> None:
    ProfileBatch.objects.update(columns=["enterprise", "something_else"])
    assert current_batch() is None
    with snapshot() as snap:
        assert profile_of(3, snap, city.UNTIL) == profile_now(snap, 3, city.UNTIL)


def test_figures_add_up_to_everybody(built: dict[str, Any]) -> None:
    for one in IndicatorFigure.objects.all():
        assert one.known + sum(one.reasons.values()) == 40, one.indicator
        if one.bins:
            assert sum(line[-1] for line in one.bins) == one.known, one.indicator
