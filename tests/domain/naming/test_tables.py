"""The tables of words: what they hold fits together, and regions are the public ones."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.environment import PROJECT
from xinrong.domain.names import fold
from xinrong.domain.naming.tables import Endings, rows, tables

FOLDER = PROJECT / "src" / "xinrong" / "domain" / "naming" / "tables"


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("forms", "written"),
        ("branches", "written"),
        ("industries", "industry"),
        ("marks", "mark"),
        ("platforms", "platform"),
        ("shop_fronts", "ending"),
        ("former", "word"),
        ("anchors", "ending"),
        ("region_words", "short"),
    ],
)
def test_no_word_stands_twice_and_all_are_folded(table: str, column: str) -> None:
    words = [row[column] for row in rows(table)]
    assert [word for word, times in Counter(words).items() if times > 1] == []
    assert [word for word in words if word != fold(word)] == []


def test_every_table_is_named_with_its_source() -> None:
    said = (FOLDER / "SOURCE.md").read_text(encoding="utf-8")
    assert [table.name for table in FOLDER.glob("*.csv") if table.name not in said] == []


def test_a_county_lies_in_a_city_or_province_of_the_table() -> None:
    known = {row["code"] for row in rows("regions")}
    for row in rows("regions"):
        code = row["code"]
        assert code[:2] + "0000" in known
        assert len(code) == 6
        assert code.isdigit()
    assert {row["code"] for row in rows("regions_extra")} - known == {""}


def test_a_word_that_is_no_region_alone_is_a_short_form() -> None:
    shorts = {row["short"] for row in rows("regions") + rows("regions_extra")}
    assert {row["short"] for row in rows("region_words")} >= {"东方", "新华", "和平"}
    assert {"东方", "新华", "和平"} <= shorts


def test_the_longest_ending_wins_and_leaves_what_must_stay() -> None:
    endings = Endings([("公司", 1), ("有限公司", 2), ("厂", 3), ("责任有限公司", 4)])
    assert endings.longest("霁禾有限公司") == 4
    assert endings.longest("霁禾有限公司", keep=3) == 2
    assert endings.longest("霁禾厂") == 1
    assert endings.longest("厂", keep=1) == 0
    assert endings.longest("") == 0
    assert endings.longest("霁禾") == 0


def test_regions_follow_each_other_downwards() -> None:
    regions = tables().regions
    assert regions.leading("北京市海淀区霁禾", 2) == (6, "110108", "北京海淀")
    assert regions.leading("海淀区北京市霁禾", 2) == (3, "110108", "海淀")
    assert regions.leading("江苏杭州霁禾", 2) == (2, "320000", "江苏")
    assert regions.leading("霁禾北京", 0) == (0, "", "")


def test_the_regions_are_those_of_the_public_codes(shared_data: Path) -> None:
    codes = shared_data / "cn-reference-codes"
    if not codes.exists():
        pytest.skip("needs the shared data cn-reference-codes")
    script = PROJECT / "scripts" / "naming" / "build_regions.py"
    built = subprocess.run(
        [sys.executable, str(script), str(codes)], capture_output=True, check=True, encoding="utf-8"
    )
    assert built.stdout == (FOLDER / "regions.csv").read_text(encoding="utf-8")
