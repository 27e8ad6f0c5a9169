"""An index of plain names: what is near, what contains, on disk as in memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.domain.names import fold
from xinrong.subjects.nameindex import NameIndex, build, open_folder
from xinrong.subjects.nameindex import folder as folders
from xinrong.subjects.nameindex.making import rows_of, segment_of

NAMES = [
    "海城恒远精密机械有限公司",
    "海城恒达精密机械有限公司",
    "恒远（海城）科技股份有限公司",
    "海城市恒远精密机械厂",
    "南山青禾农业专业合作社",
    "ABC 测试（虚构）有限公司",
    "㐂乐𠮷食品店",
]
SIGNS = st.sampled_from("海城恒远达精密机械有限公司科技南山青禾AB𠮷")


def index_of(names: list[str]) -> NameIndex:
    return NameIndex((segment_of(rows_of(enumerate(names, 1))),))


def killed(path: Path) -> None:
    raise KeyboardInterrupt


def test_a_name_is_nearest_to_itself() -> None:
    index = index_of(NAMES)
    for number, name in enumerate(NAMES, 1):
        best = index.near(fold(name), 3)[0]
        assert (best.enterprise, best.name, best.folded) == (number, name, fold(name))
        assert best.shared == pytest.approx(1)


def test_the_nearest_of_a_mistyped_name_shares_its_rare_pairs() -> None:
    found = index_of(NAMES).near(fold("海城恒远精蜜机械有限公司"), 5)
    assert [one.enterprise for one in found][:1] == [1]
    assert all(0 < one.shared < 1 for one in found)
    assert [one.shared for one in found] == sorted((one.shared for one in found), reverse=True)


def test_a_fragment_finds_names_that_begin_with_it_first_then_the_shorter() -> None:
    found = index_of(NAMES).containing("恒远", 10)
    assert [one.enterprise for one in found] == [3, 4, 1]
    assert [one.enterprise for one in index_of(NAMES).containing("恒远", 2)] == [3, 4]


def test_nothing_is_asked_and_nothing_is_found() -> None:
    index = index_of(NAMES)
    assert index.near("", 5) == index.near("恒", 5) == index.containing("", 5) == []
    assert index.containing("没有", 5) == index.near("完全不同", 5) == []
    assert NameIndex(()).near("恒远", 5) == index_of([]).containing("恒远", 5) == []


def test_a_name_of_which_folding_leaves_nothing_is_passed_over() -> None:
    index = index_of(["（）", "恒远"])
    assert len(index) == 1
    assert [one.enterprise for one in index.containing("恒", 5)] == [2]


@given(st.lists(st.text(SIGNS, min_size=1, max_size=12), min_size=1, max_size=12), st.data())
def test_every_fragment_of_a_name_finds_it(names: list[str], data: st.DataObject) -> None:
    index = index_of(names)
    wanted = data.draw(st.integers(0, len(names) - 1))
    folded = fold(names[wanted])
    start = data.draw(st.integers(0, len(folded) - 1))
    end = data.draw(st.integers(start + 1, len(folded)))
    found = {one.enterprise for one in index.containing(folded[start:end], 100)}
    assert found == {
        number for number, name in enumerate(names, 1) if folded[start:end] in fold(name)
    }


def test_two_segments_answer_as_one() -> None:
    both = NameIndex((segment_of(rows_of([(1, NAMES[0])])), segment_of(rows_of([(2, NAMES[1])]))))
    assert [one.enterprise for one in both.near(fold(NAMES[1]), 5)] == [2, 1]
    assert {one.enterprise for one in both.containing("精密", 5)} == {1, 2}


def test_what_lies_on_disk_answers_as_what_was_built(tmp_path: Path) -> None:
    build(enumerate(NAMES, 1), tmp_path)
    kept = open_folder(tmp_path)
    for text in ("恒远", "精密机械", "海城恒远精密机械有限公司"):
        assert kept.near(text, 9) == index_of(NAMES).near(text, 9)
        assert kept.containing(text, 9) == index_of(NAMES).containing(text, 9)


def test_a_new_generation_takes_the_place_of_the_old_one_which_stays_readable(
    tmp_path: Path,
) -> None:
    old = build([(1, NAMES[0])], tmp_path)
    build([(2, NAMES[1])], tmp_path)
    assert [one.enterprise for one in open_folder(tmp_path).containing("精密", 5)] == [2]
    assert [one.enterprise for one in old.containing("精密", 5)] == [1]
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


def test_a_writer_killed_halfway_leaves_the_generation_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build([(1, NAMES[0])], tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(folders, "_flush", killed)
        with pytest.raises(KeyboardInterrupt):
            build([(2, NAMES[1])], tmp_path)
    assert [one.enterprise for one in open_folder(tmp_path).containing("精密", 5)] == [1]
    folders.sweep(tmp_path, folders.current(tmp_path), abandoned=-1.0)
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


def test_a_generation_of_another_format_is_as_good_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(enumerate(NAMES, 1), tmp_path)
    monkeypatch.setattr(folders, "FORMAT", folders.FORMAT + 1)
    assert len(open_folder(tmp_path)) == 0


def test_dropping_leaves_nothing_of_any_name_and_no_writer_puts_it_back(tmp_path: Path) -> None:
    build(enumerate(NAMES, 1), tmp_path)
    since = folders.dropped(tmp_path)
    folders.drop(tmp_path)
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []
    assert len(open_folder(tmp_path)) == 0
    assert not folders.keep(index_of(NAMES).segments[0], tmp_path, since=since)
    assert len(open_folder(tmp_path)) == 0
    assert len(open_folder(tmp_path / "nowhere")) == 0


_FOREVER = """
import sys
from pathlib import Path
from xinrong.subjects.nameindex import build
for number in range(10**6):
    build([(number, f"海城恒远{number}店")] * 3, Path(sys.argv[1]))
    print(number, flush=True)
"""


def test_a_writer_killed_at_any_moment_leaves_a_whole_generation(tmp_path: Path) -> None:
    for seen in (1, 3, 8):
        writer = subprocess.Popen(
            [sys.executable, "-c", _FOREVER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        for _ in range(seen):
            writer.stdout.readline()
        writer.kill()
        writer.wait()
        writer.stdout.close()
        index = open_folder(tmp_path)
        [name] = {one.name for one in index.containing("恒远", 9)}
        assert len(index) == 3
        assert index.near(name, 1)[0].shared == pytest.approx(1)
