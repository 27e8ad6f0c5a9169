"""`xinrong file --pdf`: the same paper, on the command line."""

from __future__ import annotations

import stat
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.files.firm import FIRM
from tests.files.printing.support import needs_fonts
from xinrong.accounts.services import Viewer
from xinrong.cli.file import command
from xinrong.files.printing.models import IssuedPaper
from xinrong.trust.services import Denied

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "taizhou")]
WHO = ["--as", "loan_officer@x.invalid"]


@needs_fonts
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_writes_a_paper_that_only_its_owner_reads(
    banker: Viewer, consented: int, tmp_path: Path, language: str
) -> None:
    path = tmp_path / "paper.pdf"
    path.write_text("older")
    path.chmod(0o644)
    more = ["--stage", "pre_loan", "--pdf", str(path), "--language", language]
    done = CliRunner().invoke(command, [FIRM, *WHO, *more], catch_exceptions=False)
    row = IssuedPaper.objects.get()
    assert sha256(path.read_bytes()).hexdigest() == row.file_digest
    assert f"sha256 {row.file_digest}" in done.output
    assert f"audit row {row.audit_id}" in done.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_refusal_writes_nothing(banker: Viewer, consented: int, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    with pytest.raises(Denied):
        CliRunner().invoke(command, [FIRM, *WHO, "--pdf", str(path)], catch_exceptions=False)
    assert not path.exists()
    assert not IssuedPaper.objects.exists()
