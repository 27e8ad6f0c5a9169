"""A list of clients, sorted before anybody is asked about."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.files.firm import acting, code
from tests.files.test_batching import CODES, banker, clients, firms
from xinrong.accounts.services import Viewer
from xinrong.files import services as files
from xinrong.files.clients import Entry, Fate, entries_of, sort_out
from xinrong.subjects.services import enterprise_by_code, merge
from xinrong.trust.models import AuditRow
from xinrong.trust.services import Purpose, Stage, active_consents, revoke_consent

__all__ = ["banker", "clients", "firms"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


def sort(banker: Viewer, *texts: str, stage: Stage | None = Stage.POST_LOAN) -> list[Any]:
    entries = [Entry(number, text) for number, text in enumerate(texts, 1)]
    return sort_out(entries, banker, Purpose.CREDIT, stage, now=timezone.now())


def revoke(banker: Viewer, firm: int) -> None:
    now = timezone.now()
    assert banker.organisation_id is not None
    own = [banker.organisation_id]
    for one in active_consents([firm], own, Purpose.CREDIT, Stage.POST_LOAN, now):
        revoke_consent(one.pk, grantor=firm, now=now)


def test_every_row_is_a_client_without_consent_unknown_no_code_or_a_double(
    banker: Viewer, clients: list[int]
) -> None:
    rows = sort(banker, CODES[0], CODES[3], code(77), "123", CODES[0].lower())
    assert [row.fate for row in rows] == [
        Fate.CLIENT, Fate.NO_CONSENT, Fate.UNKNOWN, Fate.FAULTY, Fate.DUPLICATE,
    ]  # fmt: skip
    assert [row.first_row for row in rows] == [0, 0, 0, 0, 1]
    assert "18" in rows[3].why.en
    assert rows[0].enterprise == clients[0]
    assert not AuditRow.objects.exists()


def test_an_unknown_code_twice_is_a_double_too(banker: Viewer, clients: list[int]) -> None:
    assert [row.fate for row in sort(banker, code(77), code(77))] == [Fate.UNKNOWN, Fate.DUPLICATE]


def test_a_client_is_one_for_the_stage_of_the_consent_only(
    banker: Viewer, clients: list[int]
) -> None:
    assert sort(banker, CODES[0], stage=None)[0].fate == Fate.NO_CONSENT
    other = acting("别家银行（虚构）", "guarantor", "guarantee_officer")
    assert sort(other, CODES[0])[0].fate == Fate.NO_CONSENT


def test_the_code_of_a_merged_enterprise_is_that_of_the_one_that_is_left(
    banker: Viewer, clients: list[int]
) -> None:
    one, two = (enterprise_by_code(each) for each in CODES[:2])
    merge(two.pk, one.pk, by="test", why="the same", at=timezone.now())
    rows = sort(banker, CODES[0], CODES[1])
    assert [(row.fate, row.enterprise) for row in rows] == [
        (Fate.CLIENT, one.pk), (Fate.DUPLICATE, one.pk),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (f"{CODES[0]}\n\n{CODES[1]}\n", [(1, CODES[0]), (3, CODES[1])]),
        (f"{CODES[0]}，{CODES[1]};{CODES[2]}", [(1, each) for each in CODES[:3]]),
        (f"甲（虚构）有限公司\t{CODES[0]}\t100", [(1, CODES[0])]),
        (f"{CODES[0]} 甲（虚构）有限公司", [(1, CODES[0])]),
        ("甲（虚构）有限公司", [(1, "甲（虚构）有限公司")]),
        (f"{CODES[0][:8]} {CODES[0][8:]}", [(1, f"{CODES[0][:8]} {CODES[0][8:]}")]),
        (f"{CODES[0]} 123", [(1, CODES[0]), (1, "123")]),
    ],
)
def test_codes_are_found_in_what_people_paste(text: str, found: list[tuple[int, str]]) -> None:
    assert [(entry.row_no, entry.text) for entry in entries_of(text)] == found


def test_a_list_of_too_many_says_where_to_part_it(banker: Viewer) -> None:
    rows = [files.ListedRow(number, "x", Fate.CLIENT, "x", number) for number in range(2, 2 + 501)]
    with pytest.raises(files.BatchTooLarge, match="from row 502 on"):
        files.to_ask(rows)
    assert len(files.to_ask(rows[:500])) == 500


def test_names_that_a_list_shows_leave_a_row_like_a_search(
    banker: Viewer, clients: list[int]
) -> None:
    files.log_listed(banker, sort(banker, "123", code(77)))
    assert not AuditRow.objects.exists()
    files.log_listed(banker, sort(banker, CODES[0]))
    (row,) = AuditRow.objects.all()
    assert (row.service, row.enterprises, row.outcome) == ("search", [], "released")
