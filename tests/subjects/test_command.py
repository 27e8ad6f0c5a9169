"""`xinrong subjects`: a preview first, a decision only with --yes, and a way back."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from tests.store.rows import put, row
from tests.subjects.people import code, known
from xinrong.cli.main import group
from xinrong.subjects.services import enterprise_by_code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]

WHO = ("--by", "李四", "--why", "同一家")


def run(*words: str) -> str:
    done = CliRunner().invoke(group, ["subjects", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_merge_is_previewed_done_with_yes_listed_and_undone() -> None:
    (a, one), (b, _) = known(1, "甲"), known(2, "乙")
    put(row(one, 11, 1), row(one, 12, 1))
    seen = run("merge", code(1), code(2), *WHO)
    assert f"甲 ({code(1)}) -> 乙 ({code(2)})" in seen
    assert "2 records of" in seen
    assert "Nothing was changed" in seen
    assert enterprise_by_code(code(1)).pk == a

    number = re.findall(r"decision (\d+): merge", run("merge", code(1), code(2), *WHO, "--yes"))
    assert enterprise_by_code(code(1)).pk == b
    assert f"answers for {code(1)}, {code(2)}" in run("show", code(1))
    assert "李四" in run("decisions", "--of", code(1))

    assert "Nothing was changed" in run("undo", *number, *WHO)
    assert "undo at seq" in run("undo", *number, *WHO, "--yes")
    assert enterprise_by_code(code(1)).pk == a


def test_a_split_to_an_enterprise_that_nobody_knew_needs_its_name() -> None:
    _, one = known(1, "甲")
    run("split", str(one), "--to", code(2), "--new-name", "乙", *WHO)
    assert "split at seq" in run(
        "split", str(one), "--to", code(2), "--new-name", "乙", *WHO, "--yes"
    )
    assert enterprise_by_code(code(1)).name == "乙"
