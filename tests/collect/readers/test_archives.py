"""ZIP archives: members read one after another, and nothing believed that an archive says."""

from __future__ import annotations

import gc
import struct
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.collect.readers.files import drain, read, sheet_file, text_file
from xinrong.catalogue.feed import Layout
from xinrong.collect.readers import Bounds, FileError, open_rows

A = "企业名称,代码\n甲公司,1\n乙公司,2\n"
B = "代码,企业名称\n3,丙公司\n\n4\n5,戊公司\n"
Content = Sequence[tuple[str | zipfile.ZipInfo, str | bytes]]


def zip_file(folder: Path, members: Content, name: str = "file.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members:
            archive.writestr(member, content)
    return path


def refusal(path: Path, bounds: Bounds | None = None, **layout: Any) -> FileError:
    with pytest.raises(FileError) as caught:
        drain(open_rows(path, Layout(**{"members": "*.csv", **layout}), bounds=bounds))
    assert caught.value.words.zh
    assert caught.value.words.en
    return caught.value


def unpacked_folders() -> set[Path]:
    found = Path(tempfile.gettempdir()).glob("xinrong-*")
    return {path for path in found if not path.name.startswith(("xinrong-test", "xinrong-pg"))}


def test_the_member_that_matches_is_read_and_others_are_noted(tmp_path: Path) -> None:
    path = zip_file(tmp_path, [("a.csv", A), ("说明.pdf", "x"), ("folder/", "")])
    reading = read(path, members="A.CSV")
    assert reading.rows == [["甲公司", "1"], ["乙公司", "2"]]
    assert reading.row_nos == [2, 3]
    assert reading.notes == ["other_members"]


def test_members_are_read_in_the_order_of_names_and_their_rows_numbered_on(tmp_path: Path) -> None:
    path = zip_file(tmp_path, [("2月/b.csv", B), ("1月/a.csv", A)])
    reading = read(path, members="*.csv")
    assert reading.source.columns == ("企业名称", "代码")
    assert reading.rows == [["甲公司", "1"], ["乙公司", "2"], ["丙公司", "3"], ["戊公司", "5"]]
    assert reading.row_nos == [2, 3, 5, 8]
    assert reading.problems == [(7, "too_few_cells")]
    assert reading.faults[0].original[1] == "4"
    assert reading.source.blank == 1
    assert reading.notes == ["members"]
    assert "2月/b.csv after 3" in reading.source.notes[-1].text.en


def test_notes_on_a_member_name_it(tmp_path: Path) -> None:
    path = zip_file(tmp_path, [("a.csv", b"\xef\xbb\xbf" + A.encode()), ("b.csv", A)])
    note = read(path, members="*.csv").source.notes[0]
    assert note.code == "byte_order_mark"
    assert note.text.en.startswith("a.csv: ")


@pytest.mark.parametrize("kind", ["json", "jsonl"])
def test_members_of_json_may_leave_out_different_fields(tmp_path: Path, kind: str) -> None:
    one, two = ('{"a":"1"}', '{"b":"2"}')
    if kind == "json":
        one, two = f"[{one}]", f"[{two}]"
    path = zip_file(tmp_path, [(f"1.{kind}", one), (f"2.{kind}", two)])
    assert read(path, format=kind, members="*").rows == [["1", None], [None, "2"]]


def test_workbooks_may_come_in_an_archive(tmp_path: Path) -> None:
    book = sheet_file(tmp_path, [["企业名称"], ["甲公司"]]).read_bytes()
    path = zip_file(tmp_path, [("a.xlsx", book)])
    assert read(path, format="xlsx", members="*.xlsx").rows == [["甲公司"]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_that_comes_unpacked_is_read_and_noted(tmp_path: Path, kind: str) -> None:
    rows = [["企业名称"], ["甲公司"]]
    path = sheet_file(tmp_path, rows) if kind == "xlsx" else text_file(tmp_path, "企业名称\n甲公司")
    reading = read(path, format=kind, members=f"*.{kind}")
    assert (reading.rows, reading.notes) == ([["甲公司"]], ["not_packed"])


def test_an_archive_that_was_not_agreed_on_is_refused_with_what_to_write(tmp_path: Path) -> None:
    error = refusal(zip_file(tmp_path, [("a.csv", A)]), members="")
    assert error.code == "wrong_format"
    assert "members: '*.csv'" in error.words.en


def test_members_with_other_headings_refuse_the_file_and_are_named(tmp_path: Path) -> None:
    error = refusal(zip_file(tmp_path, [("a.csv", A), ("b.csv", "企业名称,编码\n丁,1\n")]))
    assert error.code == "other_headings"
    assert error.place.file == "file.zip/b.csv"
    assert "编码" in error.words.zh


def test_an_error_within_a_member_names_it(tmp_path: Path) -> None:
    error = refusal(zip_file(tmp_path, [("数据/a.csv", "")]))
    assert (error.code, error.place.file) == ("empty_file", "file.zip/数据/a.csv")


def test_where_nothing_matches_the_members_are_listed(tmp_path: Path) -> None:
    error = refusal(zip_file(tmp_path, [("甲.txt", "x")]))
    assert error.code == "missing_member"
    assert "甲.txt" in error.words.zh
    assert refusal(zip_file(tmp_path, [])).code == "missing_member"


def test_names_in_gbk_are_readable(tmp_path: Path) -> None:
    placeholder = "XXXXXX.csv"
    path = zip_file(tmp_path, [(placeholder, A), ("x.txt", "")])
    name = "处罚表".encode("gb18030") + b".csv"
    path.write_bytes(path.read_bytes().replace(placeholder.encode(), name))
    assert read(path, members="处罚表.csv").rows[0] == ["甲公司", "1"]


def test_what_operating_systems_leave_behind_is_no_member(tmp_path: Path) -> None:
    litter = [("__MACOSX/._a.csv", b"\x00\x05"), (".DS_Store", b"x"), ("x/Thumbs.db", b"x")]
    assert read(zip_file(tmp_path, [("a.csv", A), *litter]), members="*.csv").notes == []


# What an archive may try


@pytest.mark.parametrize(
    "name",
    ["../a.csv", "x/../../a.csv", "/etc/a.csv", "C:/a.csv", "c:a.csv", "x\\a.csv", "..\\a.csv"],
)
def test_a_name_that_leads_out_refuses_the_archive_and_writes_nothing(
    tmp_path: Path, name: str
) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    info = zipfile.ZipInfo("a.csv")
    info.filename = name
    error = refusal(zip_file(inside, [(info, A), ("b.csv", A)]))
    assert error.code == "unsafe_member"
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "file.zip"]


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.csv")
    link.create_system = 3
    link.external_attr = 0o120777 << 16
    assert refusal(zip_file(tmp_path, [(link, "/etc/passwd")])).code == "unsafe_member"


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = zip_file(tmp_path, [("a.csv", A)])
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    assert refusal(path).code == "encrypted"


def test_an_archive_within_an_archive_is_refused(tmp_path: Path) -> None:
    inner = zip_file(tmp_path, [("a.csv", A)], "inner.zip").read_bytes()
    error = refusal(zip_file(tmp_path, [("a.csv", inner)]))
    assert error.code == "nested_archive"
    assert error.place.file == "file.zip/a.csv"


def test_a_name_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = zip_file(tmp_path, [("a.csv", A), ("b.csv", A)])
    path.write_bytes(path.read_bytes().replace(b"b.csv", b"a.csv"))
    assert refusal(path).code == "member_twice"


def test_a_bomb_is_stopped_by_what_it_unpacks_to(tmp_path: Path) -> None:
    path = zip_file(tmp_path, [("a.csv", b"a,b\n" + b"0" * (64 << 20))])
    error = refusal(path)
    assert (error.code, error.place.file) == ("zip_bomb", "file.zip/a.csv")


def test_a_bomb_that_lies_about_its_size_is_stopped(tmp_path: Path) -> None:
    path = zip_file(tmp_path, [("a.csv", b"a,b\n" + b"0" * (64 << 20))])
    data = bytearray(path.read_bytes())
    entry = data.find(b"PK\x01\x02")
    struct.pack_into("<I", data, entry + 24, 10)
    struct.pack_into("<I", data, 22, 10)
    path.write_bytes(bytes(data))
    assert refusal(path).code in ("zip_bomb", "unreadable_archive")


def test_many_members_together_may_not_unpack_to_too_much(tmp_path: Path) -> None:
    members: Content = [(f"{number}.csv", A * 1000) for number in range(10)]
    error = refusal(zip_file(tmp_path, members), Bounds(unpacked=100_000))
    assert error.code == "file_too_large"


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    members: Content = [(f"{number}.csv", A) for number in range(11)]
    assert refusal(zip_file(tmp_path, members), Bounds(members=10)).code == "too_many_members"


def test_an_archive_cut_anywhere_is_refused(tmp_path: Path) -> None:
    path = zip_file(tmp_path, [("a.csv", A), ("b.csv", A)])
    whole = path.read_bytes()
    for cut in range(5, len(whole) - 1, 17):
        path.write_bytes(whole[:cut])
        assert refusal(path).code == "unreadable_archive"


def test_a_damaged_member_is_refused(tmp_path: Path) -> None:
    path = zip_file(tmp_path, [("a.csv", A * 50)])
    data = bytearray(path.read_bytes())
    data[60:70] = b"\xff" * 10
    path.write_bytes(bytes(data))
    assert refusal(path).code == "unreadable_archive"


def test_what_was_unpacked_is_deleted_at_the_end_and_after_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # apart from tests that run beside it
    before = unpacked_folders()
    path = zip_file(tmp_path, [("a.csv", A)])
    source = open_rows(path, Layout(members="*.csv"))
    assert unpacked_folders() - before
    drain(source)
    del source
    refusal(zip_file(tmp_path, [("a.csv", "")]))
    gc.collect()
    assert unpacked_folders() <= before
