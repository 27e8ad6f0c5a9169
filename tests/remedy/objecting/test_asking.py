"""What cannot be objected to, by whom, and what is said of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.remedy.objecting.support import (
    CATEGORY,
    NOW,
    WHY,
    Cast,
    corrected,
    go,
    penalty,
    send,
)
from xinrong.remedy.models import Objection
from xinrong.remedy.services import RemedyRefused
from xinrong.store.services import RecordId, erase, retract_batch, suppress
from xinrong.subjects.services import subjects_of
from xinrong.work.models import Case
from xinrong.work.services import deliver, tick

pytestmark = [pytest.mark.usefixtures("store_root")]


def refusal(cast: Cast, **more: Any) -> str:
    with pytest.raises(RemedyRefused) as refused:
        cast.objects(**more)
    return refused.value.code


def test_someone_elses_record_is_refused_like_one_that_does_not_exist(cast: Cast) -> None:
    from tests.files.firm import BUYER
    from tests.store.rows import row

    other = row(BUYER, 99, 99, code="x", event_date=date(2026, 1, 1), polarity=-1, t3="某局")
    done = send(CATEGORY, "health_penalties", other, name_of={BUYER: "乙（虚构）有限公司"})
    theirs = f"{CATEGORY}/99/{done.batch}"
    said = set()
    for ref in (
        theirs, f"{CATEGORY}/98/{done.batch}", "x/1/1", CATEGORY, f"{CATEGORY}/10", "", "/", "a/b/c/d",
        f"{CATEGORY}/x/y", "一" * 500, f"{CATEGORY}/10/{10**30}",
    ):  # fmt: skip
        with pytest.raises(RemedyRefused) as refused:
            cast.objects(record=ref)
        assert refused.value.code == "objection_record"
        said.add(str(refused.value))
    assert len(said) == 1
    assert not Case.objects.exists()


@pytest.mark.parametrize("how", ["retracted", "superseded", "suppressed", "erased"])
def test_what_is_not_shown_any_more_cannot_be_objected_to(cast: Cast, how: str) -> None:
    ref = cast.ref()
    _, key, batch = ref.split("/")
    record = RecordId(CATEGORY, int(key), subjects_of([cast.firm])[cast.firm][0])
    if how == "retracted":
        retract_batch(int(batch), "错报", NOW)
    elif how == "superseded":
        send(CATEGORY, "health_penalties", corrected(500_00, date(2026, 3, 6)))
    elif how == "suppressed":
        suppress([record], basis="repair", article="x", reason="y", at=NOW)
    else:
        erase([record], article="x", reason="y", at=NOW)
    assert refusal(cast, record=ref) == "objection_record"


def test_twice_is_refused_while_open_and_afterwards_without_anything_new(cast: Cast) -> None:
    case = cast.objects()
    assert refusal(cast) == "objection_open"
    go(case, "forward", cast.operator)
    go(case, "uphold", cast.source)
    assert refusal(cast) == "objection_new"
    assert refusal(cast, new=WHY) == "objection_new"
    assert refusal(cast, new="  ") == "objection_new"
    assert cast.objects(new="新找到的送达回证").number != case.number


def test_a_new_version_is_objected_to_without_anything_new(cast: Cast) -> None:
    case = cast.objects()
    go(case, "forward", cast.operator)
    go(case, "uphold", cast.source)
    send(CATEGORY, "health_penalties", corrected(500_00, date(2026, 3, 6)))
    cast.objects()


def test_only_the_representative_objects(cast: Cast) -> None:
    for who in (cast.source, cast.operator, cast.bank):
        assert refusal(cast, who=who, record=f"{CATEGORY}/10/2") == "objection_role"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"statement": " \n "}, "objection_statement"),
        ({"statement": "字" * 301}, "objection_statement"),
        ({"why": ""}, "objection_why"),
        ({"why": "字" * 2001}, "objection_why"),
        ({"new": "字" * 2001}, "objection_why"),
    ],
)
def test_nothing_or_too_much_said(cast: Cast, more: dict[str, str], code: str) -> None:
    assert refusal(cast, **more) == code
    assert not Case.objects.exists()


def test_a_source_that_is_not_here_leaves_it_to_the_operator(cast: Cast) -> None:
    from xinrong.accounts.models import Organisation

    Organisation.objects.filter(pk=cast.source.organisation_id).update(closed_at=NOW)
    case = cast.objects()
    assert Objection.objects.get().source is None
    go(case, "forward", cast.operator)
    later = NOW + timedelta(days=30)
    tick(later)
    deliver(later)
    assert go(case, "uphold", cast.operator, later) == "upheld"


def test_of_a_sole_trader_the_same_clocks_run(cast: Cast) -> None:
    from xinrong.subjects.models import Enterprise

    Enterprise.objects.filter(pk=cast.firm).update(kind="sole_trader")
    case = cast.objects()
    assert go(case, "forward", cast.operator) == "with_source"
    assert go(case, "confirm", cast.source) == "confirmed"


def test_a_record_on_a_later_page_of_the_file_is_found(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xinrong.remedy.objecting import asking

    send(CATEGORY, "health_penalties", penalty(11, date(2026, 5, 5)), penalty(12, date(2026, 6, 5)))
    oldest = cast.ref(10)
    monkeypatch.setattr(asking, "PAGE", 1)
    assert cast.objects(record=oldest).state == "marked"
