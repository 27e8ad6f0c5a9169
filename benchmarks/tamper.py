"""Whether any tampering with the audit trail goes unseen, and how long verifying takes.

Audit rows are written, sealed in blocks, signed by checkpoints and exported; the export is verified
by scripts/verify_audit.py, which imports nothing of the product, with a public key that was handed
over before. Then it is tampered with, and verified again; `missed` counts what passed as whole.

A small export is tampered with exhaustively: every byte of every file changed (by one bit, and by
another), every line removed, doubled, swapped with every other, every tail cut off, alone and
together with blocks and checkpoints over it (against checkpoints kept elsewhere), and all of it
written and signed anew without the key in four ways. The large one by samples of each kind.

Half of the rows are sealed in format 1, as chains were before rows kept the parameters of their
question; the rest in the newest.
"""

from __future__ import annotations

import importlib.util
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Any

from benchmarks.harness import PROJECT, Figure

NEEDS_DJANGO = True
SEED = 20261122
START = datetime(2026, 11, 1, tzinfo=UTC)
SCRIPT = PROJECT / "scripts" / "verify_audit.py"
FILES = ("rows.jsonl", "blocks.jsonl", "checkpoints.jsonl")


def run(small: bool) -> list[Figure]:
    """Write, seal, export, verify, tamper."""
    from django.conf import settings

    rows, samples = (10_000, 4) if small else (1_000_000, 20)
    data = Path(settings.DATA)
    writer = Writer(random.Random(SEED))
    writer.write(6 if small else 12, per_block=3)
    little = Trail.export(data / "little")
    tried = Tried(random.Random(SEED))
    tried.exhaust(little, bits=(1,) if small else (1, 32))
    print(f"small export: {tried.tampered:,} tamperings, {tried.missed} missed")
    sealed_in = writer.write(rows, per_block=1_000)
    began = time.perf_counter()
    large = Trail.export(data / "large")
    exported_in = time.perf_counter() - began
    verified_in = large.verify_by_script()
    tried.sample(large, samples)
    size = sum((large.folder / name).stat().st_size for name in FILES)
    print(f"large export: {size / 1e6:,.0f} MB")
    return [
        Figure("rows", writer.rows, "rows"),
        Figure("tampered", tried.tampered, "tamperings"),
        Figure("missed", tried.missed, "tamperings", "= 0"),
        Figure("crashed", tried.crashed, "tamperings", "= 0"),
        Figure("verify_s", verified_in, "s", "<= 10"),
        Figure("seal_rows_per_s", rows / sealed_in, "rows/s", ">= 150"),
        Figure("export_s", exported_in, "s"),
    ]


@dataclass
class Writer:
    """Writes audit rows as the gate does, and seals them."""

    dice: random.Random
    rows: int = 0

    def write(self, count: int, *, per_block: int) -> float:
        """That many more rows, half of them old; the seconds that sealing and signing took."""
        from xinrong.domain.clock import FixedClock
        from xinrong.trust.models import AuditRow
        from xinrong.trust.services import sealing

        clock = FixedClock(START)
        sealer = sealing.Sealer(clock, form=1)
        took = 0.0
        for block, first in enumerate(range(0, count, per_block), 1):
            number = min(per_block, count - first)
            if first >= count // 2 and sealer.form == 1:
                sealer = sealing.Sealer(clock)
            AuditRow.objects.bulk_create(self.row(old=sealer.form == 1) for _ in range(number))
            clock.moment = START + timedelta(seconds=self.rows)
            began = time.perf_counter()
            sealer.seal()
            if block % 20 == 0 or count < 100:
                sealing.write_checkpoint(clock)
            took += time.perf_counter() - began
        return took

    def row(self, *, old: bool) -> Any:
        """One row, like those of a bank's query under a consent; an old one has no parameters."""
        from xinrong.trust.models import AuditRow

        self.rows += 1
        return AuditRow(
            at=START + timedelta(seconds=self.rows, microseconds=self.dice.randrange(1_000_000)),
            role="loan_officer",
            service=self.dice.choice(("basic", "signs", "comprehensive", "cube")),
            purpose="credit",
            stage=self.dice.choice(("pre_loan", "approval", "post_loan")),
            product="record",
            enterprises=[self.dice.randrange(60_000)],
            released=["new_domestic_enterprises", "tax_payments", "social_insurance"],
            withheld={"tax_arrears": "no_consent", "court_judgments": "never_shared"},
            consents=[self.dice.randrange(100_000)],
            seq=self.dice.randrange(10_000),
            digest=f"{self.dice.getrandbits(256):064x}",
            outcome="released",
            parameters=None if old else self.parameters(),
        )

    def parameters(self) -> dict[str, str | int]:
        """Those of a later page of a category."""
        return {
            "product": "comprehensive",
            "day": "2026-11-01",
            "category": "tax_payments",
            "offset": 25 * self.dice.randrange(40),
            "limit": 25,
        }


@dataclass
class Trail:
    """An export, the key that its reader was handed, and the checkpoints kept elsewhere."""

    folder: Path
    key: str
    kept: Path

    @classmethod
    def export(cls, folder: Path) -> Trail:
        """Export what there is, and keep its checkpoints elsewhere."""
        from django.conf import settings

        from xinrong.domain.clock import FixedClock
        from xinrong.trust.services import sealing

        made = sealing.export_trail(folder, clock=FixedClock(START + timedelta(days=30)))
        kept = folder.with_name(f"{folder.name}-kept")
        shutil.copytree(settings.CHECKPOINTS, kept)
        return cls(folder, made.keys[0], kept)

    def verify_by_script(self) -> float:
        """Seconds that the script takes; it has to say that the export is whole."""
        began = time.perf_counter()
        words = [sys.executable, str(SCRIPT), str(self.folder), self.key, str(self.kept)]
        done = subprocess.run(words, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"the export is not whole: {done.stdout}{done.stderr}")
        return time.perf_counter() - began

    def lines(self, name: str) -> list[bytes]:
        """The lines of a file, with their ends."""
        return (self.folder / name).read_bytes().splitlines(keepends=True)

    def payloads(self) -> list[dict[str, Any]]:
        """What the checkpoints say."""
        return [json.loads(line)["payload"] for line in self.lines("checkpoints.jsonl")]

    @contextmanager
    def changed(self, contents: dict[str, Iterable[bytes]]) -> Iterator[None]:
        """Other lines in some files, for as long as the block runs."""
        for name, lines in contents.items():
            path = self.folder / name
            path.rename(self.folder / f"{name}.true")
            with path.open("wb") as file:
                file.writelines(lines)
        try:
            yield
        finally:
            for name in contents:
                (self.folder / f"{name}.true").replace(self.folder / name)


class Tried:
    """Tampers and counts. The script's own functions are called, in this process."""

    def __init__(self, dice: random.Random) -> None:
        spec = importlib.util.spec_from_file_location("verify_audit", SCRIPT)
        assert spec is not None
        assert spec.loader is not None
        self.script: Any = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.script)
        self.dice = dice
        self.tampered = self.missed = self.crashed = 0

    def whole(self, trail: Trail, *, outside: bool = True) -> bool:
        """Whether the script finds nothing wrong; it stops at the first fault."""
        raw = self.script.urlsafe_b64decode(trail.key + "==")
        kid = sha256(b"Ed25519\0" + raw).hexdigest()[:16]
        keys = {kid: self.script.Key.from_public_bytes(raw)}
        kept = sorted(trail.kept.rglob("*.jsonl")) if outside else []
        return next(self.script.check(trail.folder, keys, kept), None) is None

    def look(self, trail: Trail, what: str, *, outside: bool = False) -> None:
        """Verify what was tampered with, and count."""
        self.tampered += 1
        try:
            passed = self.whole(trail, outside=outside)
        except Exception as error:  # noqa: BLE001 - a script that breaks off has said nothing
            self.crashed += 1
            print(f"crashed: {what}: {error!r}")
            return
        if passed:
            self.missed += 1
            print(f"missed: {what}")

    def exhaust(self, trail: Trail, bits: tuple[int, ...]) -> None:
        """Everything that can be done to a small export."""
        if not self.whole(trail):
            raise SystemExit("the small export is not whole")
        fits = self.script._fits  # noqa: SLF001 - which byte it was costs time, and changes nothing
        self.script._fits = lambda *_given: iter(())  # noqa: SLF001
        for name in FILES:
            content = (trail.folder / name).read_bytes()
            for at in range(len(content)):
                for bit in bits:
                    self.byte(trail, name, at, bit)
            self.lines_of(trail, name)
        self.script._fits = fits  # noqa: SLF001
        self.tails(trail, range(len(trail.payloads())))
        self.anew(trail)

    def sample(self, trail: Trail, count: int) -> None:
        """Samples of each kind over a large export."""
        for _ in range(count):
            name = self.dice.choice(FILES)
            size = (trail.folder / name).stat().st_size
            self.byte(trail, name, self.dice.randrange(size), 1 << self.dice.randrange(8))
        for name in FILES:
            lines = trail.lines(name)
            one, two = sorted(self.dice.sample(range(len(lines)), 2))
            swapped = [*lines]
            swapped[one], swapped[two] = lines[two], lines[one]
            for what, left in (
                ("removed", [*lines[:one], *lines[one + 1 :]]),
                ("swapped", swapped),
                ("cut", lines[: two or 1]),
            ):
                with trail.changed({name: left}):
                    self.look(trail, f"{name}: {what}")
        self.tails(trail, [self.dice.randrange(len(trail.payloads()) - 1)])
        self.anew(trail)

    def byte(self, trail: Trail, name: str, at: int, bit: int) -> None:
        """Change one byte in place, look, and change it back."""
        with (trail.folder / name).open("r+b") as file:
            file.seek(at)
            was = file.read(1)
            file.seek(at)
            file.write(bytes([was[0] ^ bit]))
            file.flush()
            self.look(trail, f"{name}: byte {at} changed by {bit}")
            file.seek(at)
            file.write(was)

    def lines_of(self, trail: Trail, name: str) -> None:
        """Remove, double and swap every line; cut every tail; take the last end away."""
        lines = trail.lines(name)
        versions: list[tuple[str, list[bytes]]] = [
            ("without its last end", [*lines[:-1], lines[-1][:-1]])
        ]
        for at, line in enumerate(lines):
            versions.append((f"line {at} removed", [*lines[:at], *lines[at + 1 :]]))
            versions.append((f"line {at} doubled", [*lines[: at + 1], line, *lines[at + 1 :]]))
            versions.append((f"line {at} repeated at the end", [*lines, line]))
            versions.append((f"cut at {at}", lines[:at]))
        for one, two in combinations(range(len(lines)), 2):
            swapped = [*lines]
            swapped[one], swapped[two] = lines[two], lines[one]
            versions.append((f"lines {one} and {two} swapped", swapped))
        for what, version in versions:
            with trail.changed({name: version}):
                self.look(trail, f"{name}: {what}")

    def tails(self, trail: Trail, ends: Any) -> None:
        """Cut everything behind a checkpoint: consistent in itself, so only a kept one tells."""
        payloads = trail.payloads()
        for number in ends:
            end = payloads[number]
            if end == payloads[-1]:
                continue
            cut: dict[str, Iterable[bytes]] = {
                "rows.jsonl": trail.lines("rows.jsonl")[: end["rows"]],
                "blocks.jsonl": trail.lines("blocks.jsonl")[: end["block"]],
                "checkpoints.jsonl": trail.lines("checkpoints.jsonl")[: number + 1],
            }
            with trail.changed(cut):
                self.look(trail, f"everything behind checkpoint {number} cut", outside=True)
            del cut["checkpoints.jsonl"]
            with trail.changed(cut):
                self.look(trail, f"rows and blocks behind checkpoint {number} cut")

    def anew(self, trail: Trail) -> None:
        """Change a row, make all blocks anew, and sign without the key in four ways."""
        from xinrong.domain.canonical import canonical_json
        from xinrong.domain.signatures import Ed25519Signer, seal

        rows = trail.lines("rows.jsonl")
        rows[0] = rows[0].replace(b"loan_officer", b"loan_offices")
        blocks, heads, place, previous = [], [""], 0, "0" * 64
        for line in trail.lines("blocks.jsonl"):
            block = json.loads(line)
            block["previous"] = previous
            for one in block["rows"]:
                one[1] = sha256(rows[place][:-1]).hexdigest()
                place += 1
            text = canonical_json(block)
            previous = sha256(text).hexdigest()
            heads.append(previous)
            blocks.append(text + b"\n")
        forger = Ed25519Signer.make_file(trail.folder.with_name(f"{trail.folder.name}-forger.pem"))
        true = [json.loads(line) for line in trail.lines("checkpoints.jsonl")]
        forged = [
            seal({**one["payload"], "head": heads[one["payload"]["block"]]}, forger) for one in true
        ]
        ways: dict[str, Callable[[int], dict[str, Any]]] = {
            "by another key": lambda n: forged[n],
            "by another key under the name of the true one": lambda n: {
                **forged[n],
                "kid": true[n]["kid"],
            },
            "with the old signatures": lambda n: {
                **true[n],
                "payload": forged[n]["payload"],
            },
            "with the old checkpoints": lambda n: true[n],
        }
        for what, envelope in ways.items():
            signed = [canonical_json(envelope(n)) + b"\n" for n in range(len(true))]
            contents: dict[str, Iterable[bytes]] = {
                "rows.jsonl": rows,
                "blocks.jsonl": blocks,
                "checkpoints.jsonl": signed,
            }
            with trail.changed(contents):
                self.look(trail, f"made anew, signed {what}")
        with trail.changed({"checkpoints.jsonl": []}):
            self.look(trail, "no checkpoint left")
