"""Whether erased values are really gone: markers planted, erased, and looked for in every byte.

Markers are unique texts in everything that a department sends of some sole traders: text slots,
display fields, names, quarantined rows, both sides of a conflict, versions that were corrected,
rows sent twice, a batch that was retracted, a record that was suppressed, an upload that nobody
confirmed yet; in batches large enough for parts of their own and small ones; some folded into
current and history parts, some still in the hot table. Then the traders are erased, the store is
compacted, and a new backup is made. Every file of the data folder (the database and its log among
them) and of the backup is searched as raw bytes, and every Parquet file also decompressed.

An older backup still holds the markers, as it must: restored, it may not, for the restore replays
the erasures. Values of enterprises that were not erased (controls) must all be found to the end:
a search that finds nothing proves something only if it can find.
"""

from __future__ import annotations

import random
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.harness import Figure

NEEDS_DJANGO = True
SEED = 20261122
NOW = datetime(2026, 11, 1, tzinfo=UTC)
MARK = re.compile(rb"X[MC][0-9A-F]{14}", re.IGNORECASE)
BLOCK = 8 << 20
OVERLAP = 64  # longer than a marker
ARTICLE = "个人信息保护法第四十七条"


def run(small: bool) -> list[Figure]:
    """Plant, erase, compact, back up, search."""
    from django.conf import settings

    markers, rows = (100, 6_000) if small else (1_000, 200_000)
    settings.STORE_HOT_ROWS = rows // 4
    data = Path(settings.DATA)
    planted = Planter(data.parent / f"{data.name}-sent", random.Random(SEED))
    began = time.perf_counter()
    try:
        planted.plant(markers, rows)
        before = found_in(data)
        old = Path(f"{data}-old-backup")
        back_up(old)
        erased_in = erase(planted.traders)
        new = Path(f"{data}-new-backup")
        back_up(new)
        left, kept = found_in(data), found_in(data) & planted.controls
        left_in_backup = found_in(new) & planted.markers
        restored = restored_from(old, Path(f"{data}-restored"))
        in_old = found_in(old) & planted.markers
    finally:
        for suffix in ("-sent", "-old-backup", "-new-backup", "-restored"):
            shutil.rmtree(f"{data}{suffix}", ignore_errors=True)
    hits = (left & planted.markers) | left_in_backup
    print(f"{len(planted.markers):,} markers, {len(in_old):,} of them in the older backup")
    return [
        Figure("planted", len(planted.markers), "markers"),
        Figure("found_before", len(before & planted.markers), "markers", f"= {markers}"),
        Figure("hits", len(hits), "markers", "= 0"),
        Figure("hits_after_restore", len(restored & planted.markers), "markers", "= 0"),
        Figure("controls_kept", len(kept) / len(planted.controls), "share", "= 1"),
        Figure("controls_restored", len(restored & planted.controls) / len(planted.controls),
               "share", "= 1"),
        Figure("erase_s", erased_in, "s"),
        Figure("seconds", time.perf_counter() - began, "s"),
    ]  # fmt: skip


@dataclass
class Planter:
    """Sends what departments send, with a marker in every value of the traders."""

    folder: Path
    dice: random.Random
    markers: set[str] = field(default_factory=set)
    controls: set[str] = field(default_factory=set)
    traders: list[str] = field(default_factory=list)  # codes
    sent: int = 0

    def plant(self, markers: int, rows: int) -> None:
        """Twenty markers for each trader, by every road that a value can take."""
        from xinrong.store.services import compact, retract_batch

        self.folder.mkdir()
        self.traders = [lawful("92", number) for number in range(markers // 20)]
        names = {one: f"某某{self.mark()}小吃店" for one in self.traders}
        large = [self.row(one, names[one], f"L{n}") for one in self.traders for n in range(2)]
        self.send([*large, *self.others(rows // 2)])  # large: parts of its own; 5 markers a trader
        small = [self.row(one, names[one], "S1") for one in self.traders]
        self.send(small)
        self.send(small)  # every row of it a duplicate
        self.send([self.row(one, names[one], "S1") for one in self.traders])  # corrected
        wrong = [self.row(one, names[one], "R1", wide=False) for one in self.traders]
        taken_back = self.send(wrong)
        self.suppress(self.traders[0])
        compact(NOW)  # current and history parts
        retract_batch(taken_back, "wrong", NOW)
        self.send([*self.others(rows // 2), *(self.row(one, names[one], "L9") for one in
                                              self.traders[::2])])  # fmt: skip
        self.send([self.row(one, names[one], "H1") for one in self.traders[1::2]])  # stays hot
        bad = [self.row(one, names[one], "Q1", day="soon") for one in self.traders]
        self.send([*bad, *self.others(20, day="soon", kept="quarantine")])
        self.send([self.row(one, names[one], "C1") for one in self.traders for _ in range(2)])
        self.upload([self.row(one, names[one], "U1") for one in self.traders])
        if len(self.markers) != markers:
            raise SystemExit(f"{len(self.markers)} markers instead of {markers}")

    def mark(self, kind: str = "M") -> str:
        """A text that occurs nowhere else; `C` marks a control."""
        made = f"X{kind}{self.dice.getrandbits(56):014X}"
        (self.markers if kind == "M" else self.controls).add(made)
        return made

    def row(
        self, code: str, name: str, number: str, day: str = "2026-03-04", *, wide: bool = True
    ) -> list[str]:
        """A trader's row; `wide` has a marker in a slot and one in the display."""
        return [code, name, number, day, self.mark(), self.mark() if wide else ""]

    def others(self, rows: int, day: str = "2026-03-04", kept: str = "") -> Iterator[list[str]]:
        """Rows of enterprises that stay; one in a hundred carries a control."""
        self.sent += 1
        for n in range(rows):
            control = self.mark("C") if n % 100 == 0 else ""
            yield [lawful("91", n % 2_000), f"公司{n % 2_000}", f"{kept}{self.sent}-{n}", day,
                   control, f"备注{n}"]  # fmt: skip

    def send(self, rows: Iterable[list[str]]) -> int:
        """Take one file in; returns its batch."""
        from xinrong.collect.services import collect_file
        from xinrong.domain.clock import FixedClock

        self.sent += 1
        path = self.folder / f"{self.sent}.csv"
        path.write_bytes(csv_of(rows))
        clock = FixedClock(NOW + timedelta(minutes=self.sent))
        receipt = collect_file(path, "payments", clock=clock, region=region())
        path.unlink()
        return receipt.batch

    def suppress(self, code: str) -> None:
        """Suppress the first record of a trader."""
        from xinrong.store import services as store
        from xinrong.subjects.services import enterprise_by_code, subjects_of

        enterprise = enterprise_by_code(code).pk
        [first, *_] = store.versions_of(subjects_of([enterprise])[enterprise]).to_pylist()
        record = store.RecordId(first["category"], first["key"], first["subject"])
        store.suppress([record], basis="repair", article=ARTICLE, reason="asked for", at=NOW)

    def upload(self, rows: Iterable[list[str]]) -> None:
        """A file that lies in the spool, sent and not confirmed."""
        from xinrong.accounts.models import Organisation
        from xinrong.collect.enums import UploadState
        from xinrong.collect.models import Upload
        from xinrong.collect.uploads import spool

        content = csv_of(rows)
        upload = Upload.objects.create(
            key="f" * 32,
            region="bench",
            department="tax",
            organisation=Organisation.objects.create(name="tax", kind="department"),
            feed="payments",
            name="open.csv",
            size=len(content),
            received=len(content),
            state=UploadState.RECEIVED,
            created_at=NOW,
            changed_at=NOW,
        )
        spool.make_room(upload)
        spool.path_of(upload).write_bytes(content)


def csv_of(rows: Iterable[list[str]]) -> bytes:
    """Rows under the feed's headings."""
    lines = ["代码,名称,票号,日期,摘要,备注", *(",".join(cells) for cells in rows)]
    return ("\n".join(lines) + "\n").encode()


def lawful(kind: str, number: int) -> str:
    """A code that nobody has, another one for each number."""
    from xinrong.domain.uscc import check_digit

    first = f"{kind}331000XR{number:07d}"
    return first + check_digit(first)


def region() -> Any:
    """A region of one feed, whose contract has a text slot and a display field."""
    from xinrong.catalogue.contract import Contract
    from xinrong.catalogue.feed import Feed
    from xinrong.catalogue.region import Department, Region, RegionInfo
    from xinrong.domain.text import Text

    def words(text: str) -> dict[str, str]:
        return {"zh": text, "en": text}

    def named(name: str, kind: str = "text", slot: str = "", **more: Any) -> dict[str, Any]:
        return {"name": name, "title": words(name), "type": kind, "slot": slot, **more}

    contract = Contract.model_validate(
        {
            "category": "payment",
            "title": words("payment"),
            "description": words("payment"),
            "group": "tax",
            "basis": [{"document": "税收征收管理法"}],
            "share": "consent",
            "polarity": {"sign": "neutral"},
            "fields": [
                named("number", slot="code", required=True),
                named("day", "date", "event_date", required=True),
                named("summary", slot="t1"),
                named("remark"),
            ],
            "key": ["subject", "number"],
        }
    )
    feed = Feed.model_validate(
        {
            "feed": "payments",
            "title": words("payments"),
            "department": "tax",
            "category": "payment",
            "layout": {"format": "csv"},
            "subject": {"code": "代码", "name": "名称"},
            "mapping": {"number": "票号", "day": "日期", "summary": "摘要", "remark": "备注"},
            "freshness": {"every_days": 30, "stale_after_days": 60},
        }
    )
    return Region(
        info=RegionInfo(region="bench", title=Text(zh="b", en="b"), jurisdictions=("cn",)),
        departments={"tax": Department(id="tax", title=Text(zh="税", en="Tax"))},
        contracts={contract.category: contract},
        feeds={feed.feed: feed},
    )


def erase(codes: list[str]) -> float:
    """Erase every trader, remove the bytes, compact; seconds."""
    from xinrong.collect.services import erase_enterprise, erasure_orders, finish_erasures
    from xinrong.domain.clock import SystemClock
    from xinrong.store.services import compact, remove_replaced
    from xinrong.subjects.services import enterprise_by_code

    began = time.perf_counter()
    for code in codes:
        enterprise = enterprise_by_code(code).pk
        erase_enterprise(enterprise, article=ARTICLE, reason="asked for", clock=SystemClock())
    finish_erasures(clock=SystemClock(), at_once=True)
    if erasure_orders(open_only=True):
        raise SystemExit("orders stayed open")
    compact(SystemClock().now())
    remove_replaced(SystemClock().now(), timedelta(0))
    return time.perf_counter() - began


def back_up(dest: Path) -> None:
    """A backup that shares no byte with the store."""
    from xinrong.domain.clock import SystemClock
    from xinrong.store.backups import backup

    backup.back_up(dest, clock=SystemClock(), copy=True)


def restored_from(dest: Path, into: Path) -> set[str]:
    """What is found in a store restored from an older backup; its journal is searched too."""
    from xinrong.store.backups.restore import restore

    restore(dest, into)
    return found_in(into)


def found_in(folder: Path) -> set[str]:
    """Every marker and control in a folder, raw and decompressed."""
    found: set[bytes] = set()
    for path in folder.rglob("*"):
        if path.is_file():
            found |= in_bytes(path)
            if is_parquet(path):
                found |= in_values(path)
    return {one.decode().upper() for one in found}


def in_bytes(path: Path) -> set[bytes]:
    """In the bytes of a file as they are."""
    found: set[bytes] = set()
    held = b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            held = held[-OVERLAP:] + block
            found.update(MARK.findall(held))
    return found


def is_parquet(path: Path) -> bool:
    """By its first bytes: a backup names parts by their digests."""
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def in_values(path: Path) -> set[bytes]:
    """In every value of a Parquet file, decompressed."""
    found: set[bytes] = set()
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches():
            for column in batch.columns:
                text = "\x1f".join(str(value) for value in set(column.to_pylist()))
                found.update(MARK.findall(text.encode()))
    return found
