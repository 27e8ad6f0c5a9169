"""The text of a whole paper, in both languages, word for word.

After a change that is meant: `GOLDEN=write pytest tests/files/printing/test_golden.py`,
and read what changed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import time_machine

from tests.files.firm import consent
from tests.files.printing.pdf_text import pages_of
from tests.files.printing.support import AT, KEY, NUMBER, by_bank, needs_fonts
from xinrong.accounts.services import Viewer
from xinrong.files.printing import issuing, numbering, wording
from xinrong.pages import words

GOLDEN = Path(__file__).parent / "golden"
#: What differs from run to run, or from database to database.
CHANGING = [
    (re.compile(r"^((?:查询编号|Query no\.)\s)\d+$", re.MULTILINE), r"\1<id>"),
    (re.compile(r"\b[0-9a-f]{8}(?:[ \n][0-9a-f]{8}){7}\b"), "<digest>"),
    (re.compile(r"((?:批次|batch) )\d+"), r"\1<batch>"),
    (re.compile(r"((?:数据状态序号|State of the store)\s)\d+"), r"\1<seq>"),
]


@needs_fonts
@pytest.mark.django_db
@pytest.mark.usefixtures("store_root", "taizhou")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_text_of_a_paper_is_the_golden_one(
    banker: Viewer, consented: int, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbering, "new_control", lambda: NUMBER.control)
    monkeypatch.setattr(issuing, "signing_key", lambda: KEY)
    with time_machine.travel(AT, tick=False):
        consent(banker, consented, 3, "tax_payment")
        paper = by_bank(banker, consented, language=language)
    pages = pages_of(paper.pdf, marks=False)
    text = "\n\f\n".join("\n".join(page) for page in pages) + "\n"
    for changing, still in CHANGING:
        text = changing.sub(still, text)
    path = GOLDEN / f"{language}.txt"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_a_paper_says_things_in_the_words_of_the_pages() -> None:
    for name in ("KINDS", "PURPOSES", "STAGES", "SOURCE_STATES", "ROLES"):
        mine, theirs = getattr(wording, name), getattr(words, name)
        assert {key: str(mine[key]) for key in mine} == {key: str(theirs[key]) for key in mine}
    for key, pair in wording.WITHHELD.items():
        assert tuple(map(str, pair)) == tuple(map(str, words.WITHHELD[key]))
    assert set(wording.WITHHELD) == set(words.WITHHELD)
    assert set(words.KINDS) == set(wording.KINDS)
    assert set(words.STAGES) == set(wording.STAGES)
