"""The verifier as a program: what a bank runs, and what `xinrong report verify` runs.

    python xinrong-verify.pyz report.json --keys keys.json [--qr TEXT] [--status list.json]

Ends with 0 when the report holds, 1 when it does not, 2 when it could not be judged.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

from xinrong.domain.errors import XinrongError
from xinrong.domain.portable.keys import MOST_KEYS_BYTES, read_keys
from xinrong.domain.portable.reading import MOST_BYTES
from xinrong.domain.portable.status import MOST_LIST_BYTES
from xinrong.domain.portable.telling import lines
from xinrong.domain.portable.verifying import Checked, verify_paper, verify_report

HELD, FAILED, UNJUDGED = 0, 1, 2


def read_file(path: Path, most: int) -> bytes:
    """A file, of which no more is read than may be; the reader then says that it is too large."""
    with path.open("rb") as file:
        return file.read(most + 1)


def judge(
    report: Path | None,
    keys: Path,
    *,
    qr: str = "",
    status: Path | None = None,
    about: str = "",
    now: datetime | None = None,
) -> Checked:
    """Judge a report file, or the code of a paper alone. Raises ReportError, OSError."""
    known = read_keys(read_file(keys, MOST_KEYS_BYTES))
    moment = now or datetime.now(UTC)
    listed = read_file(status, MOST_LIST_BYTES) if status else b""
    if report is None:
        return verify_paper(qr, known, now=moment, status=listed, about=about)
    text = read_file(report, MOST_BYTES)
    return verify_report(text, known, now=moment, qr=qr, status=listed, about=about)


def show(checked: Checked, say: Callable[[str], object], *, as_json: bool, language: str) -> int:
    """Say what was found, line by line; the status with which the program ends."""
    if as_json:
        say(json.dumps(checked.as_json, ensure_ascii=False))
    else:
        for line in lines(checked, language):
            say(printable(line))
    return HELD if checked.accepted else FAILED


def printable(text: str) -> str:
    """A line for a terminal: names come from outside and may hold signs that command it."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def parser() -> argparse.ArgumentParser:
    """What the program takes."""
    made = argparse.ArgumentParser(
        prog="xinrong-verify",
        description="Whether a portable credit report holds. Needs no network.",
    )
    made.add_argument("report", nargs="?", type=Path, help="the report's JSON file")
    made.add_argument("--keys", required=True, type=Path, help="the platform's published keys")
    made.add_argument("--qr", default="", help="text of the code on the paper")
    made.add_argument("--status", type=Path, help="the signed list of withdrawn reports")
    made.add_argument("--about", default="", help="code of the enterprise that it must be about")
    made.add_argument("--json", action="store_true", help="print JSON, with every claim")
    made.add_argument("--language", choices=["zh", "en"], default="zh")
    return made


def main(words: Sequence[str] | None = None) -> int:
    """Run the program."""
    given = parser().parse_args(words)
    if given.report is None and not given.qr:
        sys.stderr.write("name the report's file, or give the code of the paper with --qr\n")
        return UNJUDGED
    try:
        checked = judge(
            given.report, given.keys, qr=given.qr, status=given.status, about=given.about
        )
    except (XinrongError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return UNJUDGED
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal may lack a sign of a name
        sys.stdout.reconfigure(errors="replace")
    return show(
        checked,
        lambda line: sys.stdout.write(f"{line}\n"),
        as_json=given.json,
        language=given.language,
    )
