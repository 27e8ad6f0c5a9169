"""`xinrong collect watch`, as an operator starts it."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from tests.apart import tables_in
from tests.environment import PROJECT


@pytest.mark.timeout(120)
def test_the_command_takes_files_until_it_is_told_to_end(tmp_path):
    drop = tmp_path / "drop" / "new_domestic_enterprises"
    drop.mkdir(parents=True)
    environment = {
        **os.environ, "XINRONG_DATA": str(tmp_path / "data"), "REGION": "beijing", "LANG": "C",
        "PYTHONPATH": str(PROJECT / "src"),
    }  # fmt: skip
    environment.pop("XINRONG_DATABASE_URL", None)
    xinrong = [sys.executable, "-m", "xinrong.cli.main"]
    tables_in({"XINRONG_DATA": str(tmp_path / "data")})
    command = [*xinrong, "collect", "watch", str(drop.parent), "--poll", "0.1"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        (drop / "a.csv").write_text(
            "企业名称,统一社会信用代码,核准日期\n甲（虚构）有限公司,91110118MAC905JG2C,2023-02-17\n"
        )
        (drop / "a.csv.done").touch()
        until = time.monotonic() + 60
        while not (drop / "taken" / "a.csv").exists() and time.monotonic() < until:
            time.sleep(0.05)
        process.terminate()
        output, _ = process.communicate(timeout=30)
        assert process.returncode == 0
    assert b"1 rows in = 1 accepted" in output
    assert (drop / "taken" / "a.csv.receipt.json").exists()
