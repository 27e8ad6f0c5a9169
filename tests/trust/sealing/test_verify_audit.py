"""The script for outsiders: what is whole passes, whatever was done to an export is named."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from hashlib import sha256

import pytest

from tests.environment import PROJECT
from xinrong.domain.canonical import canonical_json
from xinrong.domain.signatures import Ed25519Signer, seal
from xinrong.trust.models import AuditBlock, AuditCheckpoint, AuditRow, AuditSeal
from xinrong.trust.sealing.checkpoints import write_checkpoint
from xinrong.trust.sealing.errors import ChainError
from xinrong.trust.sealing.export import export_trail
from xinrong.trust.sealing.sealer import Sealer
from xinrong.trust.sealing.verifying import verify_chain

pytestmark = pytest.mark.django_db
SCRIPT = PROJECT / "scripts" / "verify_audit.py"


@pytest.fixture
def export(asked, clock, checkpoints, tmp_path):
    """Nine rows in three blocks under three checkpoints, exported; and the key."""
    sealer = Sealer(clock)
    for _ in range(3):
        for _ in range(3):
            asked()
        sealer.seal()
        write_checkpoint(clock)
        clock.moment += timedelta(minutes=1)
    made = export_trail(tmp_path / "export", clock=clock)
    return tmp_path / "export", made.keys[0]


def verify(folder, *more):
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), *map(str, more)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def lines(path):
    return path.read_bytes().splitlines(keepends=True)


def test_a_whole_export_passes_and_the_script_has_at_most_100_lines(export, checkpoints):
    assert verify(*export) == (0, "whole: every row, block and checkpoint is as it was sealed\n")
    assert verify(*export, checkpoints)[0] == 0
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) <= 100


def test_the_script_needs_nothing_of_ours():
    assert "xinrong" not in SCRIPT.read_text(encoding="utf-8").split('"""')[2]


def test_a_changed_byte_is_named(export):
    folder, key = export
    path = folder / "rows.jsonl"
    text = path.read_bytes()
    at = text.index(b"approval")
    path.write_bytes(text[:at] + b"A" + text[at + 1 :])
    status, words = verify(folder, key)
    assert status == 1
    row = json.loads(lines(path)[0])["id"]
    assert f"row {row}, line 1, was changed, at byte {at + 1}" in words


def test_a_removed_a_swapped_and_a_cut_row_are_named(export):
    folder, key = export
    path = folder / "rows.jsonl"
    whole = lines(path)
    ids = [json.loads(line)["id"] for line in whole]
    path.write_bytes(b"".join(whole[:4] + whole[5:]))
    assert f"rows are missing: [{ids[4]}]" in verify(folder, key)[1]
    path.write_bytes(b"".join([*whole[:4], whole[5], whole[4], *whole[6:]]))
    assert f"in each other's places, or twice: [{ids[5]}, {ids[4]}]" in verify(folder, key)[1]
    path.write_bytes(b"".join(whole[:7]))
    assert f"the tail is cut: 2 rows are missing: {ids[7:]}" in verify(folder, key)[1]
    path.write_bytes(b"".join([*whole, whole[0]]))
    assert verify(folder, key)[0] == 1


def test_a_tail_cut_with_its_checkpoints_shows_only_against_those_kept_elsewhere(
    export, checkpoints
):
    folder, key = export
    for name, count in (("rows.jsonl", 6), ("blocks.jsonl", 2), ("checkpoints.jsonl", 2)):
        path = folder / name
        path.write_bytes(b"".join(lines(path)[:count]))
    assert verify(folder, key)[0] == 0
    status, words = verify(folder, key, checkpoints)
    assert status == 1
    assert "kept outside, reaches block 3: the tail is cut, 2 are left" in words


def test_a_chain_made_anew_with_another_key_is_not_believed(export, clock, settings, tmp_path):
    key = export[1]
    settings.CHECKPOINT_KEY_FILE = tmp_path / "forged.pem"
    for model in (AuditSeal, AuditCheckpoint, AuditBlock):
        model.objects.all().delete()
    AuditRow.objects.filter(pk=AuditRow.objects.order_by("pk")[0].pk).update(purpose="self")
    export_trail(tmp_path / "anew", clock=clock)
    status, words = verify(tmp_path / "anew", key)
    assert status == 1
    assert "signed by a key that you do not trust" in words


def test_old_checkpoints_do_not_fit_a_chain_made_anew(export):
    folder, key = export
    path = folder / "blocks.jsonl"
    blocks = [json.loads(line) for line in lines(path)]
    blocks[0]["rows"][0][1] = "0" * 64
    text, previous = b"", "0" * 64
    for block in blocks:
        block["previous"] = previous
        line = canonical_json(block)
        previous = sha256(line).hexdigest()
        text += line + b"\n"
    path.write_bytes(text)
    assert "signed another block 1: changed or made anew" in verify(folder, key)[1]


def test_a_signature_for_another_kind_of_document_is_no_checkpoint(export, settings):
    folder, key = export
    path = folder / "checkpoints.jsonl"
    signer = Ed25519Signer.from_file(settings.CHECKPOINT_KEY_FILE)
    good = json.loads(lines(path)[-1])["payload"]
    forged = seal({**good, "head": "0" * 64}, signer)
    path.write_bytes(b"".join([*lines(path)[:-1], canonical_json(forged) + b"\n"]))
    assert verify(folder, key)[0] == 1


def test_an_export_goes_into_an_empty_folder_only(export, clock):
    with pytest.raises(ChainError):
        export_trail(export[0], clock=clock)


def test_the_database_is_checked_from_the_inside(export):
    assert verify_chain().faults == []
    row = AuditRow.objects.order_by("pk")[4]
    AuditRow.objects.filter(pk=row.pk).update(purpose="self")
    assert verify_chain().faults == [f"row {row.pk} in block 2 was changed"]
    assert verify_chain(3).faults == []
    AuditSeal.objects.filter(row_id=row.pk).delete()
    assert len(verify_chain().faults) == 2
