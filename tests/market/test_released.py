"""A match leaves through the gate only, made of what the viewer may see and of nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from tests.profiles import city
from xinrong.accounts.services import PUBLIC, Viewer, create_organisation, create_person, viewer_of
from xinrong.domain.clock import SystemClock
from xinrong.domain.criteria import MissingReason
from xinrong.domain.financing import Need, NeedPurpose, Security
from xinrong.files import services as files
from xinrong.market.errors import MarketRefused
from xinrong.market.matching.shelf import shelf_on
from xinrong.market.models import ApprovalDay
from xinrong.market.released import Matches, match_of
from xinrong.profiles.services import columns
from xinrong.trust.models import AuditRow
from xinrong.trust.services import Denied, Purpose, Stage, grant_consent

pytestmark = pytest.mark.django_db
FIRM = 5
NEED = Need(
    Decimal(100_000), 12, NeedPurpose.WORKING_CAPITAL, frozenset({Security.FUND}), first_time=True
)


def person(kind: str, role: str, **more: Any) -> Viewer:
    made = create_organisation(f"{kind}（虚构）", kind, **more)
    return viewer_of(
        create_person(f"{role}@example.cn", "a long enough passphrase 7", name="x",
                      organisation=made, role=role)
    )  # fmt: skip


def consent(bank: Viewer, level: int) -> None:
    assert bank.organisation_id is not None
    names = sorted({one.category for one in columns().values()})
    now = timezone.now()
    grant_consent(
        FIRM, bank.organisation_id, names, list(Stage), now=now,
        valid_until=now + timedelta(days=30), max_level=level,
    )  # fmt: skip


def asked(who: Viewer, purpose: Purpose = Purpose.CREDIT) -> Any:
    stage = Stage.PRE_LOAN if purpose is Purpose.CREDIT else None
    return match_of(who, FIRM, NEED, purpose, stage, as_of=city.UNTIL)


def test_without_a_consent_nobody_matches_a_named_enterprise(filled: Any) -> None:
    bank = person("bank", "loan_officer")
    for who, purpose in ((bank, Purpose.CREDIT), (PUBLIC, Purpose.PUBLIC), (bank, Purpose.PUBLIC)):
        with pytest.raises(Denied) as refused:
            asked(who, purpose)
        row = AuditRow.objects.get(pk=refused.value.audit_id)
        assert (row.outcome, row.reason) == ("denied", "denied_no_consent")


def test_an_enterprise_matches_itself_from_all_that_is_known(filled: Any) -> None:
    owner = person("enterprise", "representative", reference=city.code(FIRM))
    release = asked(owner, Purpose.SELF)
    found = release.content
    assert found.withheld == 0
    shown = (*found.matched.admitted, *found.matched.open, *found.matched.refused)
    assert len(shown) == len(found.matched.shelf.offered)
    row = AuditRow.objects.get(pk=release.audit_id)
    assert row.product == "reason"
    assert row.parameters == {
        "product": "match", "as_of": city.UNTIL.isoformat(),
        "products": found.matched.shelf.digest, **NEED.told(),
    }  # fmt: skip


def test_what_a_bank_may_not_see_is_missing_for_that_reason(filled: Any) -> None:
    bank = person("bank", "loan_officer")
    consent(bank, 3)
    release = asked(bank)
    found = release.content
    assert found.withheld > 0
    shown = {one.name for one in found.basis.shown}
    assert "od_open_count" not in shown, "loans overdue are of level 4"
    missing = {
        one.column.name: one.reason for fit in found.matched.open for one in fit.explanation.missing
    }
    assert missing["od_open_count"] is MissingReason.WITHHELD
    assert all(columns()[name].level <= 3 for name in shown)
    drawn = {category for _, category in found.drawn_from()}
    assert set(AuditRow.objects.get(pk=release.audit_id).released) == drawn


def test_a_query_is_made_again_for_an_auditor(filled: Any) -> None:
    owner = person("enterprise", "representative", reference=city.code(FIRM))
    number = asked(owner, Purpose.SELF).audit_id
    auditor = person("regulator", "auditor")
    again = files.reproduce(auditor, number, clock=SystemClock())
    assert again.verdict == "same"


def test_a_match_is_made_again_with_the_chances_of_then(filled: Any) -> None:
    def counted(day: date, offered: int) -> None:
        figures = {one.product.id: [40, offered] for one in shelf.offered}
        ApprovalDay.objects.create(
            day=day, products=figures, lenders={}, every=[40, offered], made_at=timezone.now()
        )

    shelf = shelf_on("taizhou", city.UNTIL)
    counted(city.UNTIL - timedelta(days=3), 30)
    owner = person("enterprise", "representative", reference=city.code(FIRM))
    release = asked(owner, Purpose.SELF)
    assert {fit.chance and fit.chance.percent for fit in release.content.matched.admitted} <= {75}
    row = AuditRow.objects.get(pk=release.audit_id)
    assert row.parameters is not None
    assert row.parameters["chances"] == (city.UNTIL - timedelta(days=3)).isoformat()
    counted(city.UNTIL, 4)  # what came since stands for later matches only
    auditor = person("regulator", "auditor")
    again = files.reproduce(auditor, release.audit_id, clock=SystemClock())
    assert again.verdict == "same"
    assert asked(owner, Purpose.SELF).content.payload()["chances"]["common"] == 10


def test_other_products_than_those_of_the_query_are_not_put_in_their_place(filled: Any) -> None:
    owner = person("enterprise", "representative", reference=city.code(FIRM))
    release = asked(owner, Purpose.SELF)
    row = AuditRow.objects.get(pk=release.audit_id)
    old = Matches(Need.read(row.parameters), city.UNTIL, "another digest")
    with pytest.raises(MarketRefused) as refused:
        old.read(None, (FIRM,), None)  # type: ignore[arg-type]
    assert refused.value.code == "match_products_unknown"
