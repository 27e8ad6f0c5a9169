"""A worker killed in the middle of taking an upload in: another one takes it up, nothing doubles.

Real processes on a folder of their own, with the worker that `xinrong worker` starts.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from xinrong.domain.uscc import check_digit

PROJECT = Path(__file__).resolve().parents[2]
ROWS = 20_000
LEASE = "2"  # seconds without a sign of life after which a task is taken up again
PREPARE = """
import sys
from pathlib import Path
import django
django.setup()
from tests.migrated import migrate
migrate()
from django.conf import settings
settings.UPLOAD_AT_ONCE_BYTES = 1
from xinrong.accounts.services import create_organisation, create_person, viewer_of
from xinrong.catalogue.region import load_region
from xinrong.collect import services as collect
from xinrong.domain.clock import SystemClock
made = create_organisation("d", "department", reference="market_regulation")
who = viewer_of(create_person("d@example.cn", "a long enough passphrase 7", name="d",
                              organisation=made, role="data_officer"))
content = Path(sys.argv[1]).read_bytes()
upload = collect.receive_whole(who, "new_domestic_enterprises", "register.csv", len(content),
                               [content], region=load_region("beijing"), clock=SystemClock())
print(collect.confirm_upload(upload, clock=SystemClock()).state)
"""


def environment(folder: Path) -> dict[str, str]:
    """A data folder of its own, on SQLite."""
    kept = {name: value for name, value in os.environ.items() if name != "XINRONG_DATABASE_URL"}
    return {**kept, "XINRONG_DATA": str(folder), "REGION": "beijing",
            "DJANGO_SETTINGS_MODULE": "xinrong.settings", "PYTHONPATH": str(PROJECT / "src")}  # fmt: skip


def register(path: Path) -> Path:
    lines = ["企业名称,统一社会信用代码,核准日期"]
    for number in range(ROWS):
        first = f"91110108MA{number:07d}"
        lines.append(f"虚构{number}有限公司,{first}{check_digit(first)},2019-02-17")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def worker(folder: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "xinrong.cli.main", "manage", "ox_worker",
               "--interval", "0.1", "--lock-timeout", LEASE, *more]  # fmt: skip
    return subprocess.Popen(command, env=environment(folder), stderr=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL)  # fmt: skip


def ask(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(folder / "xinrong.sqlite3", timeout=30) as connection:
        found = connection.execute(sql).fetchall()
    connection.close()
    return found


def wait_for(folder: Path, sql: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(3000):
        if ask(folder, sql):
            return
        assert process.poll() is None, "the worker ended by itself"
        time.sleep(0.03)
    pytest.fail(f"never came true: {sql}")


@pytest.mark.timeout(240)
@pytest.mark.big
def test_a_killed_workers_upload_is_taken_up_again_and_doubles_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    path = register(tmp_path / "register.csv")
    prepared = subprocess.run(
        [sys.executable, "-c", PREPARE, str(path)],
        env=environment(folder), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert prepared.stdout.strip() == "taking", prepared.stderr
    first = worker(folder)
    wait_for(folder, "SELECT 1 FROM store_batch", first)  # it has begun, and not committed
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert ask(folder, "SELECT state FROM collect_upload") == [("taking",)]
    second = worker(folder)
    try:
        wait_for(folder, "SELECT 1 FROM collect_upload WHERE state = 'done'", second)
    finally:
        second.terminate()
        second.wait(30)
    assert ask(folder, "SELECT rows_in, accepted FROM collect_receipt") == [(ROWS, ROWS)]
    assert len(ask(folder, "SELECT id FROM store_batch WHERE seq IS NOT NULL")) == 1
    repeated, problem = ask(folder, "SELECT repeated, problem FROM collect_upload")[0]
    assert (bool(repeated), json.loads(problem)) == (False, {})
    assert list((folder / "uploads").iterdir()) == []
