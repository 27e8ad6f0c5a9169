"""Checkpoints: when they are signed, where they go, and what a folder that fails does."""

from __future__ import annotations

import json
import resource
import shutil
from datetime import timedelta

import pytest

from xinrong.domain.signatures import open_envelope
from xinrong.trust.models import AuditBlock, AuditCheckpoint, AuditSeal
from xinrong.trust.sealing.checkpoints import EVERY, append_line, day_file, write_checkpoint
from xinrong.trust.sealing.errors import CheckpointFailed
from xinrong.trust.sealing.keeping import Keeper
from xinrong.trust.sealing.keys import checkpoint_keys, checkpoint_signer, public_keys
from xinrong.trust.sealing.sealer import Sealer
from xinrong.trust.sealing.state import CHECKPOINT_LATE, SEAL_LATE, chain_state

pytestmark = pytest.mark.django_db


def lines(folder):
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.jsonl"))]
    return [json.loads(line) for text in texts for line in text.splitlines()]


def test_a_checkpoint_signs_the_last_head_and_leaves_for_the_folder(asked, clock, checkpoints):
    asked(), asked()
    Sealer(clock).seal()
    made = write_checkpoint(clock)
    assert lines(checkpoints) == [made.envelope]
    says = open_envelope(made.envelope, public_keys())
    assert says == {
        "type": "audit_checkpoint",
        "number": 1,
        "block": 1,
        "head": AuditBlock.objects.get().head,
        "rows": 2,
        "at": "2026-11-22T04:00:00.123456+00:00",
    }


def test_nothing_new_signs_nothing(asked, clock, checkpoints):
    assert write_checkpoint(clock) is None
    asked()
    Sealer(clock).seal()
    write_checkpoint(clock)
    assert write_checkpoint(clock) is None
    assert len(lines(checkpoints)) == 1


def test_while_there_is_something_new_a_checkpoint_is_signed_every_minute(
    asked, clock, checkpoints
):
    keeper = Keeper(clock)
    for _ in range(6):
        asked()
        keeper.step()
        clock.moment += EVERY / 2
    assert [one["payload"]["number"] for one in lines(checkpoints)] == [1, 2, 3]
    assert [one["payload"]["rows"] for one in lines(checkpoints)] == [1, 3, 5]


def test_the_key_is_readable_by_its_owner_only_and_none_of_it_is_in_the_folder(
    asked, clock, checkpoints, settings
):
    asked()
    Sealer(clock).seal()
    write_checkpoint(clock)
    assert settings.CHECKPOINT_KEY_FILE.stat().st_mode & 0o777 == 0o600
    assert not [path for path in checkpoints.iterdir() if b"PRIVATE" in path.read_bytes()]


def test_a_rotated_key_leaves_its_public_half_behind(asked, clock, checkpoints, settings):
    kids = []
    for _ in range(2):
        asked()
        Sealer(clock).seal()
        kids.append(write_checkpoint(clock).envelope["kid"])
        settings.CHECKPOINT_KEY_FILE.unlink()
        clock.moment += timedelta(days=1)
    assert [one["kid"] for one in checkpoint_keys()] == kids
    for one in AuditCheckpoint.objects.all():
        open_envelope(one.envelope, public_keys())


@pytest.mark.parametrize("what", ["absent", "a file"])
def test_a_folder_that_fails_is_alarming_and_the_chain_goes_on(asked, clock, checkpoints, what):
    checkpoints.rmdir()
    if what == "a file":
        checkpoints.write_text("")
    asked()
    Keeper(clock).step()
    assert AuditSeal.objects.count() == 1
    assert not AuditCheckpoint.objects.exists()
    assert "folder_missing" in chain_state(clock).alarms
    with pytest.raises(CheckpointFailed):
        write_checkpoint(clock)
    clock.moment += CHECKPOINT_LATE + timedelta(seconds=1)
    assert "checkpoint_late" in chain_state(clock).alarms


def test_a_full_folder_keeps_whole_lines_only(clock, checkpoints):
    path = day_file(clock.now())
    path.write_bytes(b"x" * 4096 + b"\n")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096 + 100, limit[1]))
    try:
        with pytest.raises(OSError, match=r"space|large"):
            append_line(path, b"y" * 4096)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert path.stat().st_size == 4097


def test_a_mended_folder_gets_its_checkpoint_at_the_next_minute(asked, clock, checkpoints):
    shutil.rmtree(checkpoints)
    keeper = Keeper(clock)
    asked()
    keeper.step()
    checkpoints.mkdir()
    clock.moment += EVERY
    keeper.step()
    assert len(lines(checkpoints)) == 1
    assert chain_state(clock).alarms == ()


def test_a_torn_line_does_not_swallow_the_next(clock, checkpoints):
    path = day_file(clock.now())
    path.write_bytes(b'{"payload"')
    append_line(path, b"{}")
    assert path.read_bytes() == b'{"payload"\n{}\n'


def test_a_key_that_cannot_be_read_is_alarming(asked, clock, checkpoints, settings, monkeypatch):
    monkeypatch.setenv("XINRONG_CHECKPOINT_KEY_FILE", str(settings.CHECKPOINT_KEY_FILE))
    asked()
    Sealer(clock).seal()
    with pytest.raises(CheckpointFailed) as caught:
        write_checkpoint(clock)
    assert caught.value.code == "checkpoint_key"
    assert chain_state(clock).alarms == ("checkpoint_key",)


def test_rows_that_wait_too_long_are_alarming(asked, clock, checkpoints):
    row = asked()
    clock.moment = row.at + SEAL_LATE
    assert chain_state(clock).alarms == ()
    clock.moment += timedelta(seconds=1)
    assert chain_state(clock).alarms == ("seal_late",)
    Sealer(clock).seal()
    state = chain_state(clock)
    assert (state.alarms, state.waiting, state.lag) == ((), 0, timedelta(0))


def test_the_page_of_keys_shows_what_checkpoints_are_signed_with(asked, clock, checkpoints):
    asked()
    Sealer(clock).seal()
    write_checkpoint(clock)
    [row] = checkpoint_keys()
    assert row["kid"] == checkpoint_signer().kid
