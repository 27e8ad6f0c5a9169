"""Looks at a store with a fresh process each time, without the cost of starting one.

    python -m tests.store.proof.verifier

reads jobs, one line of JSON each, and answers with a line: the verdict. Every job runs in a child
forked before any database or engine was opened.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
import warnings
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.store.proof.model import SUBJECTS, Diary, Seen, Verdict, judge, text_of

PROJECT = Path(__file__).resolve().parents[3]


def environment(data: Path, **more: str) -> dict[str, str]:
    """What a process of the proof runs in: its own data folder, two threads, little memory."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XINRONG_")}
    return {
        **kept,
        "XINRONG_DATA": str(data),
        "XINRONG_ENGINE_MEMORY": "512MB",
        "OPENBLAS_NUM_THREADS": "1",  # the verifier forks, so it must have no threads of its own
        "DJANGO_SETTINGS_MODULE": "xinrong.settings",
        "PYTHONPATH": f"{PROJECT / 'src'}{os.pathsep}{PROJECT}",
        **more,
    }


@dataclass
class Look:
    """What to look at: a data folder, the diary so far, whether to write to the store as well."""

    data: str
    lines: list[str] = field(default_factory=list)
    write: bool = False


class Verifier:
    """The verifying process, from outside. A context manager."""

    def __init__(self, data: Path, **more: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.proof.verifier"],
            env=environment(data, **more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def look(self, data: Path, lines: Iterable[str], *, write: bool = False) -> Verdict:
        """Compare a store with a diary, remove its orphans, and, with `write`, go on using it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        job = asdict(Look(str(data), list(lines), write))
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the verifier ended"
        return Verdict(**json.loads(answer))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(300)
        self._process.stdout.close()


# -- inside the process -------------------------------------------------------------------------


def point_at(data: Path) -> None:
    """Make this process work on another data folder."""
    from django.conf import settings
    from django.db import connections

    settings.DATA = data
    settings.STORE_ROOT = data / "store"
    settings.JOURNAL = data / "journal"
    for alias in connections.databases:
        if connections.databases[alias]["ENGINE"].endswith("sqlite3"):
            connections.databases[alias]["NAME"] = str(data / "xinrong.sqlite3")


def seen_now() -> Seen:
    """What the store shows."""
    from django.db.models import F

    from xinrong.collect.models import QuarantinedRow, Receipt
    from xinrong.store import services as store

    report = store.check()
    faults = list(report.faults)
    if faults:  # what is damaged is named; whatever else one would see follows from it
        return Seen([], [], [], [], faults)
    with store.snapshot() as snap:
        scanned = _rows(
            snap.query(
                "SELECT key, subject, amount, display FROM record WHERE category = 'tax'"
            ).to_pylist()
        )
        looked_up = []
        for subject in SUBJECTS:
            looked_up += _rows(snap.records([subject], ["tax"]).to_pylist())
        shown = snap.query(
            "SELECT batch, count(*) AS rows FROM record WHERE category <> 'tax' GROUP BY batch"
        )
        per_batch = {line["batch"]: line["rows"] for line in shown.to_pylist()}
    committed = store.Batch.objects.exclude(seq=None)
    batches = [
        (one.source_name, one.retracted_seq is not None)
        for one in committed.filter(feed="proof").order_by("pk")
    ]
    files = []
    for receipt in Receipt.objects.order_by("batch"):
        kept = QuarantinedRow.objects.filter(receipt=receipt).count()
        counted = receipt.accepted + receipt.quarantined + receipt.duplicates
        sums = (
            receipt.rows_in == counted
            and receipt.quarantined == kept
            and per_batch.get(receipt.batch, 0) == receipt.accepted
        )
        files.append((receipt.source_name, receipt.rows_in, sums))
    without = committed.exclude(feed="proof").exclude(
        pk__in=[r.batch for r in Receipt.objects.all()]
    )
    faults += [f"batch {one.pk} has no receipt" for one in without.annotate(n=F("pk"))]
    faults += _journal_faults()
    return Seen(scanned, looked_up, batches, files, faults)


def _rows(found: list[dict[str, Any]]) -> list[tuple[int, int, int, bool]]:
    rows = []
    for one in found:
        content = one["amount"] // 100
        whole = one["display"] == text_of(one["key"], content)
        rows.append((one["key"], one["subject"], content, whole))
    return rows


def _journal_faults() -> list[str]:
    """The journal of restrictive decisions must still be readable to its end."""
    from xinrong.domain.errors import XinrongError
    from xinrong.store.backups import journal

    try:
        for _ in journal.read():
            pass
        journal.position()
    except XinrongError as error:
        return [str(error)]
    return []


def look(job: Look) -> Verdict:
    """One job, in its own process."""
    from tests.store.proof.work import configure
    from xinrong.store import services as store

    configure()
    point_at(Path(job.data))
    diary = Diary().read(job.lines)
    verdict = judge(diary, seen_now())
    if store.orphans():
        store.remove_orphans(datetime.now(UTC) + timedelta(hours=1), timedelta(0))
        if store.orphans():
            verdict.faults.append("orphans cannot be removed")
        verdict.faults += judge(diary, seen_now()).faults
    if job.write:
        _go_on(diary, verdict)
    return verdict


def _go_on(diary: Diary, verdict: Verdict) -> None:
    """The store must take what comes next as if nothing had happened."""
    from tests.store.proof.work import Work

    if verdict.took_place:
        diary.follow({"end": True})
    path = Path(os.environ["XINRONG_DATA"]) / f"after-{os.getpid()}"
    life = Work(path, os.getpid())
    life.state, life.place = diary.state, path.parent
    diary.begun = None
    for event in (life.large(), life.hot(), life.compact(), life.take_file(), life.clean()):
        getattr(life, f"do_{event['verb']}")(event)
        life.state.apply(event)
    path.unlink()
    verdict.faults += judge(diary, seen_now()).faults


def main() -> None:
    """Answer jobs until there are no more."""
    import tests.store.proof.work  # noqa: F401 - loads what the children need, opens nothing

    # The one other thread is the memory allocator's, which holds no lock of ours.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                verdict = look(Look(**json.loads(line)))
            except Exception:  # noqa: BLE001 - whatever goes wrong is the verdict
                verdict = Verdict(faults=[traceback.format_exc()[-3000:]])
            os.write(1, (json.dumps(asdict(verdict)) + "\n").encode())
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
