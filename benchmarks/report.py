"""Portable reports: how long a bank waits for the answer, and whether a forgery ever passes.

`offline_verify_ms`: the 95th percentile of judging a report of 402 records without a network:
reading the published keys, the list of states (500 entries) and the file from bytes, signature,
every claim, time and paper. `forged_accepted`: forgeries that the verifier accepted although the
oracle of `_report_oracle` says that they mean something else, or of which it counted the missing
claims wrongly. `honest_refused`: the other way round, so that refusing everything is no way out.
`cold_start_ms` is the stand-alone program from its call to its answer, Python's start included.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks._report_forging import NOW, Forger
from benchmarks._report_oracle import Oracle
from benchmarks.harness import Figure
from tests.domain.portable.made import KEY, SIGNER, report
from xinrong.domain.portable import (
    State,
    new_number,
    read_keys,
    verify_report,
    write_status,
)
from xinrong.domain.portable.bundling import verifier
from xinrong.domain.signatures import base64url

RECORDS, TIMES, FORGERIES, LISTED = 402, 200, 10_000, 500


def run(small: bool) -> list[Figure]:
    """Measure; with `small` a twentieth of the forgeries and a tenth of the looks."""
    verified, size = offline(TIMES // 10 if small else TIMES)
    forged, refused, kinds, made = forgeries(FORGERIES // 20 if small else FORGERIES)
    longest = report(6, name="长" * 200, to="行" * 80, grade="AAA+")
    return [
        Figure("offline_verify_ms", verified, "ms", "<= 200"),
        Figure("forged_accepted", forged, "reports", "= 0"),
        Figure("honest_refused", refused, "reports", "= 0"),
        Figure("mutations", made, "reports", f">= {FORGERIES}"),
        Figure("kinds_of_mutation", kinds, "kinds"),
        Figure("report_bytes", size, "bytes"),
        Figure("longest_code_signs", len(longest.qr), "signs", "<= 900"),
        Figure("cold_start_ms", cold_start(3 if small else 10), "ms"),
    ]


def keys_document() -> bytes:
    """The published keys: those in use and four old ones."""
    row = {
        "kid": SIGNER.kid,
        "alg": "Ed25519",
        "public": base64url(KEY.public.raw),
        "from": "2020-01-01T00:00:00+00:00",
        "until": None,
    }
    return json.dumps({"keys": [row], "checkpoints": []}).encode()


def offline(times: int) -> tuple[float, int]:
    """p95 in ms of a whole judgement from bytes, and the size of the file."""
    made, document = report(RECORDS), keys_document()
    ended = [(new_number(), State.WITHDRAWN, date(2026, 11, 23)) for _ in range(LISTED)]
    listed = write_status(ended, SIGNER, region="nowhere", now=NOW - timedelta(hours=1))
    status, text, took = json.dumps(listed).encode(), made.text, []
    for _ in range(times):
        began = time.perf_counter()
        checked = verify_report(text, read_keys(document), now=NOW, qr=made.qr, status=status)
        took.append(time.perf_counter() - began)
        assert checked.accepted
        assert sum(part.shown for part in checked.parts) >= RECORDS
    return float(np.percentile(took, 95)) * 1000, len(text)


def forgeries(number: int) -> tuple[int, int, int, int]:
    """Forgeries accepted, honest ones refused, kinds, and how many were judged."""
    forger = Forger(Random(20261122))
    oracle = Oracle(forger.made)
    ended = forger.ended, forger.made[0].number
    wrong: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for forgery in forger.forgeries(number):
        kinds[forgery.kind] += 1
        checked = verify_report(
            forgery.text, forgery.keys, now=forgery.now, qr=forgery.qr, status=forgery.status
        )
        missing = oracle.missing(forgery, ended)
        if checked.accepted:
            told: dict[str, Any] = {part.name: part.withheld for part in checked.parts}
            wrong[forgery.kind] += missing is None or told != missing
        elif missing is not None:
            refused[forgery.kind] += 1
    for title, found in (("accepted", +wrong), ("honest and refused", +refused)):
        if found:
            print(f"{title}: {dict(found)}")
    return wrong.total(), refused.total(), len(kinds), kinds.total()


def cold_start(times: int) -> float:
    """The median in ms of the stand-alone program, from its call to its end."""
    took = []
    with tempfile.TemporaryDirectory(prefix="xinrong-report-") as name:
        folder = Path(name)
        (folder / "verify.pyz").write_bytes(verifier())
        (folder / "keys.json").write_bytes(keys_document())
        (folder / "report.json").write_bytes(report(RECORDS, issued=datetime.now(UTC)).text)
        words = [sys.executable, "-I", "verify.pyz", "report.json", "--keys", "keys.json"]
        for _ in range(times):
            began = time.perf_counter()
            subprocess.run(words, cwd=folder, check=True, capture_output=True)
            took.append(time.perf_counter() - began)
    return float(np.median(took)) * 1000
