"""`xinrong report`: made, shown, handed on in part and verified on a terminal."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.files.firm import FIRM, acting, firm, honour, send, taizhou
from xinrong.cli.report import command
from xinrong.trust.services import key_document

__all__ = ["firm", "taizhou"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "taizhou")]


def call(*words: Any) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


@pytest.fixture
def made(firm: int, tmp_path: Path) -> tuple[Path, str]:
    """A report, and the text of its code."""
    send("honour", "reform_honours", honour(30, date(2026, 3, 1)))
    acting("甲（虚构）有限公司", "enterprise", "representative", FIRM)
    file = tmp_path / "report.json"
    parts = [word for part in ("register", "positive") for word in ("--part", part)]
    done = call("make", FIRM, "--as", "representative@x.invalid", *parts, "--json", file)
    assert done.exit_code == 0, done.output
    return file, done.output.splitlines()[-1]


def test_made_and_verified_here(made: tuple[Path, str]) -> None:
    file, qr = made
    assert file.stat().st_mode & 0o077 == 0
    done = call("verify", file, "--qr", qr, "--about", FIRM)
    assert done.exit_code == 0, done.output
    assert "截至" in done.output
    assert "未被撤回" in done.output
    assert call("verify", "--qr", qr).exit_code == 0


def test_verified_elsewhere_with_nothing_but_keys(made: tuple[Path, str], tmp_path: Path) -> None:
    file, _qr = made
    keys, listed = tmp_path / "keys.json", tmp_path / "status.json"
    keys.write_text(json.dumps(key_document()))
    listed.write_text(call("status").output)
    done = call("verify", file, "--keys", keys, "--status", listed, "--json")
    assert done.exit_code == 0
    assert json.loads(done.output)["accepted"]


def test_a_part_is_handed_on_without_the_platform(made: tuple[Path, str], tmp_path: Path) -> None:
    part = tmp_path / "part.json"
    assert call("show", made[0], "--only", "register", "--out", part).exit_code == 0
    assert "诚信示范企业" not in part.read_text()
    done = call("verify", part, "--language", "en")
    assert done.exit_code == 0
    assert re.search(r"Positive records: 1 signed, 1 of them not shown", done.output)
    assert "诚信示范企业" in call("show", made[0]).output


def test_what_was_changed_ends_with_one(made: tuple[Path, str], tmp_path: Path) -> None:
    file = tmp_path / "changed.json"
    file.write_text(made[0].read_text().replace("诚信示范企业", "诚信示范单位"))
    done = call("verify", file)
    assert done.exit_code == 1
    assert "不可采信" in done.output


def test_who_is_no_representative_makes_none(firm: int, tmp_path: Path) -> None:
    acting("海丰银行（虚构）", "bank", "loan_officer")
    done = call("make", FIRM, "--as", "loan_officer@x.invalid", "--json", tmp_path / "r.json")
    assert done.exit_code == 1
    assert "representative" in done.output
    assert not (tmp_path / "r.json").exists()


def test_nothing_to_verify_is_said(tmp_path: Path) -> None:
    assert call("verify").exit_code == 2
    assert call("verifier", tmp_path / "v.pyz").exit_code == 0
    assert (tmp_path / "v.pyz").stat().st_size < 100_000
