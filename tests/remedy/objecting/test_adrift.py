"""What a restore left of objections that it does not know."""

from __future__ import annotations

import pytest

from tests.remedy.objecting.support import (
    CATEGORY,
    NOW,
    Cast,
    go,
)
from xinrong.remedy.models import Objection
from xinrong.remedy.services import RemedyRefused, adrift, free
from xinrong.work.models import Case, CaseMove

pytestmark = [pytest.mark.usefixtures("store_root")]


def test_what_a_restore_left_without_a_case_is_listed_and_freed(cast: Cast) -> None:
    case = cast.objects()
    go(case, "forward", cast.operator)
    assert adrift() == [], "its case is open"
    name = f"{CATEGORY}/10"
    with pytest.raises(RemedyRefused, match="adrift"):
        free(name, reason="x", now=NOW)
    Objection.objects.all().delete()  # the backup was older than the objection
    CaseMove.objects.all().delete()
    Case.objects.all().delete()
    assert {one.what for one in adrift()} == {"marked", "hidden"}
    free(name, reason="查无此异议", now=NOW)
    assert adrift() == []
    [shown] = cast.seen()
    assert shown.objection is None


def test_what_is_withheld_for_good_is_not_adrift(cast: Cast) -> None:
    case = cast.objects()
    go(case, "forward", cast.operator)
    go(case, "cannot_verify", cast.source)
    assert adrift() == []
