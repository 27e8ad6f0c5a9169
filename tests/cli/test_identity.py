"""`xinrong identity`: what it says, and that everything has a way back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.subjects.judging.names import NAME, doubtful, waiting
from tests.subjects.people import code, known
from xinrong.cli.main import group
from xinrong.subjects.services import subjects_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
WHO = ("--by", "李四", "--why", "同一家")


def run(*words: str, status: int = 0) -> str:
    done = CliRunner().invoke(group, ["identity", *words], catch_exceptions=False)
    assert done.exit_code == status, done.output
    return done.output


def test_links_are_previewed_made_and_counted() -> None:
    enterprise, _ = known(1, NAME)
    subject = waiting()
    seen = run("link", "--dry-run")
    assert "1 linked" in seen
    assert "Nothing was changed" in seen
    assert code(1) in seen
    assert subject not in subjects_of([enterprise])[enterprise]
    assert "subjects undo" in run("link")
    assert subject in subjects_of([enterprise])[enterprise]
    assert json.loads(run("link", "--json").splitlines()[-1])["looked_at"] == 0


def test_the_queue_is_listed_judged_and_taken_back() -> None:
    subject, one, _ = doubtful(records=2)
    listed = run("queue")
    assert "1 review" in listed
    assert str(subject) in listed
    act = re.findall(r"identity undo (\S+)", run("decide", str(subject), "--same", code(11), *WHO))
    assert subject in subjects_of([one])[one]
    assert "李四" in run("judgements")
    assert "1 judgements taken back" in run("undo", *act, *WHO)
    assert subject not in subjects_of([one])[one]
    run("decide", str(subject), "--not", code(11), "--not", code(12), *WHO)
    run("decide", str(subject), "--unsure", *WHO)
    assert run("judgements", "--of", str(subject)).count("李四") >= 4


@pytest.mark.parametrize("said", [(), ("--same", "x", "--unsure"), ("--not", "x", "--same", "x")])
def test_one_thing_is_said_at_a_time(said: tuple[str, ...]) -> None:
    assert "say one of" in run("decide", "1", *said, *WHO, status=2)


def test_the_ledger_is_written_to_a_new_file_and_read_again(tmp_path: Path) -> None:
    subject, *_ = doubtful()
    run("decide", str(subject), "--not", code(11), *WHO)
    path = tmp_path / "ledger.csv"
    assert "written to" in run("judgements", "--export", str(path))
    assert "1 held already" in run("judgements", "--import", str(path))
