"""An enterprise as it was known at a seq: what the register said later is taken back."""

from __future__ import annotations

from datetime import date

import pytest

from xinrong.subjects.models import Enterprise, RegisterChange
from xinrong.subjects.services import as_known_at, enterprise_by_id

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 1)


@pytest.fixture
def firm() -> Enterprise:
    """Provisional at 1, confirmed and renamed at 2, cancelled at 3, back at 4, renamed at 5."""
    made = Enterprise.objects.create(
        code="91110108MA01ABCD15", name="丙", folded_name="丙", kind="company"
    )
    for seq, what, before, after, day in (
        (2, "name", "甲", "乙", None),
        (2, "provisional", "yes", "no", None),
        (2, "kind", "branch", "company", None),
        (3, "cancelled", "no", "yes", DAY),
        (4, "cancelled", "yes", "no", None),
        (5, "name", "乙", "丙", None),
    ):
        RegisterChange.objects.create(
            enterprise=made, seq=seq, what=what, before=before, after=after, day=day
        )
    return made


@pytest.mark.parametrize(
    ("seq", "known"),
    [
        (1, ("甲", "branch", True, False, None)),
        (2, ("乙", "company", False, False, None)),
        (3, ("乙", "company", False, True, DAY)),
        (4, ("乙", "company", False, False, None)),
        (5, ("丙", "company", False, False, None)),
        (9, ("丙", "company", False, False, None)),
    ],
)
def test_what_was_known_at_a_seq(firm: Enterprise, seq: int, known: tuple[object, ...]) -> None:
    for then in (as_known_at(firm, seq), enterprise_by_id(firm.pk, seq=seq)):
        assert then.pk == firm.pk
        told = (then.name, then.kind, then.provisional, then.cancelled, then.cancelled_on)
        assert told == known


def test_what_is_known_now_stays(firm: Enterprise) -> None:
    as_known_at(firm, 1)
    assert firm.name == enterprise_by_id(firm.pk).name == "丙"


def test_nothing_later_costs_one_statement(
    firm: Enterprise, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator] # a fixture without types
        enterprise_by_id(firm.pk, seq=5)
