"""Large inputs: memory stays bounded, and a cell of 100 MB costs its own row only.

Each file is read in a process of its own, which says how much memory it took at most.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.collect.readers.files import read, text_file

READ = """
import json, re, sys
from pathlib import Path
from xinrong.catalogue.feed import Layout
from xinrong.collect.readers import open_rows
source = open_rows(Path(sys.argv[1]), Layout(**json.loads(sys.argv[2])))
faults = []
for chunk in source.chunks(50_000):
    faults += [[fault.row_no, fault.problem] for fault in chunk.faults]
# Not getrusage: its peak begins with that of the process that started this one.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
print(json.dumps({"rows": source.tabulated, "faults": faults, "peak_mib": peak >> 10}))
"""
GIBIBYTE = 1 << 30
LONG = 100 << 20
#: A row of about a kilobyte; its text is not so regular that it would be packed away.
ROW = ["甲公司", "9111", "说明" * 150]


def read_apart(path: Path, **layout: Any) -> dict[str, Any]:
    """Rows, faults and the largest memory (MiB) of a process that reads the file."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), json.dumps(layout)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def repeat(path: Path, head: bytes, row: bytes, tail: bytes = b"", size: int = GIBIBYTE) -> int:
    """Write a file of about that size; how many rows it has."""
    block = row * 1000
    blocks = size // len(block)
    with path.open("wb") as out:
        out.write(head)
        for _ in range(blocks):
            out.write(block)
        out.write(tail)
    return blocks * 1000


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "large"
    yield path
    path.unlink()


@pytest.mark.big
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_file_of_a_gigabyte_is_read_in_bounded_memory(large: Path, encoding: str) -> None:
    head, row = "名称,代码,说明\n".encode(encoding), f"{','.join(ROW)}\n".encode(encoding)
    rows = repeat(large, head, row)
    found = read_apart(large, encoding=encoding)
    assert (found["rows"], found["faults"]) == (rows, [])
    assert found["peak_mib"] < 600


@pytest.mark.big
def test_a_text_file_of_a_gigabyte_that_must_be_read_row_by_row_is_bounded_too(
    large: Path,
) -> None:
    row = f'{ROW[0]},{ROW[1]},"{ROW[2]}\n{"字" * 30_000}"\n'.encode()
    rows = repeat(large, "名称,代码,说明\n".encode(), row)
    found = read_apart(large)
    assert (found["rows"], found["faults"]) == (rows, [])
    assert found["peak_mib"] < 900


@pytest.mark.big
@pytest.mark.parametrize("kind", ["json", "jsonl"])
def test_json_of_a_gigabyte_is_read_in_bounded_memory(large: Path, kind: str) -> None:
    record = json.dumps({"名称": "甲公司", "说明": "说明" * 10_000}, ensure_ascii=False).encode()
    if kind == "jsonl":
        rows = repeat(large, b"", record + b"\n")
    else:
        rows = repeat(large, b"[", record + b",", record + b"]") + 1
    found = read_apart(large, format=kind)
    assert (found["rows"], found["faults"]) == (rows, [])
    assert found["peak_mib"] < 700


@pytest.mark.big
@pytest.mark.parametrize("dictionary", [True, False])
def test_parquet_of_a_gigabyte_is_read_in_bounded_memory(large: Path, dictionary: bool) -> None:
    schema = pa.schema([("名称", pa.string()), ("说明", pa.string())])
    rows = 0
    with pq.ParquetWriter(
        large, schema, use_dictionary=dictionary, compression="none", write_statistics=False
    ) as out:
        while rows < 1_200_000:
            texts = [f"{rows + number}{ROW[2]}" for number in range(100_000)]
            table = pa.table([["甲公司"] * 100_000, texts], schema=schema)
            out.write_table(table, row_group_size=400_000)
            rows += 100_000
    assert large.stat().st_size > GIBIBYTE
    found = read_apart(large, format="parquet")
    assert (found["rows"], found["faults"]) == (rows, [])
    assert found["peak_mib"] < 900


@pytest.mark.parametrize("char", ["x", "长"])
@pytest.mark.parametrize(
    "kind",
    [
        "csv",
        "jsonl",
        pytest.param("json", marks=pytest.mark.big),
        pytest.param("parquet", marks=pytest.mark.big),
    ],
)
def test_a_cell_of_100_megabytes_costs_its_own_row_only(
    tmp_path: Path, kind: str, char: str
) -> None:
    cell = char * (LONG // len(char.encode()))
    path = tmp_path / f"file.{kind}"
    if kind == "csv":
        path.write_text(f"a,b\n1,甲\n2,{cell}\n3,丙\n", encoding="utf-8")
    elif kind == "parquet":
        pq.write_table(pa.table({"a": ["1", "2", "3"], "b": ["甲", cell, "丙"]}), path)
    else:
        records = [f'{{"a":"{n}","b":"{b}"}}' for n, b in (("1", "甲"), ("2", cell), ("3", "丙"))]
        text = "\n".join(records) if kind == "jsonl" else f"[{','.join(records)}]"
        path.write_text(text, encoding="utf-8")
    found = read_apart(path, format=kind)
    assert found["rows"] == 2
    assert [problem for _, problem in found["faults"]] == ["cell_too_long"]
    assert found["peak_mib"] < 1100


def test_of_a_cell_too_long_only_its_beginning_is_kept(tmp_path: Path) -> None:
    path = text_file(tmp_path, f"a,b\n1,{'长' * (6 << 20)}\n2,丙\n")
    reading = read(path)
    assert reading.problems == [(2, "cell_too_long")]
    assert sum(map(len, reading.faults[0].original)) <= 4096
    assert reading.rows == [["2", "丙"]]
