"""`xinrong consent`: what it says to papers that are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from xinrong.cli.consent import verify


@pytest.mark.parametrize("text", ["", "not json", "[]", "{}", '{"artefact": null}', "null", "\xff"])
def test_a_file_that_holds_no_papers_is_named_with_what_to_give(tmp_path: Path, text: str) -> None:
    papers = tmp_path / "papers.json"
    papers.write_bytes(text.encode("latin-1"))
    done = CliRunner().invoke(verify, [str(papers)])
    assert done.exit_code == 1
    assert "does not hold the papers of a consent" in done.output
