"""An enterprise whose profile cannot be computed holds up nobody, and is tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from django.conf import settings as configured
from django.utils.module_loading import import_string

from tests.profiles import city
from tests.profiles.test_batches import payment
from xinrong.cli.profile import command
from xinrong.domain.errors import XinrongError
from xinrong.profiles import following, tasks
from xinrong.profiles.aside import reason_of
from xinrong.profiles.models import SetAside
from xinrong.profiles.services import (
    aside,
    build_profile,
    follow,
    keep_up,
    profile_of,
    query_profiles,
    retry_all,
    waiting,
    work,
)
from xinrong.profiles.single import profile_now
from xinrong.store.services import snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken(db: None, taizhou: None, store_root: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Five enterprises in a batch; those in the list cannot be computed."""
    found: list[int] = []

    def computed(snap: Any, enterprise: int, as_of: Any) -> Any:
        if enterprise in found:
            raise duckdb.ConversionException("Could not convert string 'secret' to 918273")
        return profile_now(snap, enterprise, as_of)

    monkeypatch.setattr(following, "profile_now", computed)
    city.make_enterprises(range(1, 6))
    city.put(payment(1, 100))
    build_profile(city.NOW, city.UNTIL)
    return found


def touch(*enterprises: int, number: int = 10) -> None:
    for enterprise in enterprises:
        city.put(payment(enterprise, 700, number + enterprise))
    follow()


def test_the_others_go_on(broken: list[int]) -> None:
    broken.append(3)
    touch(2, 3, 4)
    assert work(city.UNTIL, at=city.NOW) == 3
    assert waiting() == 0
    [one] = aside()
    assert (one.enterprise, one.tries, one.last_at) == (3, 1, city.NOW)
    assert one.reason == "ConversionException: Could not convert string … to …"
    known = query_profiles("SELECT enterprise FROM profile ORDER BY 1")["enterprise"].to_pylist()
    assert known == [1, 2, 4, 5], "what is said of it no longer holds"


def test_it_is_tried_again_later_and_each_time_later(broken: list[int]) -> None:
    broken.append(3)
    touch(3)
    work(city.UNTIL, at=city.NOW)
    assert work(city.UNTIL, at=city.NOW + timedelta(seconds=59)) == 0
    assert work(city.UNTIL, at=city.NOW + timedelta(seconds=60)) == 1
    assert work(city.UNTIL, at=city.NOW + timedelta(seconds=179)) == 0
    assert work(city.UNTIL, at=city.NOW + timedelta(seconds=180)) == 1
    [one] = aside()
    assert (one.tries, one.first_at) == (3, city.NOW)


def test_once_it_can_be_computed_it_is_aside_no_longer(broken: list[int]) -> None:
    broken.append(3)
    touch(3)
    work(city.UNTIL, at=city.NOW)
    broken.clear()
    assert retry_all(city.NOW) == 1
    keep_up(city.NOW, city.UNTIL)
    assert not aside()
    with snapshot() as snap:
        assert profile_of(3, snap, city.UNTIL) == profile_now(snap, 3, city.UNTIL)


def test_a_change_that_mends_it_is_enough(broken: list[int]) -> None:
    broken.append(3)
    touch(3)
    work(city.UNTIL, at=city.NOW)
    broken.clear()
    touch(3, number=50)
    work(city.UNTIL, at=city.NOW)
    assert not aside()


def test_a_new_batch_holds_it_again(broken: list[int]) -> None:
    broken.append(3)
    touch(3)
    work(city.UNTIL, at=city.NOW)
    build_profile(city.NOW, city.UNTIL)
    assert not aside()


def test_the_reason_of_an_error_of_ours_says_what_to_do() -> None:
    error = XinrongError("the part is damaged", remedy="Run `xinrong check`.")
    assert reason_of(error) == "the part is damaged. Run `xinrong check`."


def test_the_operator_sees_them_on_the_command_line_and_has_them_tried(
    broken: list[int],
) -> None:
    broken.append(3)
    touch(3)
    work(city.UNTIL, at=city.NOW)
    shown = CliRunner().invoke(command, ["show"], catch_exceptions=False).output
    assert "1 set aside" in shown
    assert "enterprise 3" in shown
    assert "ConversionException" in shown
    broken.clear()
    CliRunner().invoke(command, ["retry", "--as-of", "2026-10-31"], catch_exceptions=False)
    assert not SetAside.objects.exists()


# -- the worker keeps profiles up ---------------------------------------------------------


def test_the_worker_keeps_profiles_up() -> None:
    schedules = configured.TASKS["default"]["OPTIONS"]["SCHEDULES"]
    assert schedules["keep-profiles"]["task"] == "xinrong.profiles.tasks.keep_profiles"
    assert schedules["keep-profiles"]["every"] <= 60
    assert import_string(schedules["keep-profiles"]["task"]) is tasks.keep_profiles


def test_the_worker_makes_no_first_batch_but_follows_one(
    db: None, taizhou: None, store_root: Any
) -> None:
    city.make_enterprises([1, 2])
    assert tasks.keep_profiles.func() == 0
    assert not following.current_batch()
    build_profile(city.NOW, tasks.day_in_china(tasks.SystemClock().now()))
    city.put(payment(1, 100))
    assert tasks.keep_profiles.func() == 1
