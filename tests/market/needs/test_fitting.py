"""Whom a product fits: a figure by the rule of counts, names under a consent in force only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.market.needs.cast import person
from tests.profiles import city
from xinrong.accounts.services import PUBLIC, Viewer
from xinrong.market.errors import MarketRefused
from xinrong.market.matching.batch import fits_of_all
from xinrong.market.needs.fitting import may_count_fits
from xinrong.market.services import needs, shelf_on
from xinrong.profiles.services import columns
from xinrong.trust.models import AuditRow, Consent
from xinrong.trust.services import Stage, grant_consent, revoke_consent

pytestmark = pytest.mark.django_db
REGION = "taizhou"
FIRMS = range(1, 41)


def bank(reference: str, name: str = "bank") -> Viewer:
    return person(name, "bank", "loan_officer", reference)


def consents(to: Viewer, *firms: int) -> None:
    assert to.organisation_id is not None
    now = timezone.now()
    names = sorted({one.category for one in columns().values()})
    for firm in firms:
        grant_consent(
            firm, to.organisation_id, names, list(Stage), now=now,
            valid_until=now + timedelta(days=30), max_level=4,
        )  # fmt: skip


def test_a_figure_is_in_tens_the_same_each_time_and_logged_where_not_everybody_may_learn_it(
    profiled: Any,
) -> None:
    every = fits_of_all(REGION)
    name = max(every, key=lambda one: one.yes).offered.product.id
    auditor = person("auditor", "regulator", "auditor")
    rows = AuditRow.objects.count()
    found = needs.fits_figure(auditor, REGION, name)
    assert found is not None
    assert found.figure is None or (found.figure % 10 == 0 and found.figure >= 10)
    assert needs.fits_figure(auditor, REGION, name) == needs.FitFigure(
        found.as_of, found.figure, (found.audit_id or 0) + 1
    )
    assert AuditRow.objects.count() == rows + 2
    few = next(one for one in every if one.yes < 10)
    told = needs.fits_figure(auditor, REGION, few.offered.product.id)
    assert told is not None
    assert told.figure is None


def test_the_public_learns_figures_of_open_columns_only(profiled: Any) -> None:
    shelf = shelf_on(REGION, city.UNTIL)
    open_ = [one for one in shelf.offered if may_count_fits(PUBLIC, one)]
    closed = [one for one in shelf.offered if not may_count_fits(PUBLIC, one)]
    assert closed, "some products ask about what is shared under consent"
    rows = AuditRow.objects.count()
    assert needs.fits_figure(PUBLIC, REGION, closed[0].product.id) is None
    for one in open_[:3]:
        assert needs.fits_figure(PUBLIC, REGION, one.product.id) is not None
    assert AuditRow.objects.count() == rows, "what is published is nobody's look"
    assert needs.fits_figure(PUBLIC, REGION, "no_such_product") is None


def test_names_are_those_of_consents_in_force_to_the_products_own_lender(profiled: Any) -> None:
    best = max(fits_of_all(REGION), key=lambda one: one.yes)
    name, now = best.offered.product.id, timezone.now()
    own, other = bank(best.offered.lender.id), bank("another_bank", "other")

    def names(who: Viewer, start: int = 0) -> needs.FitNames:
        return needs.fit_names(who, REGION, name, start=start, now=now, as_of=city.UNTIL)

    assert names(own) == needs.FitNames((), 0, 0, 0, 0)
    consents(other, *FIRMS)
    assert names(own).clients == 0, "a consent to another bank is none"
    with pytest.raises(MarketRefused, match="own loan officers"):
        names(other)
    consents(own, *FIRMS)
    now = timezone.now()
    rows = AuditRow.objects.count()
    first = names(own)
    assert (first.clients, first.asked, first.next) == (40, needs.AT_ONCE, needs.AT_ONCE)
    assert AuditRow.objects.count() == rows + needs.AT_ONCE, "each look is logged"
    rest = names(own, first.next)
    assert rest.next == 0
    found = {code for code, _ in (*first.admitted, *rest.admitted)}
    assert len(found) == best.yes
    gone = next(number for number in FIRMS if city.code(number) in found)
    for one in Consent.objects.filter(grantor=gone):
        revoke_consent(one.pk, grantor=gone, now=timezone.now())
    now = timezone.now()
    again = {code for part in (names(own), names(own, 20)) for code, _ in part.admitted}
    assert again == found - {city.code(gone)}


@pytest.mark.parametrize(
    ("kind", "role"), [("department", "data_officer"), ("operator", "operator"), ("", "")]
)
def test_nobody_else_learns_names(db: None, taizhou: None, kind: str, role: str) -> None:
    name = shelf_on(REGION, city.UNTIL).offered[0].product.id
    reference = "taxation" if kind == "department" else ""
    who = person("x", kind, role, reference)
    with pytest.raises(MarketRefused, match="own loan officers"):
        needs.fit_names(who, REGION, name, now=timezone.now(), as_of=city.UNTIL)
