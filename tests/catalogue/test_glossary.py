"""The glossary says one thing once, in both languages, for every word the design fixes."""

from __future__ import annotations

import re

from xinrong.catalogue.region import regions_root

PAGE = regions_root().parent / "docs" / "glossary.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| English")
]
#: The words that the design gives one meaning each.
FIXED = (
    "credit file, part, upload, batch, subject, enterprise, branch, sole trader, farm household,"
    " prospective enterprise, register feed, provisional, unlinked, successor, level, grade, stage,"
    " seq, region, pledge, guarantee, compensation, on-lending, bridge loan, category, contract,"
    " feed, record, slot, criterion, process, indicator, profile, snapshot, commit ledger, hot table,"
    " duplicate, correction, retracted, superseded, suppressed, erased, identity map, coverage"
)


def test_every_term_has_its_chinese_term_and_one_line_of_meaning() -> None:
    for row in ROWS:
        assert len(row) == 3, row
        english, chinese, meaning = row
        assert english
        assert re.search(r"[\u4e00-\u9fff]", chinese), english
        assert 10 < len(meaning) < 160, english


def test_no_word_means_two_things() -> None:
    english = [row[0] for row in ROWS]
    chinese = [row[1] for row in ROWS]
    assert sorted(english) == sorted(set(english))
    assert sorted(chinese) == sorted(set(chinese))


def test_every_word_of_the_design_is_there() -> None:
    assert {word.strip() for word in FIXED.split(",")} - {row[0] for row in ROWS} == set()
