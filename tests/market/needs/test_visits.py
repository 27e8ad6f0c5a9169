"""What is written down on visits is a draft until the enterprise confirms it; no row is lost."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from xlsxwriter import Workbook

from tests.market.needs.cast import ANSWERS, FIRM, NOW, OTHER, person, representative
from tests.profiles import city
from xinrong.accounts.services import Viewer
from xinrong.collect.services import FileError
from xinrong.domain.financing import NeedRefused
from xinrong.market.errors import MarketRefused
from xinrong.market.needs.forms import COLUMNS
from xinrong.market.services import needs
from xinrong.subjects.services import UnknownEnterprise

HEADINGS = [one.heading for one in COLUMNS]


@pytest.fixture
def firms(db: None, taizhou: None) -> None:
    city.make_enterprises([FIRM, OTHER])


def officer(name: str = "officer", kind: str = "department") -> Viewer:
    role = {"department": "data_officer", "adviser": "adviser", "operator": "operator"}[kind]
    return person(name, kind, role, "taxation" if kind == "department" else "")


def refused(code: str) -> Any:
    return pytest.raises(MarketRefused, check=lambda error: error.code == code)


def csv_of(*rows: list[str], headings: list[str] = HEADINGS) -> bytes:
    return "\n".join(",".join(row) for row in [headings, *rows]).encode("utf-8-sig")


@pytest.mark.parametrize("kind", ["department", "adviser", "operator"])
def test_what_an_officer_writes_down_counts_once_the_enterprise_confirms_it(
    firms: None, kind: str
) -> None:
    who, firm = officer("visitor", kind), representative()
    found = needs.enter(who, city.code(FIRM), ANSWERS, now=NOW)
    assert (found.state, found.entered_by_id, found.waits_for_word) == (
        "draft", who.person_id, True,
    )  # fmt: skip
    assert list(needs.needs_of_enterprise(FIRM)) == []
    with refused("need_role"):  # nobody gives another's word
        needs.state(who, found.number, version=found.version, now=NOW)
    stated = needs.state(firm, found.number, version=found.version, now=NOW)
    assert (stated.stated_by_id, stated.entered_by_id) == (firm.person_id, who.person_id)
    assert list(needs.needs_of_enterprise(FIRM)) == [stated]
    with refused("need_unknown"):  # and from then on it is the enterprise's alone
        needs.withdraw(who, found.number, now=NOW)


def test_the_enterprise_changes_or_withdraws_what_was_written_down_for_it(firms: None) -> None:
    who, firm = officer(), representative()
    found = needs.enter(who, city.code(FIRM), ANSWERS, now=NOW)
    changed = needs.answer(firm, found.number, "amount", {"amount": ["30万"]}, now=NOW)
    assert changed.amount == 30_000_000
    assert needs.withdraw(firm, found.number, now=NOW).state == "withdrawn"


def test_an_officer_takes_back_what_nobody_confirmed_and_sees_the_own_institutions_only(
    firms: None,
) -> None:
    who, other = officer(), officer("adviser", "adviser")
    found = needs.enter(who, city.code(FIRM), ANSWERS, now=NOW)
    assert list(needs.needs_entered(other)) == []
    with refused("need_unknown"):
        needs.withdraw(other, found.number, now=NOW)
    assert needs.withdraw(who, found.number, now=NOW).state == "withdrawn"


@pytest.mark.parametrize(
    ("kind", "role"), [("bank", "loan_officer"), ("regulator", "auditor"), ("", "")]
)
def test_nobody_else_writes_needs_down(firms: None, kind: str, role: str) -> None:
    with refused("need_role"):
        needs.enter(person("x", kind, role), city.code(FIRM), ANSWERS, now=NOW)


def test_the_same_need_is_written_down_once_in_thirty_days(firms: None) -> None:
    who = officer()
    needs.enter(who, city.code(FIRM), ANSWERS, now=NOW)
    with refused("need_entered"):
        needs.enter(who, city.code(FIRM), ANSWERS, now=NOW + timedelta(days=29))
    needs.enter(who, city.code(OTHER), ANSWERS, now=NOW)
    needs.enter(who, city.code(FIRM), ANSWERS, now=NOW + timedelta(days=31))
    elsewhere = officer("adviser", "adviser")  # who does not learn of it by being refused
    needs.enter(elsewhere, city.code(FIRM), ANSWERS, now=NOW)


def test_needs_that_wait_for_one_enterprise_are_few(firms: None) -> None:
    who = officer()
    for months in range(1, needs.MOST_WAITING + 1):
        needs.enter(who, city.code(FIRM), {**ANSWERS, "months": [str(months)]}, now=NOW)
    with refused("needs_many"):
        needs.enter(who, city.code(FIRM), ANSWERS | {"months": ["99"]}, now=NOW)


def test_what_is_missing_or_cannot_be_read_is_refused(firms: None) -> None:
    who = officer()
    with pytest.raises(UnknownEnterprise):
        needs.enter(who, city.code(99), ANSWERS, now=NOW)
    for name in ANSWERS:
        with pytest.raises(NeedRefused) as error:
            needs.enter(who, city.code(FIRM), {**ANSWERS, name: [" "]}, now=NOW)
        assert error.value.place.field == name
    assert not needs.StatedNeed.objects.exists()


def test_every_row_of_a_form_is_accepted_held_back_or_a_duplicate(firms: None) -> None:
    who = officer()
    needs.enter(who, city.code(OTHER), ANSWERS, now=NOW)
    firm = city.code(FIRM)
    rows = [
        [firm, "50万", "备货进料", "12", "不动产抵押；保证人担保", "4.5", "是", "椒江区", "旺季"],
        [firm, "500000", "stock", "12", "", "", "", "", ""],  # the same need in other words
        [city.code(OTHER), "500000", "stock", "12", "", "", "", "", ""],  # entered before
        [firm, "五十万", "stock", "12", "", "", "", "", ""],
        [firm, "50万", "游艇", "12", "", "", "", "", ""],
        [firm, "50万", "stock", "12", "kidney", "", "", "", ""],
        [firm, "50万", "stock", "12", "", "", "maybe", "", ""],
        [firm, "50万", "stock", "12", "", "", "", "火星", ""],
        [firm, "1000000000000", "stock", "12", "", "", "", "", ""],
        ["123", "50万", "stock", "12", "", "", "", "", ""],
        [firm, "", "", "", "", "", "", "", "只有说明"],
        [firm, "8万", "equipment", "24", "无", "", "否", "", "=1+1"],
    ]  # fmt: skip
    found = needs.read_form(who, "visits.csv", csv_of(*rows), now=NOW)
    assert found.rows_in == len(rows)
    assert [one.row_no for one in found.accepted] == [2, 13]
    assert [one.row_no for one in found.duplicates] == [3, 4]
    assert {one.row_no: one.heading.rsplit(" ", 1)[-1] for one in found.held} == {
        5: "amount", 6: "purpose", 7: "offers", 8: "first_time", 9: "area", 10: "amount",
        11: "code", 12: "amount",
    }  # fmt: skip
    assert all(one.words.zh and one.words.en for one in found.held)
    assert needs.StatedNeed.objects.count() == 1, "reading enters nothing"
    made, held = needs.enter_form(who, found.accepted, reference="form", now=NOW)
    assert (len(made), held) == (2, [])
    assert (made[0].area, made[0].offers, made[0].first_time) == (
        "331002", ["guarantor", "property"], True,
    )  # fmt: skip
    again, held = needs.enter_form(who, found.accepted, reference="form", now=NOW)
    assert (again, [one.row_no for one in held]) == ([], [2, 13]), "sent twice, entered once"


def test_the_form_that_is_given_out_is_read_as_it_is_and_with_numbers_in_its_cells(
    firms: None,
) -> None:
    who = officer()
    assert needs.read_form(who, "visits.xlsx", needs.write_form(), now=NOW).rows_in == 0
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, [city.code(FIRM), 500_000, "备货进料", 12, "", 4.5])
    found = needs.read_form(who, "visits.xlsx", out.getvalue(), now=NOW)
    assert found.held == ()
    assert [(one.enterprise, found.rows_in) for one in found.accepted] == [(FIRM, 1)]


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02", b"%PDF-1.7", b"a,b,c\n1,2,3\n", "金额\n1\n".encode(), b"PK\x03\x04zip"],
)
def test_what_is_no_such_form_is_refused_whole(firms: None, content: bytes) -> None:
    with pytest.raises(FileError) as error:
        needs.read_form(officer(), "visits.xlsx", content, now=NOW)
    assert error.value.words.zh


def test_a_form_with_more_rows_than_it_may_have_is_refused(firms: None) -> None:
    row = [city.code(FIRM), "50万", "stock", "12", "", "", "", "", ""]
    with pytest.raises(FileError) as error:
        needs.read_form(officer(), "visits.csv", csv_of(*[row] * (needs.MOST_ROWS + 1)), now=NOW)
    assert error.value.code == "table_too_long"
