"""How fast and how large: a million names in batch, one name, one search, in a register of 700,000.

Run as `python -m benchmarks._resolve_scale NAMES REGISTER` this is the fresh process whose seconds
and peak memory count; it prints them as JSON. Its files hold a name, and a name, a tab and a code,
a line.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from benchmarks._resolve_data import PROJECT, RECORDS, million, shared
from xinrong.domain.names import fold
from xinrong.synth.codes import codes_of
from xinrong.synth.misnaming import misname

SEED = 20261122


@dataclass(frozen=True)
class Sizes:
    """Names to be resolved in batch, enterprises of the register, single look-ups, searches."""

    names: int
    register: int
    looks: int
    searches: int


FULL, SMALL = Sizes(1_000_000, 700_000, 3_000, 2_000), Sizes(20_000, 20_000, 200, 100)


def register_rows(sizes: Sizes) -> list[tuple[str, str]]:
    """The register: (name, code)."""
    return million()[: sizes.register]


def names_sent(sizes: Sizes, register: Sequence[tuple[str, str]]) -> list[str]:
    """Names as sent.

    Half at most are those of Beijing's records, most of them strangers to this register; the rest
    are names of the register written as departments miswrite them.
    """
    rows = duckdb.execute(
        "SELECT DISTINCT entity_name FROM read_parquet(?) WHERE entity_name <> '' ORDER BY 1",
        [str(shared(RECORDS))],
    ).fetchall()
    sent = [name for (name,) in rows][: sizes.names // 2]
    draws = random.Random(SEED)
    missing = sizes.names - len(sent)
    chosen = [register[draws.randrange(len(register))][0] for _ in range(missing)]
    sent += [name for _, name in misname(chosen, SEED)]
    draws.shuffle(sent)
    return sent


def batch(sizes: Sizes, register: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Seconds and peak memory (GiB) of a fresh process that resolves all names."""
    with tempfile.TemporaryDirectory(prefix="xinrong-names-") as work:
        files = [Path(work) / name for name in ("names", "register")]
        rows = ["\t".join(row) for row in register]
        for file, lines in zip(files, (names_sent(sizes, register), rows), strict=True):
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks._resolve_scale", *map(str, files)],
            cwd=PROJECT,
            check=True,
            capture_output=True,
            text=True,
        )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def p95_ms(call: Callable[[str], object], texts: Sequence[str]) -> tuple[float, float]:
    """The 95th percentile and the median, in milliseconds, of calls one after the other."""
    for text in texts[:20]:  # what is loaded on first use is loaded
        call(text)
    times = []
    for text in texts:
        started = time.perf_counter()
        call(text)
        times.append((time.perf_counter() - started) * 1_000)
    return float(np.percentile(times, 95)), float(np.percentile(times, 50))


def searches(sizes: Sizes, register: Sequence[tuple[str, str]]) -> list[str]:
    """What clerks type: fragments, whole names, initials, a name with one slip."""
    from pypinyin import Style, lazy_pinyin

    draws = random.Random(SEED)
    typed = []
    for number in range(sizes.searches):
        name, _ = register[draws.randrange(len(register))]
        first = draws.randrange(max(1, len(name) - 4))
        wide = draws.randint(2, 5)
        kinds = (
            name[first : first + wide],
            name,
            name[:wide] + " " + name[first : first + 2],
            "".join(lazy_pinyin(name[2:6], style=Style.FIRST_LETTER)),
            next(misname([name], number))[1],
        )
        typed.append(kinds[number % len(kinds)])
    return typed


def fill_database(register: Sequence[str]) -> None:
    """Keep the names as enterprises of the database, with invented codes, and index them."""
    from xinrong.subjects.models import Enterprise, EnterpriseName
    from xinrong.subjects.nameindex import rebuild

    numbers = np.arange(len(register), dtype=np.int64)
    zeros = np.zeros(len(register), dtype=np.int64)
    codes = [code.decode() for code in codes_of(SEED, numbers, zeros, zeros)]
    for first in range(0, len(register), 20_000):
        some = range(first, min(first + 20_000, len(register)))
        Enterprise.objects.bulk_create(
            Enterprise(
                pk=place + 1,
                code=codes[place],
                name=register[place][:200],
                folded_name=fold(register[place])[:200],
            )
            for place in some
        )
        EnterpriseName.objects.bulk_create(
            EnterpriseName(
                enterprise_id=place + 1,
                name=register[place][:200],
                folded_name=fold(register[place])[:200],
                seq=1,
            )
            for place in some
        )
    rebuild()


def peak_gib() -> float:
    """The peak memory of this process, as the kernel counted it (VmHWM)."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 2**20
    raise SystemExit("this kernel does not say the peak memory of a process")


def main() -> int:
    """The fresh process: seconds from lists of names to outcomes."""
    from benchmarks._resolve_ours import resolve_many

    names, lines = (
        Path(file).read_text(encoding="utf-8").split("\n")[:-1] for file in sys.argv[1:]
    )
    register = [(name, code) for name, _, code in (line.partition("\t") for line in lines)]
    started = time.perf_counter()
    outcomes = Counter(answer.outcome for answer in resolve_many(names, register, region=""))
    seconds = time.perf_counter() - started
    if outcomes.total() != len(names):
        raise SystemExit(f"{outcomes.total()} outcomes for {len(names)} names")
    mine, helpers = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    said = {
        "seconds": seconds,
        "peak_gib": peak_gib(),
        "largest_helper_gib": helpers.ru_maxrss / 2**20,
        "processor_s": mine.ru_utime + mine.ru_stime + helpers.ru_utime + helpers.ru_stime,
    }
    print(json.dumps({**said, **outcomes}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
