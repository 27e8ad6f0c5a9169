"""Permits that reach some records only, and consents that open once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.db import connection

from tests.trust.support import Held, ask, refused
from xinrong.trust.models import AuditRow, Consent, ConsentUse
from xinrong.trust.services import GateFault, Permits, Purpose, Stage
from xinrong.trust.types import Permit, Piece

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("snapshots")]
FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)


# --- what a permit reaches -------------------------------------------------------------------


def test_a_permit_of_a_period_reaches_its_first_and_its_last_day() -> None:
    permit = Permit("tax", True, 3, data_from=FIRST, data_to=LAST)
    days = [date(2023, 12, 31), FIRST, LAST, date(2025, 1, 1)]
    assert [permit.level_of("", day, day) for day in days] == [0, 3, 3, 0]


def test_a_year_is_reached_when_some_day_of_it_is() -> None:
    permit = Permit("tax", True, 3, data_from=date(2024, 7, 1), data_to=date(2025, 6, 30))
    years = [2023, 2024, 2025, 2026]
    found = [permit.level_of("", date(year, 1, 1), date(year, 12, 31)) for year in years]
    assert found == [0, 3, 3, 0]


def test_what_is_undated_lies_in_no_period() -> None:
    assert Permit("tax", True, 3, data_from=FIRST).level_of("", None, None) == 0
    assert Permit("tax", True, 3, data_to=LAST).level_of("", None, None) == 0
    assert Permit("tax", True, 3).level_of("", None, None) == 3


def test_of_an_open_category_the_rest_is_shown_as_openly_as_to_everybody() -> None:
    permit = Permit("licence", True, 4, department="market_bureau", outside_level=2)
    assert [permit.level_of(who, None, None) for who in ("market_bureau", "other")] == [4, 2]


# --- what the gate makes of it ---------------------------------------------------------------


@dataclass
class Dated(Held):
    """Cells of one day, sent by one department."""

    day: date | None = FIRST
    sender: str = "tax_bureau"

    def pieces(self) -> list[Piece]:
        return [
            Piece(one, name, self.sender, self.day, self.day, frozenset({key}))
            for one, name, key, _ in self.cells
        ]


@dataclass
class Always:
    """A product that gives the same content whatever it was permitted."""

    content: Held
    kind: str = "record"
    saw: list[Permits] = field(default_factory=list)

    def read(self, snapshot: Any, about: Any, permits: Permits) -> Held:
        self.saw.append(permits)
        return self.content


def period(consent: Consent, first: date | None, last: date | None) -> None:
    """Give the consent a period of data."""
    Consent.objects.filter(pk=consent.pk).update(data_from=first, data_to=last)


def of_tax(firm: Any, day: date | None) -> Always:
    return Always(Dated([(firm.pk, "tax", "year", False)], day=day))


def test_a_consent_opens_what_lies_in_its_period_of_data(firms, people, region, consent):
    period(consent, FIRST, LAST)
    product = of_tax(firms[0], LAST)
    ask(people.lender, firms[0], product, Purpose.CREDIT, Stage.PRE_LOAN)
    permit = product.saw[0].permit(firms[0].pk, "tax")
    assert (permit.data_from, permit.data_to, permit.outside_level) == (FIRST, LAST, 0)


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2025, 1, 1), None])
def test_a_record_outside_the_period_of_data_is_a_fault(firms, people, region, consent, day):
    period(consent, FIRST, LAST)
    with pytest.raises(GateFault):
        ask(people.lender, firms[0], of_tax(firms[0], day), Purpose.CREDIT, Stage.PRE_LOAN)
    assert AuditRow.objects.get().outcome == "failed"


def test_a_department_is_shown_its_own_records_and_not_those_of_another(firms, people, region):
    mine = Always(Dated([(firms[0].pk, "tax", "account", False)]))
    ask(people.tax_officer, firms[0], mine, Purpose.SUPERVISION)
    others = Always(Dated([(firms[0].pk, "tax", "year", False)], sender="market_bureau"))
    with pytest.raises(GateFault):
        ask(people.tax_officer, firms[0], others, Purpose.SUPERVISION)


# --- one-time consents -----------------------------------------------------------------------


@pytest.fixture
def once(consent: Consent) -> Consent:
    """The consent opens once."""
    Consent.objects.filter(pk=consent.pk).update(one_time=True)
    return consent


def sees_tax(people: Any, firm: Any, everything: Any) -> bool:
    release = ask(people.lender, firm, everything, Purpose.CREDIT, Stage.PRE_LOAN)
    return "tax" in {name for _, name, _ in release.content.shown_fields()}


def test_a_one_time_consent_opens_once(firms, people, everything, once):
    assert sees_tax(people, firms[0], everything)
    use = ConsentUse.objects.get()
    assert (use.consent_id, use.row_id) == (once.pk, AuditRow.objects.get().pk)
    assert not sees_tax(people, firms[0], everything)


def test_a_release_that_does_not_rest_on_it_leaves_it_unused(firms, people, region, once):
    open_only = Always(Held([(firms[0].pk, "licence", "number", False)]))
    ask(people.lender, firms[0], open_only, Purpose.CREDIT, Stage.PRE_LOAN)
    assert not ConsentUse.objects.exists()


def test_a_release_that_fails_leaves_it_unused(firms, people, region, once):
    with pytest.raises(GateFault):
        ask(
            people.lender,
            firms[0],
            Always(Held([(firms[0].pk, "tax", "identity", False)])),
            Purpose.CREDIT,
            Stage.PRE_LOAN,
        )
    assert not ConsentUse.objects.exists()


def test_of_two_that_read_under_it_at_once_the_first_to_finish_wins(
    firms, people, everything, once
):
    class Slow(type(everything)):
        def read(self, snapshot: Any, about: Any, permits: Any) -> Held:
            assert sees_tax(people, firms[0], everything)
            return super().read(snapshot, about, permits)

    slow = Slow(everything.region)
    answer = refused(people.lender, firms[0], slow, Purpose.CREDIT, Stage.PRE_LOAN)
    assert answer == "denied_used"
    assert ConsentUse.objects.count() == 1


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL: row locks")
def test_of_two_that_commit_at_once_one_waits_and_loses(
    transactional_db, firms, people, everything, once
):
    import threading

    barrier, answers = threading.Barrier(4), []

    class Together(type(everything)):
        def read(self, snapshot: Any, about: Any, permits: Any) -> Held:
            barrier.wait(10)
            return super().read(snapshot, about, permits)

    def query() -> None:
        from xinrong.trust.services import Denied

        try:
            ask(
                people.lender, firms[0], Together(everything.region), Purpose.CREDIT, Stage.PRE_LOAN
            )
            answers.append("released")
        except Denied as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=query) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["denied_used"] * 3 + ["released"]
    assert ConsentUse.objects.count() == 1
