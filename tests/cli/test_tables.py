"""A database without its tables is told in words, whichever database it is."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from xinrong.cli import main as program
from xinrong.cli.tables import of_tables
from xinrong.domain.errors import XinrongError


def failing(sql: str) -> DatabaseError:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        connection.cursor().execute(sql)
    return caught.value


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql", ["SELECT 1 FROM nowhere", "SELECT not_here FROM store_ledger"], ids=["table", "column"]
)
def test_what_the_database_lacks_is_named_with_what_to_do(sql: str) -> None:
    told = of_tables(failing(sql))
    assert told is not None
    assert told.code == "tables_missing"
    assert "xinrong manage migrate" in str(told)
    assert ("nowhere" in str(told)) == ("nowhere" in sql)


@pytest.mark.django_db
def test_an_error_behind_another_is_found() -> None:
    outer = RuntimeError("a job failed")
    outer.__cause__ = failing("SELECT 1 FROM nowhere")
    assert of_tables(outer) is not None


@pytest.mark.django_db
def test_another_error_of_the_database_is_not_hidden() -> None:
    assert of_tables(failing("SELECT 1 FROM (")) is None


@pytest.mark.parametrize("error", [ValueError("no such thing"), XinrongError("no such table: x")])
def test_other_errors_stay_what_they_are(error: Exception) -> None:
    assert of_tables(error) is None


@pytest.mark.django_db
def test_the_program_ends_in_one_line_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = failing("SELECT 1 FROM nowhere")

    def breaks(**_: object) -> None:
        raise lost

    monkeypatch.setattr(program, "group", breaks)
    with pytest.raises(SystemExit) as ended:
        program.main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert said.startswith("error [tables_missing]: the database lacks what this needs: ")
    assert said.count("\n") == 1
