"""What `write_city` writes: the same bytes twice, and a truth that agrees with the files."""

from __future__ import annotations

import csv
import gc
import hashlib
import io
import json
import weakref
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from xinrong.catalogue.region import load_region
from xinrong.synth import Summary, SynthError, life, write_city
from xinrong.synth import city as module
from xinrong.synth.faults import KINDS
from xinrong.synth.generate import LATER

#: SHA-256 over names and bytes of a CSV city (seed 11, 1,000 enterprises, 30 rows each). It
#: changes only when the generator says something else: then say so in the change log. Categories
#: that came later have a digest of their own: the first says that they moved nothing else.
PINNED = "e6f3c73ed9d0f9910d9c2a4fb42c1fa49ccf67d47c5b1381b975205dfbbb80e0"
PINNED_LATER = "245829630832fd76ff94fe467f40d1ce60d7a05135ff88925a77b346547408c4"

City = tuple[Path, Summary]
TAIZHOU = load_region("taizhou")


def content(out: Path, ending: str = "") -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name.endswith(ending)
    }


def sheet(path: Path, encoding: str) -> list[list[str]]:
    """The rows of a file as text, the header first."""
    if path.suffix == ".xlsx":
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        return [[str(cell) for cell in row] for row in rows]
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        columns = [column.to_pylist() for column in table.columns]
        rows = [[cell or "" for cell in row] for row in zip(*columns, strict=True)]
        return [table.column_names, *rows]
    text = path.read_bytes().decode(encoding)
    return list(csv.reader(io.StringIO(text, newline="")))


def faults_of(out: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(out / "truth" / "faults.parquet").to_pylist()
    return found


@pytest.mark.parametrize("file_format", ["mixed", "parquet"])
def test_the_same_seed_and_size_give_the_same_bytes(
    tmp_path: Path, written: City, as_parquet: City, file_format: str
) -> None:
    first = (written if file_format == "mixed" else as_parquet)[0]
    write_city(tmp_path, 7, 1_000, rows_per_enterprise=40, faults=0.05, file_format=file_format)
    assert content(tmp_path) == content(first)


def test_the_bytes_of_a_small_city_are_pinned(tmp_path: Path) -> None:
    write_city(tmp_path, 11, 1_000, rows_per_enterprise=30, file_format="csv")
    later = {name for name, feed in TAIZHOU.feeds.items() if feed.category in LATER}
    first, second = hashlib.sha256(), hashlib.sha256()
    for name, data in content(tmp_path, ".csv").items():
        digest = second if name.split("/")[0] in later else first
        digest.update(name.encode() + b"\0" + data)
    assert first.hexdigest() == PINNED
    assert second.hexdigest() == PINNED_LATER


def test_another_seed_gives_other_files(tmp_path: Path, as_parquet: City) -> None:
    write_city(tmp_path, 8, 1_000, rows_per_enterprise=40, faults=0.05, file_format="parquet")
    mine, theirs = content(tmp_path), content(as_parquet[0])
    assert mine.keys() == theirs.keys()
    assert [name for name in mine if mine[name] == theirs[name]] == []


def test_every_feed_has_a_file_of_its_layout(written: City) -> None:
    out, summary = written
    assert set(summary.rows_per_feed) == set(TAIZHOU.sent_feeds)
    for feed in TAIZHOU.sent_feeds.values():
        path = out / feed.feed / f"{feed.feed}.{feed.layout.format}"
        rows = sheet(path, feed.layout.encoding)
        assert len(rows) - 1 == summary.rows_per_feed[feed.feed]
        names = {feed.subject.code, feed.subject.name}
        names |= {feed.source(name).columns[0] for name in feed.mapping}  # type: ignore[union-attr]
        assert set(rows[0]) == names


def test_parquet_and_files_say_the_same(written: City, as_parquet: City) -> None:
    for feed in TAIZHOU.sent_feeds.values():
        one = sheet(
            written[0] / feed.feed / f"{feed.feed}.{feed.layout.format}", feed.layout.encoding
        )
        two = sheet(as_parquet[0] / feed.feed / "part-0000.parquet", "")
        width = len(one[0])
        assert [row + [""] * (width - len(row)) for row in one] == two, feed.feed


@pytest.mark.parametrize("which", ["written", "as_parquet"])
def test_each_fault_on_record_is_in_the_file_at_its_row(
    which: str, request: pytest.FixtureRequest
) -> None:
    out, summary = request.getfixturevalue(which)
    found = faults_of(out)
    assert len(found) == summary.faults > 500
    cache: dict[str, list[list[str]]] = {}
    for fault in found:
        encoding = TAIZHOU.feeds[fault["feed"]].layout.encoding
        if fault["file"] not in cache:
            cache[fault["file"]] = sheet(out / fault["file"], encoding)
        rows = cache[fault["file"]]
        row = rows[fault["row_no"] - 1]
        if fault["fault"] == "duplicate":
            assert row == rows[int(fault["right_value"]) - 1]
            continue
        cell = row[rows[0].index(fault["column"])]
        assert cell == fault["written_value"], fault
        if fault["fault"] != "conflict":
            assert cell != fault["right_value"], fault


def test_a_row_has_one_fault_at_most(written: City) -> None:
    where = Counter((one["file"], one["row_no"]) for one in faults_of(written[0]))
    assert set(where.values()) == {1}


def test_all_kinds_of_faults_come_at_about_the_stated_rate(written: City) -> None:
    out, summary = written
    kinds = Counter(one["fault"] for one in faults_of(out))
    assert set(kinds) == set(KINDS)
    conflicts = kinds["conflict"] // 2  # two rows each
    assert 0.045 < (summary.faults - conflicts) / summary.rows < 0.055


def test_without_faults_nothing_is_wrong(tmp_path: Path) -> None:
    summary = write_city(tmp_path, 7, 1_000, rows_per_enterprise=20, faults=0.0, file_format="csv")
    assert summary.faults == 0
    assert faults_of(tmp_path) == []


def test_the_truth_about_enterprises_agrees_with_the_register(written: City) -> None:
    out, _ = written
    people = pq.read_table(out / "truth" / "enterprises.parquet").to_pylist()
    assert [one["number"] for one in people] == list(range(1, 1_001))
    rows = sheet(out / "market_registration" / "market_registration.csv", "utf-8")
    spoiled = {one["row_no"] for one in faults_of(out) if one["feed"] == "market_registration"}
    truth = {one["code"]: one for one in people}
    assert len(truth) == 1_000
    seen = 0
    for number, row in enumerate(rows[1:], start=2):
        if number in spoiled:
            continue
        record = dict(zip(rows[0], row, strict=True))
        one = truth[record["统一社会信用代码"]]
        assert one["name"] == record["企业名称"]
        assert one["founded_on"].isoformat() == record["成立日期"]
        assert (record["登记状态"] == "注销") == (one["ended_on"] is not None)
        seen += 1
    assert seen > 900


def test_the_truth_names_failures_and_their_day(written: City) -> None:
    people = pq.read_table(written[0] / "truth" / "enterprises.parquet").to_pylist()
    failed = [one for one in people if one["default"]]
    assert 30 < len(failed) < 130
    assert all(one["fate"] == "fails" and one["default_on"] for one in failed)
    pairs = [one for one in people if one["fate"] in ("merges", "converts")]
    codes = {one["code"] for one in people}
    assert pairs
    assert all(one["partner_code"] in codes for one in pairs)


def test_the_manifest_says_what_was_asked_and_written(written: City) -> None:
    out, summary = written
    manifest = json.loads((out / "truth" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["options"]["seed"] == 7
    assert manifest["options"]["enterprises"] == 1_000
    assert manifest["options"]["faults"] == 0.05
    assert manifest["rows"] == summary.rows == sum(manifest["rows_per_feed"].values())
    assert manifest["version"]
    assert sorted(manifest["files"]) == [n for n in content(out) if not n.startswith("truth/")]


def test_twice_the_enterprises_give_about_twice_the_rows(tmp_path: Path) -> None:
    one = write_city(tmp_path / "a", 3, 1_000, rows_per_enterprise=30, file_format="parquet")
    two = write_city(tmp_path / "b", 3, 2_000, rows_per_enterprise=30, file_format="parquet")
    assert 1.8 < two.rows / one.rows < 2.2


@pytest.mark.parametrize("rows", [30, 60, 200, 400])
def test_rows_an_enterprise_come_near_what_was_asked(tmp_path: Path, rows: float) -> None:
    made = write_city(tmp_path, 3, 1_000, rows_per_enterprise=rows, file_format="parquet")
    assert 0.85 * rows < made.rows / 1_000 < 1.15 * rows


def test_a_longer_window_gives_more_rows(tmp_path: Path) -> None:
    one = write_city(tmp_path / "a", 3, 1_000, years=1, file_format="parquet")
    two = write_city(tmp_path / "b", 3, 1_000, years=3, file_format="parquet")
    assert two.rows > 2 * one.rows


@pytest.mark.parametrize("until", [date(2026, 12, 31), date(2026, 1, 31), date(2024, 2, 29)])
@pytest.mark.parametrize("years", [1, 8])
def test_any_window_can_be_written(tmp_path: Path, until: date, years: int) -> None:
    made = write_city(
        tmp_path, 3, 1_000, years=years, until=until, rows_per_enterprise=30, file_format="parquet"
    )
    assert made.rows > 20_000


def test_memory_is_bounded_by_the_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alive: list[weakref.ref[Any]] = []
    most = 0
    original = module.chunks_of

    def counted(*args: Any) -> Any:
        nonlocal most
        for chunk in original(*args):
            alive.append(weakref.ref(chunk))
            gc.collect()
            most = max(most, sum(one() is not None for one in alive))
            yield chunk
            del chunk

    monkeypatch.setattr(module, "chunks_of", counted)
    monkeypatch.setattr(life, "CHUNK", 400)
    write_city(tmp_path, 1, 1_600, rows_per_enterprise=20, faults=0.0, file_format="parquet")
    assert len(alive) == 4
    assert most <= 2  # the one at hand and the one just left


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("enterprises", 999),
        ("enterprises", 0),
        ("enterprises", -5),
        ("seed", -1),
        ("years", 0),
        ("years", 16),
        ("faults", -0.1),
        ("faults", 0.6),
        ("faults", float("nan")),
        ("rows_per_enterprise", 3),
        ("rows_per_enterprise", float("nan")),
        ("file_format", "ods"),
        ("until", date(1999, 12, 31)),
    ],
)
def test_an_option_that_cannot_be_is_refused_and_nothing_is_written(
    tmp_path: Path, option: str, value: Any
) -> None:
    out = tmp_path / "city"
    with pytest.raises(SynthError) as refused:
        write_city(out, **{"enterprises": 1_000, option: value})
    assert refused.value.code == "synth_option"
    assert refused.value.remedy
    assert not out.exists()


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(SynthError, match="is not empty"):
        write_city(tmp_path, 1, 1_000)
    with pytest.raises(SynthError, match="holds no invented city"):
        write_city(tmp_path, 1, 1_000, force=True)
    assert (tmp_path / "letter.txt").read_text() == "dear"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "city").write_text("")
    with pytest.raises(SynthError, match="is a file"):
        write_city(tmp_path / "city", 1, 1_000, force=True)


def test_force_replaces_a_city(tmp_path: Path) -> None:
    write_city(tmp_path, 1, 1_000, rows_per_enterprise=20, file_format="csv")
    write_city(tmp_path, 2, 1_000, rows_per_enterprise=20, file_format="parquet", force=True)
    manifest = json.loads((tmp_path / "truth" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["options"]["seed"] == 2
    assert content(tmp_path, ".csv") == {}
