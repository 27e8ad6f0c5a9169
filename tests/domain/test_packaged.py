"""Tables that come with the program are read in one way, and every one of them can be."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

import pytest

from xinrong.domain.packaged import packaged_rows

SOURCE = Path(str(files("xinrong")))
TABLES = sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.csv"))


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_a_cell_for_each_of_its_headings(table: str) -> None:
    rows = packaged_rows("xinrong", *table.split("/"))
    assert rows
    for row in rows:
        assert None not in row, row  # more cells than headings
        assert None not in row.values(), row  # fewer


def test_a_quoted_cell_keeps_its_commas_and_line_breaks(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("")
    (tmp_path / "package" / "words.csv").write_text('a,b\n"1,\n2","x"\n', encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert packaged_rows("package", "words.csv") == [{"a": "1,\n2", "b": "x"}]
    (tmp_path / "package" / "loose.csv").write_text('a,b\n"1"2,x\n', encoding="utf-8")
    with pytest.raises(csv.Error):
        packaged_rows("package", "loose.csv")


def test_no_module_reads_such_a_table_in_its_own_way() -> None:
    own = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if "resources" in (text := path.read_text(encoding="utf-8")) and "import csv" in text
    }
    assert own == {"domain/packaged.py"}
