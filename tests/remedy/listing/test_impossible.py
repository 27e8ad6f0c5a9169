"""What must not be cannot be stored: the database refuses it, whoever writes and however."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.profiles import city
from tests.remedy.listing.conftest import NOW
from xinrong.accounts.services import create_organisation
from xinrong.catalogue.lists import ALWAYS
from xinrong.remedy.listing.catalogue import book, sync

FIRST = date(2026, 11, 2)
ENTRY = {
    "list": "malicious_arrears", "edition": 1, "case": "a" * 32, "enterprise_id": 1,
    "department": "human_resources", "ground": "wages", "basis_category": "wage_arrears",
    "basis_key": 11, "basis_subject": 1, "responsible": "[]", "state": "entered",
    "noticed_on": FIRST, "statement_until": FIRST + timedelta(7),
    "decided_on": FIRST + timedelta(8), "shown_until": FIRST + timedelta(800),
    "last_exit": "expired", "ended_on": None, "ended_by": None, "live": 1,
}  # fmt: skip
MEASURE = {
    "list": "malicious_arrears", "measure": "no_subsidy", "catalogue": "zhejiang-2018",
    "department": "finance", "why": "x", "state": "applied", "live": 1,
    "entered_on": FIRST + timedelta(8), "entry_until": FIRST + timedelta(800),
    "from_on": FIRST + timedelta(9), "until_on": FIRST + timedelta(800), "effect": "",
    "ended_why": "", "ended_on": None,
}  # fmt: skip


@pytest.fixture
def lists(db: None, taizhou: None) -> int:
    """The catalogue's rows, an enterprise and an organisation; the organisation's id."""
    city.make_enterprises(range(1, 3))
    sync(NOW)
    return int(create_organisation("人社（虚构）", "department", reference="human_resources").pk)


def insert(table: str, row: Mapping[str, Any]) -> int:
    """One row, past every line of our own, and what is only checked when a transaction ends."""
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
    sql = f"INSERT INTO remedy_{table} ({names}) VALUES ({marks}) RETURNING id"
    with connection.cursor() as cursor:
        cursor.execute(sql, list(row.values()))
        number = cursor.fetchone()[0]
    connection.check_constraints()
    return int(number)


def entry(lists: int, **change: Any) -> int:
    return insert("listentry", {**ENTRY, "organisation_id": lists, **change})


def measure(lists: int, on: int | None, **change: Any) -> int:
    return insert("appliedmeasure", {**MEASURE, "organisation_id": lists, "entry_id": on, **change})


def refused(action: Any, *args: Any, **change: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        action(*args, **change)


NO_ENTRY = {
    "no list": {"list": None}, "a list that there is not": {"list": "no_list"},
    "a version that there is not": {"edition": 2},
    "no basis": {"basis_key": None}, "no basis record's subject": {"basis_subject": None},
    "no category": {"basis_category": None},
    "a basis of another category": {"basis_category": "tax_arrears"},
    "no ground": {"ground": None}, "the ground of another list": {"ground": "arrears"},
    "a department that may not": {"department": "tax"}, "no department": {"department": None},
    "no notice": {"noticed_on": None}, "no time for a statement": {"statement_until": None},
    "a time that ends before it begins": {"statement_until": FIRST - timedelta(1)},
    "a time of no day": {"statement_until": FIRST},
    "decided within it": {"decided_on": FIRST + timedelta(7)},
    "decided before the notice": {"decided_on": FIRST - timedelta(1)},
    "undecided and on the list": {"decided_on": None},
    "no last day": {"shown_until": None},
    "a last day before the first": {"shown_until": FIRST + timedelta(8)},
    "no way off": {"last_exit": None}, "a way off that the list lacks": {"last_exit": "disqualified"},
    "standing and not live": {"live": None}, "live and dropped": {"state": "dropped"},
    "live twice": {"live": 2},
    "an unknown state": {"state": "listed"},
    "ended without a day": {"state": "ended", "live": None},
    "ended without a way": {"state": "ended", "live": None, "ended_on": FIRST + timedelta(9)},
    "ended by a way that the list lacks": {
        "state": "ended", "live": None, "ended_on": FIRST + timedelta(9),
        "ended_by": "disqualified",
    },
    "ended before it began": {
        "state": "ended", "live": None, "ended_on": FIRST, "ended_by": "revoked",
    },
    "ended and standing": {"ended_on": FIRST + timedelta(9), "ended_by": "revoked"},
    "of no enterprise": {"enterprise_id": 999}, "of no case": {"case": None},
}  # fmt: skip
NO_MEASURE = {
    "no entry": {"on": None}, "an entry that there is not": {"on": 999_999},
    "the list of another entry": {"list": "tax_breach"},
    "a measure that the catalogue lacks": {"measure": "no_flights"},
    "a reward on a black list": {"measure": "fast_lane"},
    "an edition that does not name it": {"catalogue": "national-2099"},
    "a department that it does not name": {"department": "court"},
    "before the entry": {"from_on": FIRST}, "after the entry": {"until_on": FIRST + timedelta(801)},
    "other days than the entry's": {"entry_until": FIRST + timedelta(900)},
    "an end before its beginning": {"until_on": FIRST + timedelta(8)},
    "applied and not live": {"live": None},
    "ended without a day": {"state": "ended", "live": None},
    "an unknown state": {"state": "planned"},
}  # fmt: skip


def test_no_such_entry(lists: int) -> None:
    taken_all_the_same = [what for what, change in NO_ENTRY.items() if taken(entry, lists, change)]
    assert taken_all_the_same == []
    assert taken(entry, lists, {})


def test_no_such_measure(lists: int) -> None:
    on = entry(lists)
    taken_all_the_same = [
        what for what, change in NO_MEASURE.items() if taken(measure, lists, {"on": on, **change})
    ]
    assert taken_all_the_same == []
    assert taken(measure, lists, {"on": on})


def test_no_measure_runs_on_an_entry_that_does_not_stand(lists: int) -> None:
    for number, state in enumerate(("noticed", "dropped", "suspended", "ended")):
        over = {"ended_on": FIRST + timedelta(9), "ended_by": "revoked"} if state == "ended" else {}
        open_ = {"decided_on": None} if state == "noticed" else {}
        kept = {} if state in ("suspended", "ended") else {"shown_until": None}
        on = entry(
            lists, case=f"case {number}", enterprise_id=1 + number // 2, state=state, live=None,
            **over, **open_, **kept,
        )  # fmt: skip
        refused(measure, lists, on)


def test_an_entry_does_not_end_or_move_while_a_measure_runs_on_it(lists: int) -> None:
    on = entry(lists)
    made = measure(lists, on)
    for change in (
        "state = 'suspended', live = NULL",
        "state = 'ended', live = NULL, ended_on = '2026-11-20', ended_by = 'revoked'",
        "shown_until = '2027-01-01'",
        "list = 'tax_breach', ground = 'arrears', basis_category = 'tax_arrears'",
    ):
        refused(run, f"UPDATE remedy_listentry SET {change} WHERE id = {on}")
    refused(run, f"DELETE FROM remedy_listentry WHERE id = {on}")
    run(f"UPDATE remedy_appliedmeasure SET state = 'suspended', live = NULL WHERE id = {made}")
    run(f"UPDATE remedy_listentry SET state = 'suspended', live = NULL WHERE id = {on}")


def test_the_catalogue_cannot_lose_what_an_entry_rests_on(lists: int) -> None:
    measure(lists, entry(lists))
    for table in ("listground", "listexit", "listdepartment", "listedition", "listmeasure"):
        refused(run, f"DELETE FROM remedy_{table} WHERE list = 'malicious_arrears'")


def test_two_of_one_enterprise_on_a_list(lists: int) -> None:
    entry(lists)
    refused(entry, lists, case="b" * 32, state="noticed", live=None, decided_on=None,
            shown_until=None)  # fmt: skip
    refused(entry, lists)  # the same case again
    entry(lists, case="c" * 32, enterprise_id=2)


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
    connection.check_constraints()


DAYS = st.none() | st.integers(-3, 12).map(lambda number: FIRST + timedelta(number))


@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_is_written_what_stands_is_possible(lists: int, data: st.DataObject) -> None:
    """Rows at random: each is refused, or it is one that the rules in words allow."""
    known = book().lists["malicious_arrears"]
    row = {
        "list": data.draw(st.sampled_from(["malicious_arrears", "tax_breach", "x"])),
        "department": data.draw(st.sampled_from(["human_resources", "tax"])),
        "ground": data.draw(st.sampled_from(["wages", "small_enterprises", "arrears"])),
        "basis_category": data.draw(st.sampled_from(["wage_arrears", "court_judgment"])),
        "state": data.draw(
            st.sampled_from(["noticed", "dropped", "entered", "suspended", "ended"])
        ),
        "live": data.draw(st.sampled_from([None, 1])),
        "ended_by": data.draw(st.sampled_from([None, "revoked", "disqualified"])),
        "last_exit": data.draw(st.sampled_from(["expired", "never"])),
        **{
            name: data.draw(DAYS)
            for name in ("noticed_on", "statement_until", "decided_on", "shown_until", "ended_on")
        },
    }
    if not taken(entry, lists, row):
        return
    ground = known.ground(row["ground"])
    assert row["list"] == known.list
    assert row["department"] in known.departments
    assert ground is not None
    assert ground.category == row["basis_category"]
    assert row["last_exit"] in known.exit_kinds
    assert row["noticed_on"] < row["statement_until"]
    assert (row["live"] == 1) == (row["state"] == "entered")
    if row["state"] in ("entered", "suspended", "ended"):
        assert row["statement_until"] < row["decided_on"] < row["shown_until"]
    if row["state"] == "ended":
        assert row["ended_on"] >= row["decided_on"]
        assert row["ended_by"] in (*known.exit_kinds, *ALWAYS)


def taken(action: Any, lists: int, row: Mapping[str, Any]) -> bool:
    """Whether the database takes such a row; it is out again afterwards."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                action(lists, **row)
        except IntegrityError:
            return False
        transaction.set_rollback(True)
    return True
