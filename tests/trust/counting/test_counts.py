"""Counts through the gate: columns, budget, and the rows they leave."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from tests.files.firm import acting, code, send
from tests.store.rows import row
from xinrong.accounts.services import PUBLIC, Viewer
from xinrong.catalogue.region import load_region
from xinrong.subjects.models import Enterprise
from xinrong.trust.counting import budget, product
from xinrong.trust.counting.drafts import Condition, Draft, near
from xinrong.trust.counting.models import CountDraft
from xinrong.trust.counting.product import Count, Counted
from xinrong.trust.models import AuditRow, AuditSubject
from xinrong.trust.services import Denied, GateFault, Purpose, Release, Service, disclose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
REGION = load_region("taizhou")
CODES = [code(number) for number in range(1, 81)]
HONOURED = Condition("honour")


@pytest.fixture
def firms(settings: Any) -> None:
    """Eighty firms: all are honoured, forty pay 5,000 yuan of tax, five 90,000."""
    settings.REGION = "taizhou"
    names = {each: f"第{n}（虚构）有限公司" for n, each in enumerate(CODES)}
    send("registration", "market_registration", name_of=names, register=True)
    honours = [row(each, 100 + n, 100 + n, code="x", t1="x") for n, each in enumerate(CODES)]
    send("honour", "reform_honours", *honours)
    paid = [500_000] * 40 + [9_000_000] * 5
    taxes = [
        row(each, 200 + n, 200 + n, code="vat", t1="x", amount=fen)
        for n, (each, fen) in enumerate(zip(CODES, paid, strict=False))
    ]
    send("tax_payment", "tax_payments", *taxes)


@pytest.fixture
def auditor() -> Viewer:
    return acting("监管局（虚构）", "regulator", "auditor")


def ask(
    who: Viewer, *conditions: Condition, purpose: Purpose = Purpose.OVERSIGHT, **more: Any
) -> Release:
    product = Count(Draft(frozenset(conditions)), REGION)
    return disclose(who, (), product, Service.COUNT, purpose, **more)


def refused(who: Viewer, *conditions: Condition, **more: Any) -> str:
    with pytest.raises(Denied) as caught:
        ask(who, *conditions, **more)
    assert AuditRow.objects.get(pk=caught.value.audit_id).outcome == "denied"
    return caught.value.code


def taxed(least: int) -> Condition:
    return Condition("tax_payment", "amount", ">=", Decimal(least))


def test_a_regulator_counts_and_the_row_names_nobody(firms: None, auditor: Viewer) -> None:
    release = ask(auditor, HONOURED)
    assert abs(release.content.figure - 80) <= 35
    assert release.content.payload() == {"draft": [["honour"]], "figure": release.content.figure}
    counted = AuditRow.objects.get()
    assert (counted.product, counted.service, counted.purpose) == ("count", "count", "oversight")
    assert counted.enterprises == []
    assert not AuditSubject.objects.exists()


def test_conditions_are_met_together_and_few_are_none(firms: None, auditor: Viewer) -> None:
    assert ask(auditor, HONOURED, taxed(1000)).content.figure < 81
    assert ask(auditor, HONOURED, taxed(80_000)).content.figure is None
    assert ask(auditor, taxed(10_000_000)).content.figure is None


def test_a_draft_is_the_same_in_any_order_and_its_figure_too(firms: None, auditor: Viewer) -> None:
    one = ask(auditor, HONOURED, taxed(1000)).content
    other = ask(auditor, taxed(1000), HONOURED).content
    assert one == other
    assert CountDraft.objects.count() == 1


@pytest.mark.parametrize(
    "condition",
    [
        Condition("bank_account"),  # never shared
        Condition("nowhere"),
        Condition("honour", "nothing"),
        Condition("honour", "title", "LIKE", "x"),
        Condition("tax_payment", "amount", ">", "1 OR 1=1"),
        Condition("tax_payment", "amount", ">", "NaN"),
        Condition("tax_payment", "paid_on", ">", "yesterday"),
    ],
)
def test_what_may_not_be_learned_or_is_no_condition_is_refused(
    firms: None, auditor: Viewer, condition: Condition
) -> None:
    assert refused(auditor, condition) == "denied_column"
    assert not CountDraft.objects.exists()


def test_text_in_a_condition_is_a_value_and_never_sql(firms: None, auditor: Viewer) -> None:
    text = REGION.contracts["tax_payment"].fields
    name = next(one.name for one in text if one.type == "text" and one.level <= 4)
    hostile = Condition("tax_payment", name, "=", "x' OR '1'='1")
    assert ask(auditor, hostile).content.figure is None


def test_a_bank_learns_less_in_aggregate_than_a_regulator(firms: None) -> None:
    bank = acting("海丰银行（虚构）", "bank", "loan_officer")
    assert REGION.contracts["tax_payment"].field("amount").level == 4
    from xinrong.trust.services import Stage

    asked = {"purpose": Purpose.CREDIT, "stage": Stage.PRE_LOAN}
    assert refused(bank, taxed(1000), **asked) == "denied_column"
    assert isinstance(ask(bank, Condition("tax_payment"), **asked).content, Counted)


def test_nobody_counts_unnamed_or_about_somebody(firms: None, auditor: Viewer) -> None:
    assert refused(PUBLIC, HONOURED, purpose=Purpose.PUBLIC) == "denied_subject"
    product = Count(Draft(frozenset({HONOURED})), REGION)
    with pytest.raises(Denied):
        disclose(
            auditor, [Enterprise.objects.first().pk], product, Service.COUNT, Purpose.OVERSIGHT
        )


# --- the budget ------------------------------------------------------------------------------


def steps(first: int, last: int) -> Iterable[Condition]:
    return (taxed(number) for number in range(first, last))


def test_drafts_that_differ_by_one_condition_draw_on_a_daily_budget(
    firms: None, auditor: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "NEAR_A_DAY", 3)
    for one in steps(1, 5):  # the first is near to none
        ask(auditor, HONOURED, one)
    assert refused(auditor, HONOURED, taxed(9)) == "denied_budget"
    assert refused(auditor, HONOURED) == "denied_budget"
    ask(auditor, HONOURED, taxed(1))  # asked before: the same figure, at no cost
    assert CountDraft.objects.filter(near=True).count() == 3
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        ask(auditor, HONOURED, taxed(9))


def test_another_person_has_a_budget_of_their_own(
    firms: None, auditor: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "NEAR_A_DAY", 0)
    ask(auditor, HONOURED, taxed(1))
    assert refused(auditor, HONOURED) == "denied_budget"
    from xinrong.accounts.models import Organisation
    from xinrong.accounts.services import create_person, viewer_of

    office = Organisation.objects.get(kind="regulator")
    other = create_person(
        "b@x.cn", "a long passphrase 7", name="b", organisation=office, role="auditor"
    )
    assert ask(viewer_of(other), HONOURED).content.figure


def test_all_drafts_of_a_day_are_bounded_too(
    firms: None, auditor: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "DRAFTS_A_DAY", 1)
    ask(auditor, HONOURED)
    assert refused(auditor, taxed(1), taxed(2)) == "denied_budget"


def test_near_is_one_condition_more_less_or_changed() -> None:
    two = [["a"], ["b", "x", "=", "1"]]
    assert near(two, [["a"]])
    assert near(two, [*two, ["c"]])
    assert near(two, [["a"], ["b", "x", "=", "2"]])
    assert not near(two, two)


def test_near_is_the_same_columns_with_other_values() -> None:
    """Two conditions that all meet, varied together, would average the amounts away."""
    padded = [["a"], ["b", "x", ">=", "1"], ["b", "y", "<>", "u"]]
    assert near(padded, [["a"], ["b", "x", ">=", "2"], ["b", "y", "<>", "v"]])
    assert near(padded, [["a"], ["b", "x", ">", "2"], ["c", "z", "<>", "v"]])
    assert not near(padded, [["a"], ["c", "x", ">", "2"], ["c", "z", "<>", "v"]])


def test_near_is_not_what_has_little_in_common() -> None:
    two = [["a"], ["b", "x", "=", "1"]]
    assert not near(two, [["c"], ["d"]])


# --- products that overstep ------------------------------------------------------------------


@pytest.mark.parametrize("figure", [5, 11, -10])
def test_a_figure_that_is_small_or_exact_is_a_fault(
    firms: None, auditor: Viewer, figure: int
) -> None:
    class Exact(Count):
        def read(self, *asked: Any) -> Counted:
            return Counted(self.draft, figure)

    with pytest.raises(GateFault):
        disclose(
            auditor,
            (),
            Exact(Draft(frozenset({HONOURED})), REGION),
            Service.COUNT,
            Purpose.OVERSIGHT,
        )
    assert AuditRow.objects.get().outcome == "failed"
    assert not CountDraft.objects.exists()


def test_a_penalty_past_its_display_period_is_not_counted(
    firms: None, auditor: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    fined = Draft(frozenset({Condition("administrative_penalty")}))
    decided = date(2026, 5, 1)
    lines = [
        row(each, 9000 + n, 9000 + n, category="administrative_penalty", event_date=decided,
            polarity=-1)
        for n, each in enumerate(CODES)
    ]  # fmt: skip
    send("administrative_penalty", "health_penalties", *lines)
    counted = []
    monkeypatch.setattr(product, "figure_of", lambda many, *_: counted.append(many) or 10)
    for day in (date(2029, 5, 1), date(2029, 5, 2)):  # three years end on the first of them
        disclose(auditor, (), Count(fined, REGION, day), Service.COUNT, Purpose.OVERSIGHT)
    assert counted == [80, 0]
