"""Backups of real databases, taken and restored by real processes: whole or not there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.apart import environment
from tests.postgres import PostgresMissingError, PrivatePostgres
from tests.store.backups import COMMAND, FILLED, KEEPS_WRITING, LOOKS, PRELUDE, Place


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.big)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An empty store on each database; PostgreSQL in `make test-all`, a server for each test."""
    yield from _places(request.param, tmp_path)


def _places(database: str, tmp_path: Path) -> Iterator[Place]:
    settings = {
        "XINRONG_DATA": str(tmp_path / "data"),
        "XINRONG_JOURNAL": str(tmp_path / "journal"),
    }
    if database == "sqlite":
        yield Place(tmp_path, settings)
        return
    if shutil.which("pg_dump") is None:
        pytest.skip("needs pg_dump: it is not installed (Debian package postgresql-client)")
    server = PrivatePostgres()
    try:
        server.start()
    except PostgresMissingError as error:
        pytest.skip(f"needs PostgreSQL: {error}")
    yield Place(tmp_path, {**settings, "XINRONG_DATABASE_URL": server.url}, server)
    server.stop()


@pytest.fixture(scope="module")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A filled store that tests copy, and what it says."""
    folder = tmp_path_factory.mktemp("filled")
    said = Place(folder, {"XINRONG_DATA": str(folder / "data")}).run(FILLED)
    return folder / "data", said


@pytest.fixture
def on_sqlite(tmp_path: Path, filled_once: tuple[Path, Any]) -> Place:
    """A filled store, for rules that do not depend on the database."""
    shutil.copytree(filled_once[0], tmp_path / "data")
    return Place(
        tmp_path,
        {"XINRONG_DATA": str(tmp_path / "data"), "XINRONG_JOURNAL": str(tmp_path / "journal")},
        said=filled_once[1],
    )


def test_a_restored_store_says_what_the_store_said(place: Place) -> None:
    said = place.run(FILLED)
    made = place.backup()
    assert (made["batches"], made["rows"], made["copied"]) == (4, 71, made["parts"])
    report, opens = place.restore("again")
    found = place.run(LOOKS, **opens)
    assert found["faults"] == []
    assert found["seen"] == said
    assert found["identity"] == report["identity"] != made["ledger"]
    assert place.run("put(row(1, 10, 7))\nprint(json.dumps(check().faults))", **opens) == []


@pytest.mark.big
def test_a_second_backup_takes_only_the_parts_that_are_new(on_sqlite: Place) -> None:
    first = on_sqlite.backup()
    on_sqlite.run('put(*[row(n, 500 + n, 3) for n in range(1, 9)])\nprint("0")')
    second = on_sqlite.backup()
    assert second["copied"] == second["parts"] - first["parts"] > 0
    done = on_sqlite.command("forget", on_sqlite.dest, second["name"])
    assert f"with {second['copied']} files" in done.stdout
    assert on_sqlite.command("verify", on_sqlite.dest).returncode == 0


@pytest.mark.timeout(400)
@pytest.mark.big
def test_a_backup_is_of_one_moment_while_others_write_compact_and_clean(place: Place) -> None:
    place.run(FILLED)
    writing = subprocess.Popen(
        [sys.executable, "-c", PRELUDE + KEEPS_WRITING],
        env=environment(place.settings),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writing.stdout is not None
    try:
        assert writing.stdout.readline() == "ready\n"
        for _ in range(2):
            made = place.backup()
    finally:
        writing.kill()
        writing.wait(30)
        writing.stdout.close()
    assert place.command("verify", place.dest).returncode == 0
    report, opens = place.restore("again")
    assert report["seq_of_backup"] == made["seq"]
    found = place.run(LOOKS, **opens)
    assert found["faults"] == []
    then = place.run(f"print(json.dumps(seen({made['seq']})))")
    assert found["seen"] == then


@pytest.mark.big
def test_a_consent_revoked_after_the_backup_stays_revoked(place: Place) -> None:
    place.run(
        FILLED
        + """
from xinrong.accounts.models import Organisation
from xinrong.subjects.models import Enterprise
from xinrong.trust.services import Stage, grant_consent
firm = Enterprise.objects.create(code="91331000MA0000001X", name="x", folded_name="x")
bank = Organisation.objects.create(name="bank", kind="bank")
for _ in range(2):
    grant_consent(firm.pk, bank.pk, ["tax"], [Stage.PRE_LOAN], now=NOW,
                  valid_until=NOW + timedelta(days=9))
print("0")
"""
    )
    place.backup()
    revoking = """
from xinrong.trust.services import Stage, grant_consent, revoke_consent
from xinrong.trust.models import Consent
one, two = Consent.objects.order_by("pk")
revoke_consent(one.pk, grantor=one.grantor_id, now=NOW)
new = grant_consent(one.grantor_id, one.grantee_id, ["tax"], [Stage.PRE_LOAN], now=NOW,
                    valid_until=NOW + timedelta(days=9))
revoke_consent(new.pk, grantor=one.grantor_id, now=NOW)
print("0")
"""
    place.run(revoking)
    report, opens = place.restore("again")
    assert report["replayed"] == {"consent_revoked": {"applied": 1, "absent": 1}}
    left = place.run(
        "from xinrong.trust.models import Consent\n"
        "print(json.dumps([one.revoked_at is None for one in Consent.objects.order_by('pk')]))",
        **opens,
    )
    assert left == [False, True]  # never a grant: the third is not there


RESTRICTING = """
from xinrong.store.models import Part
from xinrong.store.services import RecordId, erase, lift, retract_batch, rewrite_erased, suppress
tax = lambda key, subject: RecordId("tax", key, subject)
basis = {"basis": "repair", "reason": "x", "at": datetime.now(UTC)}
"""


@pytest.mark.big
def test_what_was_restricted_since_the_backup_stays_so_and_lifts_do_not_come_back(
    place: Place,
) -> None:
    said = place.run(
        FILLED.replace("print", "#")
        + RESTRICTING
        + """
suppress([tax(5, 5)], article="a", **basis)
lift([tax(5, 5)], **basis)
print(json.dumps(seen()))
"""
    )
    place.backup()
    retracted = place.run(
        RESTRICTING
        + """
suppress([tax(6, 6)], article="a", **basis)
suppress([tax(7, 7)], article="a", **basis)
lift([tax(7, 7)], **basis)
erase([tax(8, 8), tax(108, 8)], article="47", reason="x", at=datetime.now(UTC))
batch = put(row(900, 900, 1)).batch
retract_batch(batch, "x", NOW)
retract_batch(3, "x", NOW)  # it had corrected a row of the first
print(json.dumps(seen()))
"""
    )
    report, opens = place.restore("again")
    assert report["replayed"] == {
        "erased": {"applied": 1},
        "retracted": {"applied": 1, "absent": 1},
        "suppressed": {"applied": 2, "present": 1},  # the one of before the backup, too
    }
    assert report["rows_erased"] == 2
    found = place.run(LOOKS, **opens)
    assert found["faults"] == []
    keys = [one[1] for one in found["seen"]]
    assert keys == [one[1] for one in retracted if one[1] != 7]  # lifted later: not replayed
    assert {one[1] for one in said} - set(keys) == {6, 7, 8, 108}
    versions, parts = place.run(
        "from xinrong.store.models import Part\n"
        "from xinrong.store.services import versions_of\n"
        "print(json.dumps([versions_of([8]).num_rows, Part.objects.count()]))",
        **opens,
    )
    assert versions == 0
    assert len(list((place.folder / "again" / "store" / "parts").iterdir())) == parts


@pytest.mark.big
def test_a_restore_whose_journal_is_damaged_does_not_open(place: Place) -> None:
    place.run(FILLED)
    place.backup()
    journal = place.folder / "journal"
    journal.mkdir(exist_ok=True)
    (journal / "journal-000000000000001.jsonl").write_text('{"sequence": 9}\n', encoding="utf-8")
    words: list[str] = []
    opens: dict[str, str] = {"XINRONG_DATA": str(place.folder / "again")}
    if place.server is not None:
        opens["XINRONG_DATABASE_URL"] = place.new_database("again")
        words = ["--database", opens["XINRONG_DATABASE_URL"]]
    done = place.command("restore", place.dest, "--into", place.folder / "again", *words)
    assert done.returncode == 1
    assert "journal" in done.stderr
    assert not (place.folder / "again").exists()
    opened = place.command("check", **opens)
    assert opened.returncode != 0
    assert "store_ledger" in opened.stderr  # there is no such table for anybody


@pytest.mark.big
def test_a_restore_killed_at_any_moment_is_not_there_or_whole(on_sqlite: Place) -> None:
    said = on_sqlite.said
    on_sqlite.backup()
    into = on_sqlite.folder / "again"
    whole = 0
    for wait in (0.6, 1.2, 1.8, 2.6):
        running = subprocess.Popen(
            [*COMMAND, "restore", str(on_sqlite.dest), "--into", str(into)],
            env=environment(on_sqlite.settings),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(wait)
        os.killpg(running.pid, 9)
        running.wait(30)
        if into.exists():
            whole += 1
            assert on_sqlite.run(LOOKS, XINRONG_DATA=str(into))["seen"] == said
            shutil.rmtree(into)
    assert whole < 4
    assert on_sqlite.restore("again")[0]["live_rows"] == len(said)


@pytest.mark.big
def test_a_backup_killed_at_any_moment_is_not_there_or_whole(on_sqlite: Place) -> None:
    for wait in (0.5, 0.7, 0.9):
        running = subprocess.Popen(
            [*COMMAND, "backup", str(on_sqlite.dest)],
            env=environment(on_sqlite.settings),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(wait)
        running.kill()
        running.wait(30)
    on_sqlite.backup()
    names = sorted(path.name for path in (on_sqlite.dest / "backups").iterdir())
    assert not [name for name in names if name.startswith(".")]
    for name in names:
        assert on_sqlite.command("verify", on_sqlite.dest, "--backup", name).returncode == 0


def test_every_fault_of_a_backup_is_named_and_none_is_restored(on_sqlite: Place) -> None:
    made = on_sqlite.backup()
    files = sorted((on_sqlite.dest / "files").glob("*/*"))
    broken = files[0].read_bytes()
    files[0].unlink()  # a link to the store's own part: that one stays as it is
    files[0].write_bytes(broken[:-1] + bytes([broken[-1] ^ 1]))
    files[1].unlink()
    database = on_sqlite.dest / "backups" / made["name"] / "database.sqlite3"
    with database.open("ab") as file:
        file.write(b"x")
    done = on_sqlite.command("verify", on_sqlite.dest)
    assert done.returncode == 1
    assert "the database does not have the bytes" in done.stdout
    assert "is missing" in done.stdout
    assert "3 faults" in done.stdout
    done = on_sqlite.command("restore", on_sqlite.dest, "--into", on_sqlite.folder / "again")
    assert "error [restore_refused]" in done.stderr
    assert not (on_sqlite.folder / "again").exists()
    manifest = database.with_name("manifest.json")
    manifest.write_text(manifest.read_text().replace('"batches": 4', '"batches": 5'))
    done = on_sqlite.command("verify", on_sqlite.dest)
    assert "error [no_backup]" in done.stderr
    assert "was changed" in done.stderr


def test_a_damaged_store_gives_no_backup(on_sqlite: Place) -> None:
    for part in on_sqlite.parts.iterdir():
        content = bytearray(part.read_bytes())
        content[len(content) // 2] ^= 1
        part.write_bytes(content)
    done = on_sqlite.command("backup", on_sqlite.dest)
    assert "error [part_damaged]: part " in done.stderr
    assert on_sqlite.command("backups", on_sqlite.dest).stdout.endswith("holds no backup\n")


@pytest.mark.big
def test_a_folder_that_holds_something_is_never_restored_into(on_sqlite: Place) -> None:
    said = on_sqlite.said
    on_sqlite.backup()
    done = on_sqlite.command("restore", on_sqlite.dest)
    assert "is not empty" in done.stderr
    assert on_sqlite.run(LOOKS)["seen"] == said


@pytest.mark.big
def test_the_lost_data_folder_is_restored_in_its_place_with_its_key_and_journal(
    on_sqlite: Place,
) -> None:
    del on_sqlite.settings["XINRONG_JOURNAL"]
    said = on_sqlite.said
    on_sqlite.run(
        "from xinrong.store.backups import journal\n"
        "journal.record('consent_revoked', {'consent': 1, 'grantor': 1}, NOW)\nprint('0')"
    )
    data = on_sqlite.folder / "data"
    key = (data / "xinrong_secret_key").read_text()
    on_sqlite.backup()
    shutil.rmtree(data / "store")
    for path in data.glob("xinrong.sqlite3*"):
        path.unlink()
    shutil.rmtree(data / "static", ignore_errors=True)
    done = on_sqlite.command("restore", on_sqlite.dest)
    assert done.returncode == 0, done.stderr
    assert (data / "xinrong_secret_key").read_text() == key
    assert on_sqlite.run(LOOKS)["seen"] == said
    again = on_sqlite.run(
        "from xinrong.store.backups import journal\nprint(json.dumps(len(list(journal.read()))))"
    )
    assert again == 1


@pytest.mark.big
def test_a_backup_of_a_later_release_is_refused(on_sqlite: Place) -> None:
    on_sqlite.run(
        "from django.db import connection\n"
        "from django.db.migrations.recorder import MigrationRecorder\n"
        "MigrationRecorder(connection).record_applied('store', '9999_from_the_future')\n"
        "print('0')"
    )
    on_sqlite.backup()
    done = on_sqlite.command("restore", on_sqlite.dest, "--into", on_sqlite.folder / "again")
    assert "made by a later release" in done.stderr
    assert "store.9999_from_the_future" in done.stderr
