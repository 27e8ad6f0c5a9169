"""What is under objection says so inside a portable report: records, sums, the paper."""

from __future__ import annotations

from typing import Any

import pytest

from tests.files.portable.support import checked, handed, made, says
from tests.files.portable.test_paper import CHECK_AT, words
from tests.files.printing.support import needs_fonts
from tests.files.test_objected import NOW, object_to
from xinrong.accounts.services import Viewer
from xinrong.files.services import portable
from xinrong.store.services import MarkKind, unmark

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "taizhou")]


def claims(owner: Viewer, firm: int) -> tuple[list[Any], list[Any]]:
    """Claims of sums and of records that say something of objections."""
    answer = checked(handed(owner, made(owner, firm)))
    assert answer.accepted
    sums = [one for one in says(answer, "figures") if "objected" in one]
    parts = ("register", "negative", "positive", "other")
    return sums, [one for part in parts for one in says(answer, part) if "objection" in one]


def test_records_and_sums_say_so_and_where_there_is_none_nothing_is_said(
    owner: Viewer, filled: int
) -> None:
    assert claims(owner, filled) == ([], [])
    record = object_to(filled, "tax_payment", 10)
    object_to(filled, "administrative_penalty", 50)
    object_to(filled, "honour", 30, kind=MarkKind.STATEMENT)
    sums, records = claims(owner, filled)
    assert [(one["category"], one["objected"]) for one in sums] == [("tax_payment", 1)]
    told = {one["category"]: one["objection"]["state"] for one in records}
    assert told == {
        "tax_payment": "under_objection", "administrative_penalty": "under_objection",
        "honour": "statement",
    }  # fmt: skip
    unmark(record, at=NOW)
    assert claims(owner, filled)[0] == []


@needs_fonts
def test_the_paper_says_how_many_of_a_sum_are(owner: Viewer, filled: int) -> None:
    object_to(filled, "tax_payment", 10)
    report = portable.hand_out(owner, made(owner, filled, "register", "figures"))
    pdf = portable.paper(report, check_at=CHECK_AT, language="en")
    assert "(1 under objection)" in words(pdf)
