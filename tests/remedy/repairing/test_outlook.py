"""From when a record can be repaired, by which rule, and what is not made up."""

from __future__ import annotations

from datetime import date

import pytest

from tests.remedy.repair_support import NOW, TODAY
from tests.remedy.repairing.steps import OLD, PENALTY, refusal
from xinrong.accounts.models import Organisation
from xinrong.catalogue.law_packs import law_for
from xinrong.catalogue.region import load_region
from xinrong.domain.law import Tier
from xinrong.remedy.repairing import outlook
from xinrong.remedy.repairing.law import earliest
from xinrong.remedy.services import repairing


def test_the_list_says_from_when_each_record_can_be_repaired_and_by_which_rule(cast):
    found = {one.name: one for one in repairing.outlooks(cast.firm, now=NOW)}
    assert set(found) == {f"{PENALTY}/{key}" for key in (1, 2, 3)}
    assert found[f"{PENALTY}/1"].why is repairing.Why.READY
    early = found[f"{PENALTY}/1"].earliest
    assert early.day == date(2026, 7, 2), "the longest of the tiers is counted"
    assert early.tier is None
    assert early.rule.id == "cn-ndrc-36-repair-serious"
    assert not early.verified, "its text was not read"
    assert found[f"{PENALTY}/2"].why is repairing.Why.EARLY
    assert found[f"{PENALTY}/2"].earliest.day == date(2027, 7, 2)


def test_a_department_that_cannot_be_asked_here_is_told_before_anything_is_written(cast):
    away = Organisation.objects.filter(reference="ecology")
    away.update(closed_at=NOW)
    found = {one.name: one.why for one in repairing.outlooks(cast.firm, now=NOW)}
    assert found[f"{PENALTY}/1"] is repairing.Why.AWAY
    assert found[f"{PENALTY}/2"] is repairing.Why.EARLY
    assert repairing.find(cast.firm, f"{PENALTY}/1", now=NOW).why is repairing.Why.AWAY
    assert refusal(cast) == "repair_source"
    away.update(closed_at=None)
    assert repairing.find(cast.firm, f"{PENALTY}/1", now=NOW).why is repairing.Why.READY


def test_a_tier_is_read_off_the_field_that_the_contract_names(cast):
    contract = load_region("taizhou").contracts[PENALTY]
    tiers = {"warning": "minor", "fine": "general"}
    told = contract.negative.model_copy(update={"tier_by": "kind", "tiers": tiers})
    graded = contract.model_copy(update={"negative": told})
    one = next(one.record for one in repairing.outlooks(cast.firm, now=NOW))
    assert outlook.tier_of(one, contract) is None
    assert outlook.tier_of(one, graded) is Tier.GENERAL


@pytest.mark.parametrize(
    ("tier", "determined", "day"),
    [
        (Tier.MINOR, date(2026, 11, 23), date(2026, 11, 23)),
        (Tier.GENERAL, date(2026, 11, 30), date(2027, 3, 1)),  # no 30th of February
        (Tier.GENERAL, date(2028, 11, 29), date(2029, 3, 1)),
        (Tier.GENERAL, date(2027, 11, 29), date(2028, 3, 1)),  # a leap day ends it
        (Tier.GENERAL, date(2026, 5, 31), date(2026, 9, 1)),
        (Tier.SERIOUS, date(2028, 2, 29), date(2029, 3, 1)),
        (Tier.SERIOUS, date(2027, 2, 28), date(2028, 2, 29)),
        (None, date(2026, 12, 31), date(2028, 1, 1)),
    ],
)
@pytest.mark.parametrize("personal", [False, True])
def test_minimum_periods_end_as_the_civil_code_counts(tier, determined, day, personal):
    law = law_for(("CN", "CN-33", "CN-3310"))
    found = earliest(law, PENALTY, tier, determined, personal=personal, on=date(2028, 3, 1))
    assert found.day == day


def test_without_a_rule_or_a_day_nothing_is_made_up():
    law = law_for(("CN",))
    assert earliest(law, "judgment", None, OLD, personal=False, on=TODAY).day is None
    undated = earliest(law, PENALTY, Tier.MINOR, None, personal=False, on=TODAY)
    assert undated.undated
    assert undated.day is None
    before = earliest(law, PENALTY, Tier.MINOR, OLD, personal=False, on=date(2026, 3, 31))
    assert before.day is None, "the order was not in force yet"
