"""A list of clients asked about on the terminal."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.files.firm import acting, code
from tests.files.test_batching import CODES, banker, clients, firms
from xinrong.accounts.services import Person, Viewer
from xinrong.cli.file_batch import NoClients, command
from xinrong.store.services import MarkKind, RecordId, mark
from xinrong.subjects.services import subjects_of
from xinrong.trust.models import AuditRow

__all__ = ["banker", "clients", "firms"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "名单.csv"
    codes = [CODES[0], CODES[3], code(77), "=1", CODES[0]]
    path.write_text("\n".join(["代码", *codes]), encoding="utf-8")
    return path


def run(who: Viewer, listed: Path, *more: str, **options: Any) -> Result:
    email = Person.objects.get(pk=who.person_id).email
    return CliRunner().invoke(
        command, [str(listed), "--as", email, "--stage", "post_loan", *more], **options
    )


def looked_at() -> int:
    return AuditRow.objects.exclude(service="search").count()


def test_the_list_is_asked_about_and_every_row_accounted_for(
    banker: Viewer, clients: list[int], listed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    done = run(banker, listed, "--out", str(out), "--yes")
    assert done.exit_code == 0, done.output
    assert "5 rows = 1 answered + 1 denied + 1 unknown + 1 faulty + 1 duplicate" in done.output
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["row"] for row in rows] == ["2", "3", "4", "5", "6"]
    assert rows[0]["finding"] == "clean"
    assert rows[1]["why"] == "denied_no_consent"
    assert rows[3]["listed"] == "'=1"
    assert looked_at() == 2
    assert rows[0]["objected"] == "0"


def test_what_is_under_objection_is_counted_in_a_column(
    banker: Viewer, clients: list[int], listed: Path, tmp_path: Path
) -> None:
    subject = subjects_of([clients[0]])[clients[0]][0]
    record = RecordId("tax_payment", 50, subject)
    mark(
        record, kind=MarkKind.OBJECTION, on=date(2026, 11, 1), at=datetime(2026, 11, 1, tzinfo=UTC)
    )
    for service, told in (("comprehensive", "1"), ("cube", "1"), ("signs", "0"), ("basic", "")):
        out = tmp_path / f"{service}.csv"
        assert run(banker, listed, "--service", service, "--out", str(out), "--yes").exit_code == 0
        [answered, *_] = csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines())
        assert answered["objected"] == told, service


def test_nobody_is_asked_about_before_somebody_says_yes(
    banker: Viewer, clients: list[int], listed: Path
) -> None:
    done = run(banker, listed, input="n\n")
    assert done.exit_code == 1
    assert "Ask about 2?" in done.output
    assert looked_at() == 0


def test_the_rows_are_shown_as_a_table(banker: Viewer, clients: list[int], listed: Path) -> None:
    assert "denied" in run(banker, listed, "--yes").output


def test_who_has_no_clients_is_told(clients: list[int], listed: Path) -> None:
    other = acting("部门（虚构）", "department", "data_officer", "tax")
    assert isinstance(run(other, listed, "--yes").exception, NoClients)
    assert looked_at() == 0
