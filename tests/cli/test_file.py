"""A file on the terminal: what stands beside a record is said, and brackets are text."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from tests.files.firm import FIRM
from tests.files.test_objected import PENALTY, banker, filed, firm, object_to, taizhou
from xinrong.accounts.services import Person, Viewer
from xinrong.cli.file import command
from xinrong.store.services import MarkKind

__all__ = ["banker", "filed", "firm", "taizhou"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "taizhou")]


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")


def said(who: Viewer, service: str) -> str:
    email = Person.objects.get(pk=who.person_id).email
    words = [FIRM, "--service", service, "--as", email, "--stage", "pre_loan"]
    done = CliRunner().invoke(command, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return str(done.output)


def test_what_stands_beside_a_record_is_said_and_runs_nothing(filed: int, banker: Viewer) -> None:
    assert "异议" not in said(banker, "comprehensive")
    object_to(filed, statement="[/bold] 不是 [link=x]我方")
    object_to(filed, key=11, kind=MarkKind.STATEMENT)
    for service in ("comprehensive", "signs"):
        told = said(banker, service)
        assert "【存在异议，自 2026-11-01】企业说明：[/bold] 不是 [link=x]我方" in told
        assert "【企业有异议，报送部门核实后维持】" in told


def test_the_cube_has_a_column_of_how_many(filed: int, banker: Viewer) -> None:
    object_to(filed)
    [line] = [one for one in said(banker, "cube").splitlines() if "处罚" in one]
    assert line.rstrip(" │|").endswith("1")
    assert PENALTY not in line
