"""Who needs finance, who has it, who never had: exact inside, behind the floor outside."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.profiles import city
from xinrong.accounts.services import PUBLIC, Viewer, create_organisation, create_person, viewer_of
from xinrong.profiles.classes import publishing
from xinrong.profiles.classes.assigning import primary_class
from xinrong.profiles.classes.errors import ClassesRefused
from xinrong.profiles.classes.financing import (
    Amounts,
    Facts,
    MonthFacts,
    counts,
    facts,
    figures,
    months_until,
)
from xinrong.profiles.classes.publishing import FinancingAsk, _Made, can_monitor, money
from xinrong.profiles.expressions import AGGREGATES
from xinrong.profiles.reading import profile_of
from xinrong.profiles.services import build_profile
from xinrong.store.services import snapshot
from xinrong.trust.models import AuditRow

UNTIL = city.UNTIL


@pytest.fixture
def built(divided: dict[str, Any]) -> None:
    build_profile(city.NOW, UNTIL)


@pytest.fixture
def auditor(built: None) -> Viewer:
    made = create_organisation("监管局（虚构）", "regulator")
    person = create_person(
        "audit@example.cn", "a long enough passphrase 7", name="x", organisation=made,
        role="auditor",
    )  # fmt: skip
    return viewer_of(person)


def test_every_figure_has_a_definition_and_aggregates() -> None:
    from sqlglot import parse_one

    for one in figures().values():
        assert one.definition.zh
        assert one.definition.en
        assert any(True for _ in parse_one(one.sql, dialect="duckdb").find_all(*AGGREGATES))


@pytest.mark.django_db
def test_the_figures_are_those_of_the_enterprises_one_by_one(built: None) -> None:
    found = facts()
    expected: Counter[tuple[str, str]] = Counter()
    with snapshot() as snap:
        for number in range(1, 41):
            stands = primary_class(number, UNTIL, snap=snap).primary
            if stands == "outside":
                continue
            row = profile_of(number, snap, UNTIL).values
            expected[stands, "enterprises"] += 1
            told = row["need_told_12m"]
            needs = bool(told or row["loan_new_12m"])
            need = "need" if needs else "need_unknown" if told is None else "no_need"
            expected[stands, need] += 1
            loans = "loans_before"
            if row["loan_history_days"] is None:
                loans = "never"
            elif row["loan_active_count"]:
                loans = "loans_now"
            expected[stands, loans] += 1
            expected[stands, "unmet"] += needs and loans != "loans_now"
    summed: Counter[tuple[str, str]] = Counter()
    for (name, _district, _section), cell in found.cells.items():
        for figure, count in zip(counts(), cell, strict=True):
            summed[name, figure] += count
    assert +summed == +expected
    assert len({figure for _, figure in +summed}) >= 6


@pytest.mark.django_db
def test_months_count_loans_as_they_ran(built: None, divided: dict[str, Any]) -> None:
    loans = divided["loan"].to_pylist()
    found = facts().months
    outside = set()
    with snapshot() as snap:
        for number in range(1, 41):
            if primary_class(number, UNTIL, snap=snap).primary == "outside":
                outside.add(number)
    for first, last in months_until(UNTIL):
        mine = [one for one in loans if one["subject"] not in outside]
        running = {
            one["subject"] for one in mine
            if one["event_date"] <= last and (one["n1"] > 0 or one["end_date"] > last)
        }  # fmt: skip
        lent = {one["subject"] for one in mine if first <= one["event_date"] <= last}
        told = found.get((first, ""), MonthFacts(0, 0, 0))
        assert (told.running, told.lent) == (len(running), len(lent)), first
        assert told.first <= told.lent
    assert sum(one.first for (_, name), one in found.items() if not name) > 0


@pytest.mark.django_db
def test_a_lender_that_asks_for_consent_shows_a_need(built: None) -> None:
    from xinrong.trust.services import consenting

    before = facts()
    bank = create_organisation("海丰银行（虚构）", "bank")
    with snapshot() as snap:
        quiet = next(
            number for number in range(1, 41)
            if profile_of(number, snap, UNTIL).values["need_told_12m"] is None
            and not profile_of(number, snap, UNTIL).values["loan_new_12m"]
            and primary_class(number, UNTIL, snap=snap).primary != "outside"
        )  # fmt: skip
    asked = datetime(2026, 9, 1, tzinfo=UTC)
    consenting.ConsentRequest.objects.create(
        number="SQ1", grantor_id=quiet, grantee=bank, purpose="credit", template="credit",
        template_version=1, data_from=date(2025, 1, 1), days=30, keep_days=30, state="asked",
        asked_at=asked, answer_by=asked,
    )  # fmt: skip

    def total(found: Facts, figure: str) -> int:
        return sum(cell[counts().index(figure)] for cell in found.cells.values())

    after = facts()
    assert total(after, "need") == total(before, "need") + 1
    assert total(after, "need_unknown") == total(before, "need_unknown") - 1


# -- what is shown ------------------------------------------------------------------------------


def made(count: int, name: str = "in_park", ask: FinancingAsk | None = None) -> _Made:
    cell = tuple([count] * len(counts()))
    place = (name, "椒江区", "C")
    found = Facts(
        UNTIL, 7, {place: cell}, {place: count}, {name: Amounts(123_456_789.0, 4.567, count,
        count, 1_000_000.0)}, {(date(2026, 10, 1), name): MonthFacts(count, count, count)},
    )  # fmt: skip
    return _Made(found, ask or FinancingAsk())


@pytest.mark.parametrize("count", [0, 1, 9])
def test_fewer_than_ten_are_never_shown(count: int, taizhou: None) -> None:
    content = made(count, ask=FinancingAsk(name="in_park")).content()
    lines = [*content["classes"], content["total"], *content["districts"], *content["sections"]]
    assert {one for line in lines for one in line.figures.values()} == {None}
    assert {line.also for line in lines} == {None}
    assert {(m.running, m.lent, m.first) for m in content["months"]} == {(None, None, None)}


def test_what_is_shown_is_in_tens_and_the_same_when_asked_again(taizhou: None) -> None:
    different = 0
    for count in (237, 238, 337, 437, 537, 637):
        first, again = made(count).content(), made(count).content()
        assert first == again
        figures_of = [one for line in first["classes"] for one in line.figures.values() if one]
        assert figures_of
        assert all(one % 10 == 0 and abs(one - count) <= 40 for one in figures_of)
        different += len(set(figures_of)) > 1
    assert different, "each figure has an amount of its own, though by chance they may agree"


def test_money_is_told_of_whole_classes_only(taizhou: None) -> None:
    whole = {one.key: one for one in made(237).content()["classes"]}["in_park"]
    assert (whole.balance, whole.rate) == (120_000_000, 4.6)
    for ask in (FinancingAsk(district="椒江区"), FinancingAsk(section="C")):
        content = made(237, ask=ask).content()
        lines = [*content["classes"], content["total"]]
        assert {(one.balance, one.rate) for one in lines} == {(None, None)}


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (Amounts(100.0, 4.44, 50, 50, 50.0), (100, 4.4)),
        (Amounts(100.0, 4.44, 50, 50, 50.5), (None, None)),  # one has over half
        (Amounts(100.0, 4.44, 49, 49, 10.0), (None, None)),  # too few
        (Amounts(100.0, 4.44, 80, 49, 10.0), (100, None)),  # too few with a rate
        (Amounts(100.0, None, 80, 0, 10.0), (100, None)),
        (None, (None, None)),
    ],
)
def test_money_of_few_or_of_one_is_not_told(
    amounts: Amounts | None, expected: tuple[int | None, float | None]
) -> None:
    assert money(amounts) == expected


MANY = Amounts(1_000.0, 4.0, 200, 200, 20.0)


@pytest.mark.parametrize(
    ("hidden", "safe"),
    [
        ((), True),
        ((Amounts(0.0, None, 0, 0, 0.0),), True),  # nobody borrows there
        ((Amounts(500.0, 4.0, 1, 1, 500.0),), False),  # the one large enterprise
        ((Amounts(500.0, 4.0, 49, 49, 20.0),), False),  # too few
        ((Amounts(500.0, 4.0, 30, 30, 20.0), Amounts(90.0, 4.0, 20, 20, 9.0)), True),
        ((Amounts(500.0, 4.0, 30, 30, 400.0), Amounts(90.0, 4.0, 20, 20, 9.0)), False),
    ],
)
def test_no_balance_that_is_not_told_can_be_had_by_subtraction(
    hidden: tuple[Amounts, ...], safe: bool
) -> None:
    amounts = {"": MANY, "none": MANY} | {f"c{n}": one for n, one in enumerate(hidden)}
    assert publishing.rest_is_safe(amounts) is safe


# -- who may see it -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "role", "may"),
    [
        ("regulator", "auditor", True),
        ("bank", "loan_officer", False),
        ("department", "data_officer", False),
        ("operator", "operator", False),
    ],
)
def test_only_oversight_may_learn_of_loans_in_aggregate(
    taizhou: None, kind: str, role: str, may: bool
) -> None:
    reference = "economy" if kind == "department" else ""
    institution = create_organisation("机构（虚构）", kind, reference=reference)
    person = create_person(
        "who@example.cn", "a long enough passphrase 7", name="x",
        organisation=institution, role=role,
    )  # fmt: skip
    assert can_monitor(viewer_of(person)) is may
    assert not can_monitor(PUBLIC)


@pytest.mark.django_db(transaction=True)
def test_every_look_is_a_row_and_what_there_is_not_is_refused(auditor: Viewer) -> None:
    told = publishing.financing(auditor, FinancingAsk())
    row = AuditRow.objects.get(pk=told.audit_id)
    assert (row.service, row.purpose, row.enterprises) == ("count", "oversight", [])
    assert [one.key for one in told.classes][-2:] == ["none", "cannot_tell"]
    assert len(told.months) == 24
    for wrong in (FinancingAsk(district="火星"), FinancingAsk(section="Ω"), FinancingAsk(name="x")):
        with pytest.raises(ClassesRefused):
            publishing.financing(auditor, wrong)
    with pytest.raises(ClassesRefused, match="may not"):
        publishing.financing(PUBLIC, FinancingAsk())
