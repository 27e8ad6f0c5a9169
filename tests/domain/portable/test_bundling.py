"""The verifier that a bank takes away: one file, which runs without the platform."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.domain.portable.made import FIRM, KEY, OTHER, SIGNER, report
from xinrong.domain.portable import hand_on
from xinrong.domain.portable.bundling import verifier
from xinrong.domain.signatures import base64url


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("bank")
    (place / "verify.pyz").write_bytes(verifier())
    row = {
        "kid": SIGNER.kid,
        "alg": "Ed25519",
        "public": base64url(KEY.public.raw),
        "from": "2020-01-01T00:00:00+00:00",
        "until": None,
    }
    (place / "keys.json").write_text(json.dumps({"keys": [row], "checkpoints": []}))
    made = report(6, issued=datetime.now(UTC))
    (place / "report.json").write_bytes(made.text)
    (place / "part.json").write_text(json.dumps(hand_on(made.file, {"register"})))
    (place / "qr.txt").write_text(made.qr)
    forged = report(6, issued=datetime.now(UTC), signer=OTHER)
    (place / "forged.json").write_bytes(forged.text)
    return place


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Without this project on the path: only its one file and what is installed."""
    command = [sys.executable, "-I", "-X", "utf8", "verify.pyz", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_it_holds_the_verifier_and_nothing_of_the_platform(folder: Path) -> None:
    names = zipfile.ZipFile(folder / "verify.pyz").namelist()
    assert "xinrong/domain/portable/verifying.py" in names
    assert all(
        name == "__main__.py" or (name.startswith("xinrong/") and name.endswith(".py"))
        for name in names
    )
    assert not [name for name in names if "django" in name or "/files/" in name]
    assert verifier() == (folder / "verify.pyz").read_bytes()


def test_it_needs_no_more_than_the_library_of_signatures(folder: Path) -> None:
    told = (
        "import sys; sys.path.insert(0, 'verify.pyz'); import xinrong.domain.portable.command, "
        "xinrong; assert 'verify.pyz' in xinrong.__file__; "
        "print([m for m in ('django', 'duckdb', 'pydantic', 'numpy', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", told], cwd=folder, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_bank_judges_reports_parts_and_papers_with_it(folder: Path) -> None:
    qr = (folder / "qr.txt").read_text()
    done = run(folder, "report.json", "--keys", "keys.json", "--qr", qr, "--about", FIRM)
    assert (done.returncode, done.stderr) == (0, "")
    assert "可以采信" in done.stdout
    done = run(folder, "part.json", "--keys", "keys.json", "--json")
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["accepted"]
    assert {part["name"]: part["withheld"] for part in found["parts"]}["negative"] == 2
    done = run(folder, "--keys", "keys.json", "--qr", qr, "--language", "en")
    assert done.returncode == 0
    assert "the facts in it are proven" in done.stdout
    done = run(folder, "forged.json", "--keys", "keys.json", "--language", "en")
    assert done.returncode == 1
    assert "Do not rely on it" in done.stdout


def test_what_cannot_be_judged_is_said_without_a_trace(folder: Path) -> None:
    for words in (("report.json", "--keys", "report.json"), ("nothing", "--keys", "keys.json")):
        done = run(folder, *words)
        assert done.returncode == 2
        assert done.stderr
        assert "Traceback" not in done.stderr
    assert run(folder, "--keys", "keys.json").returncode == 2
