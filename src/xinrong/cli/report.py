"""`xinrong report`: the credit report that an enterprise carries itself."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from xinrong.domain.portable import PARTS, hand_on, open_file, verify_paper, verify_report
from xinrong.domain.portable.bundling import NAME, verifier
from xinrong.domain.portable.command import judge, read_file, show
from xinrong.domain.portable.keys import ReportKey, read_keys
from xinrong.domain.portable.reading import MOST_BYTES, read_json
from xinrong.domain.portable.status import MOST_LIST_BYTES

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group("report")
def command() -> None:
    """Portable credit reports: make, show, hand on, verify. Verifying needs no platform."""


@contextmanager
def platform() -> Iterator[None]:
    """This platform, asked for whoever has a shell here."""
    from xinrong.cli.main import set_up_django

    set_up_django()
    from xinrong.accounts.services import outside_organisations

    with outside_organisations():
        yield


def here() -> tuple[tuple[ReportKey, ...], bytes, datetime]:
    """This platform's keys, its list of what ended, and the moment."""
    from xinrong.domain.clock import SystemClock
    from xinrong.files.services import portable
    from xinrong.trust.services import key_document

    now = SystemClock().now()
    listed = json.dumps(portable.status_list(now)).encode()
    return read_keys(json.dumps(key_document())), listed, now


@command.command("make")
@click.argument("code")
@click.option("--as", "email", required=True, help="E-mail of the representative's account.")
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), help="All if left out.")
@click.option("--without", multiple=True, help="A category to leave out; may be repeated.")
@click.option("--deep", is_flag=True, help="With amounts and other sensitive details.")
@click.option("--days", type=int, default=30, show_default=True, help="1 to 90.")
@click.option("--to", default="", help="Whom it is for.")
@click.option("--json", "file", type=OUT, required=True, help="Write the report here.")
@click.option("--pdf", type=OUT, help="Write the paper here as well.")
@click.option("--check-at", default="", help="Address of the page that verifies, for the code.")
@click.option("--language", type=click.Choice(["zh-hans", "en"]), default="zh-hans")
@platform()
def make(
    code: str,
    email: str,
    parts: tuple[str, ...],
    without: tuple[str, ...],
    deep: bool,
    days: int,
    to: str,
    file: Path,
    pdf: Path | None,
    check_at: str,
    language: str,
) -> None:
    """Sign a report about the enterprise CODE, as its representative."""
    from xinrong.accounts.services import person_of_email, viewer_of
    from xinrong.files.services import portable
    from xinrong.subjects.services import enterprise_by_code

    viewer = viewer_of(person_of_email(email))
    if not portable.perms.can_make_reports(viewer):
        raise click.ClickException("only a proven representative makes a report, in person")
    chosen = frozenset(parts) or frozenset(PARTS) - {"grade"} | set(portable.carried())
    choice = portable.Choice(chosen, frozenset(without), deep)
    wanted = portable.Wanted(choice, days, portable.addressee(to))
    report = portable.make(viewer, enterprise_by_code(code).pk, wanted)
    handed = portable.hand_out(viewer, report)
    write(file, json.dumps(handed.file, ensure_ascii=False, indent=1).encode())
    if pdf is not None:
        write(pdf, portable.paper(handed, check_at=check_at, language=language))
    click.echo(f"{report.number}  valid until {report.last_day}  audit row {report.audit_id}")
    click.echo(portable.qr_of(report, check_at))


@command.command("show")
@click.argument("report", type=FILE)
@click.option("--only", "keep", multiple=True, type=click.Choice(PARTS), help="Hand on these.")
@click.option("--out", type=OUT, help="Write what is handed on here.")
def show_file(report: Path, keep: tuple[str, ...], out: Path | None) -> None:
    """What a report file says; nothing is verified. With --only and --out, hand on a part of it."""
    text = read_file(report, MOST_BYTES)
    open_file(text)
    found = read_json(text)
    if keep:
        found = hand_on(found, keep)
    if out is not None:
        write(out, json.dumps(found, ensure_ascii=False, indent=1).encode())
        click.echo(f"written to {out}; what is not in it stays counted in the signed core")
        return
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))


@command.command("verify")
@click.argument("report", type=FILE, required=False)
@click.option("--qr", default="", help="Text of the code on the paper.")
@click.option("--keys", type=FILE, help="Published keys; those of this platform if left out.")
@click.option("--status", type=FILE, help="The signed list of states; this platform's if left out.")
@click.option("--about", default="", help="Code of the enterprise that it must be about.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every claim.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def verify(
    report: Path | None,
    qr: str,
    keys: Path | None,
    status: Path | None,
    about: str,
    as_json: bool,
    language: str,
) -> None:
    """Whether a report holds: what does and what does not. Ends with 1 when it does not."""
    if report is None and not qr:
        raise click.UsageError("name the report's file, or give the code of the paper with --qr")
    if keys is not None:
        checked = judge(report, keys, qr=qr, status=status, about=about)
    else:
        with platform():
            known, listed, now = here()
        if status is not None:
            listed = read_file(status, MOST_LIST_BYTES)
        if report is None:
            checked = verify_paper(qr, known, now=now, status=listed, about=about)
        else:
            text = read_file(report, MOST_BYTES)
            checked = verify_report(text, known, now=now, qr=qr, status=listed, about=about)
    raise SystemExit(show(checked, click.echo, as_json=as_json, language=language))


@command.command("status")
@platform()
def status_list() -> None:
    """The signed list of reports that ended before their time."""
    from xinrong.domain.clock import SystemClock
    from xinrong.files.services import portable

    click.echo(json.dumps(portable.status_list(SystemClock().now())))


@command.command("verifier")
@click.argument("out", type=OUT, default=NAME)
def write_verifier(out: Path) -> None:
    """Write the stand-alone verifier, one file that needs Python and `cryptography`, to OUT."""
    out.write_bytes(verifier())
    click.echo(f"written to {out}")


def write(path: Path, content: bytes) -> None:
    """A file that nobody but its owner reads."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
