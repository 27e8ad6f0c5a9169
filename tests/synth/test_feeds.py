"""One feed alone: the rows of the city, in one file, part of them in an earlier one, too."""

from __future__ import annotations

from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from xinrong.synth import Options, SynthError, write_city
from xinrong.synth.feeds import write_feed

FEED = "tax_export_refunds"
OPTIONS = Options(3, 1_000, format="parquet")


def test_the_rows_are_those_of_the_city(tmp_path: Path) -> None:
    sent = write_feed(tmp_path / "one", FEED, OPTIONS, rows=1)
    write_city(tmp_path / "all", 3, 1_000, file_format="parquet")
    whole = pq.read_table(tmp_path / "all" / FEED / "part-0000.parquet")
    assert pq.read_table(sent.file).equals(whole)
    assert sent.rows == len(whole)
    assert sent.outcomes["quarantined"] > 0
    assert sent.rows_before == 0


def test_what_came_before_is_sound_and_is_the_share_that_was_asked(tmp_path: Path) -> None:
    clean = Options(3, 1_000, faults=0.0, format="parquet")
    sent = write_feed(tmp_path, FEED, clean, rows=1, resent=0.2)
    rows = pq.read_table(sent.file).to_pylist()
    before = pq.read_table(sent.before).to_pylist()
    assert all(row in rows for row in before[:50])
    assert len(before) == sent.rows_before
    assert 0.15 < len(before) / len(rows) < 0.25
    assert not sent.outcomes


def test_text_holds_the_same_rows(tmp_path: Path) -> None:
    parquet = write_feed(tmp_path / "parquet", FEED, OPTIONS, rows=1)
    text = write_feed(tmp_path / "csv", FEED, Options(3, 1_000, format="csv"), rows=1)
    assert text.file.suffix == ".csv"
    assert pa_csv.read_csv(text.file).num_rows == parquet.rows == text.rows


def test_more_rows_than_there_are_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SynthError, match="enterprises give"):
        write_feed(tmp_path, FEED, OPTIONS, rows=10_000_000)
