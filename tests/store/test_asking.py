"""Plain SQL gives what the models would; what is asked ahead is what would be asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xinrong.accounts.models import ApiKey, Organisation, Person
from xinrong.store.asking import Question, answers, asked_ahead, columns_of, read_row
from xinrong.subjects.models import Enterprise

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)
ONE = Question("SELECT count(*) FROM subjects_enterprise WHERE code <> %s", ["x"])
OTHER = Question("SELECT code FROM subjects_enterprise ORDER BY code", [])


def firms(count: int) -> None:
    known = Enterprise.objects.count()
    for number in range(known, known + count):
        Enterprise.objects.create(code=f"{number:018}", name="甲", folded_name="甲")


def test_a_row_is_read_as_the_model_reads_it() -> None:
    bank = Organisation.objects.create(name="海丰银行", kind="bank", closed_at=NOW)
    key = ApiKey.objects.create(
        organisation=bank,
        role="loan_officer",
        title="核心系统",
        prefix="xr_1",
        digest="d",
        scopes=["files", "counts"],
        expires_at=NOW + timedelta(days=9),
        revoked_at=NOW,
        last_used_on=date(2030, 4, 30),
    )
    firm = Enterprise.objects.create(
        code="1", name="甲", folded_name="甲", cancelled=True, cancelled_on=date(2029, 1, 2)
    )
    person = Person.objects.create_user("a@example.invalid", "secret secret")
    for made in (bank, key, firm, person):
        model = type(made)
        table = model._meta.db_table
        sql = f"SELECT {columns_of(model, 't')} FROM {table} AS t WHERE t.id = %s"
        [[row]] = answers("default", Question(sql, [made.pk]))
        read = read_row(model, row, "default")
        made.refresh_from_db()
        for field in model._meta.concrete_fields:
            assert getattr(read, field.attname) == getattr(made, field.attname), field


def test_what_was_asked_ahead_is_answered_once_and_inside_the_block_only() -> None:
    firms(2)
    with asked_ahead("default", ONE, OTHER):
        with CaptureQueriesContext(connection) as caught:
            assert answers("default", OTHER) == [[("0" * 18,), ("0" * 17 + "1",)]]
            assert answers("default", ONE) == [[(2,)]]
        assert len(caught) == (0 if connection.vendor == "postgresql" else 2)
        firms(1)
        assert answers("default", ONE) == [[(3,)]]  # the second time it is asked itself
    with asked_ahead("default", ONE, OTHER):
        firms(1)
    assert answers("default", ONE) == [[(4,)]]


def test_another_question_is_never_answered_by_what_was_asked_ahead() -> None:
    firms(2)
    with asked_ahead("default", ONE, OTHER):
        assert answers("default", Question(ONE.sql, ["0" * 18])) == [[(1,)]]


def test_blocks_inside_one_another_keep_their_answers() -> None:
    firms(1)
    more = Question(ONE.sql, ["y"])
    with asked_ahead("default", ONE, OTHER):
        with asked_ahead("default", more, OTHER):
            assert answers("default", more) == [[(1,)]]
        with CaptureQueriesContext(connection) as caught:
            assert answers("default", ONE) == [[(1,)]]
        assert len(caught) == (0 if connection.vendor == "postgresql" else 1)
