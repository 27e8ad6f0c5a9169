"""What the benchmark `resolve` asks and knows: names, codes, labels, joined at run time."""

from __future__ import annotations

import csv
import os
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import duckdb

from xinrong.domain.names import fold
from xinrong.domain.uscc import read_code

PROJECT = Path(__file__).resolve().parents[1]
LABELS = Path(__file__).parent / "resolve" / "labels.csv"
RECORDS = "beijing-open-enterprise-records/records.parquet"
REGISTRY = "cn-enterprise-registry/beijing.parquet"
MILLION = "cn-enterprise-registry/names_1m.parquet"
SHORT_NAMES = "cn-company-names/ashare_companies.parquet"

#: Kinds of difference that are of form only; see resolve/README.md.
FORM = frozenset(
    {"spacing", "bracket", "region", "legal_form", "group", "suffix", "shop_front", "mark"}
    | {"branch_wording", "typing"}
)
#: Codes of organs of state: a department's own code in a company's cell.
ORGAN = "11"


class Absent(Exception):
    """The shared data are not here."""


@dataclass(frozen=True, slots=True)
class Label:
    """In what a published name differs from the registry's name of the same code."""

    uscc: str
    source_id: str
    row_no: int
    verdict: str
    kinds: tuple[str, ...]
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A label with the two names it is about."""

    label: Label
    published: str
    registered: str


@dataclass(frozen=True, slots=True)
class Gold:
    """Names to be resolved, the registry, and who is meant.

    `names`: every published name that carries a lawful code; `codes`: the codes of each.
    `registry`: (name, code), its place is the enterprise's number. `pairs`: published name and
    code for each pair whose code the registry has, with its label; None: equal after folding.
    """

    names: list[str]
    codes: dict[str, frozenset[str]]
    registry: list[tuple[str, str]]
    pairs: list[tuple[str, str, Label | None]]
    left_out: dict[str, int] = field(default_factory=dict)

    def right(self, name: str, enterprise: int) -> bool:
        """Is the enterprise one of those whose code the name carries?"""
        return self.registry[enterprise][1] in self.codes[name]


def shared(path: str) -> Path:
    """A file of the shared data: XINRONG_SHARED_DATA, or `shared/data` beside the project.

    Raises Absent.
    """
    named = os.environ.get("XINRONG_SHARED_DATA", "")
    folder = Path(named) if named else PROJECT.parent / "shared" / "data"
    if not (folder / path).is_file():
        raise Absent(f"resolve: {path} is not here: set XINRONG_SHARED_DATA to the shared data")
    return folder / path


@cache
def labels() -> tuple[Label, ...]:
    """The labels. Raises ValueError when a verdict does not follow from its kinds."""
    with LABELS.open(encoding="utf-8") as lines:
        found = tuple(
            Label(
                row["uscc"],
                row["source_id"],
                int(row["row_no"]),
                row["verdict"],
                tuple(row["kinds"].split("+")),
                row["doubtful"] == "yes",
            )
            for row in csv.DictReader(lines)
        )
    for label in found:
        if (label.verdict == "form_only") != (set(label.kinds) <= FORM):
            raise ValueError(
                f"the verdict on {label.source_id} {label.row_no} contradicts its kinds"
            )
    return found


def labelled_pairs() -> list[Pair]:
    """Every label with its names. Raises Absent, and ValueError when a label joins no names."""
    registered = dict(
        duckdb.execute("SELECT uscc, name FROM read_parquet(?)", [str(shared(REGISTRY))]).fetchall()
    )
    rows = duckdb.execute(
        "SELECT source_id, row_no, uscc, entity_name FROM read_parquet(?) WHERE uscc <> ''",
        [str(shared(RECORDS))],
    ).fetchall()
    published = {(source, row, code): name for source, row, code, name in rows}
    made = []
    for label in labels():
        key = (label.source_id, label.row_no, label.uscc)
        if key not in published or label.uscc not in registered:
            raise ValueError(f"no names belong to the label {label.source_id} {label.row_no}")
        made.append(Pair(label, published[key], registered[label.uscc]))
    return made


def gold(sample: int = 0) -> Gold:
    """Everything that is asked.

    With `sample`: the labelled pairs, that many others, that many names without counterpart, and
    a quarter of the rest of the registry.

    Raises Absent, and ValueError when a pair that differs has no label.
    """
    registry = duckdb.execute(
        "SELECT name, uscc FROM read_parquet(?) ORDER BY uscc", [str(shared(REGISTRY))]
    ).fetchall()
    rows = duckdb.execute(
        "SELECT DISTINCT entity_name, uscc FROM read_parquet(?) WHERE uscc <> '' ORDER BY 1, 2",
        [str(shared(RECORDS))],
    ).fetchall()
    codes: dict[str, set[str]] = defaultdict(set)
    left_out: dict[str, int] = defaultdict(int)
    for name, written in rows:
        reading = read_code(written)
        if reading.code is None:
            left_out[reading.problem] += 1
        elif reading.code.startswith(ORGAN):
            left_out["organ of state"] += 1
        else:
            codes[name].add(reading.code)
    pairs = _pairs(codes, {code: name for name, code in registry})
    names = sorted(codes)
    if sample:
        strangers = sorted(set(names) - {name for name, _, _ in pairs})
        equal = _some([pair for pair in pairs if pair[2] is None], sample)
        pairs = [pair for pair in pairs if pair[2] is not None] + equal
        names = sorted({name for name, _, _ in pairs} | set(_some(strangers, sample)))
        needed = {code for _, code, _ in pairs}
        registry = [row for at, row in enumerate(registry) if row[1] in needed or at % 4 == 0]
    return Gold(
        names,
        {name: frozenset(codes[name]) for name in names},
        registry,
        pairs,
        dict(left_out),
    )


def _some[T](many: list[T], wanted: int) -> list[T]:
    """About so many of them, evenly spread."""
    return many[:: max(1, len(many) // wanted)]


def _pairs(
    codes: dict[str, set[str]], names_of: dict[str, str]
) -> list[tuple[str, str, Label | None]]:
    by_names = {(pair.published, pair.label.uscc): pair.label for pair in labelled_pairs()}
    pairs: list[tuple[str, str, Label | None]] = []
    for name, owned in sorted(codes.items()):
        for code in sorted(owned & names_of.keys()):
            label = by_names.get((name, code))
            if label is None and _bare(name) != _bare(names_of[code]):
                raise ValueError(f"a pair of the code {code} differs and has no label")
            pairs.append((name, code, label))
    return pairs


def _bare(name: str) -> str:
    """The plainest folding: compatibility forms, capitals, letters and digits only."""
    plain = unicodedata.normalize("NFKC", name).upper()
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LNM")


def million() -> list[tuple[str, str]]:
    """(name, code) of 699,835 enterprises. Raises Absent."""
    return duckdb.execute(
        "SELECT name, uscc FROM read_parquet(?) ORDER BY uscc, name", [str(shared(MILLION))]
    ).fetchall()


def short_names() -> list[tuple[str, str]]:
    """(short name, full name) of listed companies. Raises Absent."""
    return duckdb.execute(
        "SELECT short_name, full_name FROM read_parquet(?) ORDER BY stock_code",
        [str(shared(SHORT_NAMES))],
    ).fetchall()


def folded(names: list[str]) -> list[str]:
    """Each name folded."""
    return [fold(name) for name in names]
