"""What leaves of a criterion goes through the gate: its count by the rules, its reasons masked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.profiles import city
from tests.profiles.criteria.test_answering import criterion
from xinrong.accounts.services import PUBLIC, Viewer, create_organisation, create_person, viewer_of
from xinrong.domain.criteria import (
    Column,
    CriterionRefused,
    MissingReason,
    Outcome,
    Type,
    to_sql,
)
from xinrong.domain.text import Text
from xinrong.profiles.criteria import counting, limits, perms
from xinrong.profiles.criteria.counting import CriterionDraft, count_admitted
from xinrong.profiles.criteria.errors import CriteriaRefused
from xinrong.profiles.criteria.explaining import explain
from xinrong.profiles.criteria.limits import Hurried
from xinrong.profiles.criteria.perms import may_count_column, may_read
from xinrong.profiles.criteria.written import read_text
from xinrong.profiles.services import columns
from xinrong.trust.counting import budget
from xinrong.trust.models import AuditRow, Consent
from xinrong.trust.services import Denied, Purpose, Stage, grant_consent
from xinrong.trust.services import counting as rules

pytestmark = pytest.mark.django_db


def person(kind: str, role: str, **more: Any) -> Viewer:
    made = create_organisation(f"{kind}（虚构）", kind, **more)
    return viewer_of(
        create_person(f"{role}@example.cn", "a long enough passphrase 7", name="x",
                      organisation=made, role=role)
    )  # fmt: skip


def test_a_count_follows_every_rule_of_counts(
    profiled: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    bank, operator = person("bank", "loan_officer"), person("operator", "operator")
    everybody = read_text("reg_active OR NOT reg_active")
    release = counting.count(bank, everybody, stage=Stage.PRE_LOAN)
    assert release.content.figure % rules.STEP == 0
    assert abs(release.content.figure - 40) <= 35
    row = AuditRow.objects.get(pk=release.audit_id)
    assert (row.service, row.product, row.enterprises) == ("count", "count", [])
    # in another order it is the same draft: the same figure, and nothing drawn
    other = counting.count(bank, read_text("NOT reg_active OR reg_active"), stage=Stage.PRE_LOAN)
    assert other.content.figure == release.content.figure
    left = rules.budget_left(bank, now=timezone.now())
    assert (left.drafts, left.near) == (left.drafts_a_day - 1, left.near_a_day)
    # under ten nothing is told; whatever is asked next feels its way
    few = counting.count(bank, read_text("reg_capital > 9000000000000"), stage=Stage.PRE_LOAN)
    assert few.content.figure is None
    left = rules.budget_left(bank, now=timezone.now())
    assert left.near == left.near_a_day - 1
    # a column that the purpose may not learn of, nobody who is not signed in, no stage
    with pytest.raises(Denied) as refused:
        counting.count(operator, read_text("tax_paid_12m > 0"))
    assert refused.value.code == "denied_column"
    with pytest.raises(Denied):
        counting.count(PUBLIC, everybody)
    with pytest.raises(Denied, match="stage"):
        counting.count(bank, everybody)
    # the budget ends in a refusal that is logged
    monkeypatch.setattr(budget, "NEAR_A_DAY", 1)
    counting.count(operator, read_text("reg_active"))
    counting.count(operator, read_text("hon_active >= 0"))
    assert counting.cost_of(operator, read_text("reg_active")) == "nothing"
    unlike = read_text("pat_count > 1 AND rel_investees > 2")
    assert counting.cost_of(operator, unlike) == "near"
    with pytest.raises(Denied) as refused:
        counting.count(operator, unlike)
    assert refused.value.code == "denied_budget"
    assert refused.value.audit_id is not None
    assert AuditRow.objects.get(pk=refused.value.audit_id).reason == "denied_budget"
    assert count_admitted(everybody, on=Hurried()) > 0


def test_an_explanation_shows_what_the_viewer_may_see_and_launders_nothing(
    filled: dict[str, Any],
) -> None:
    bank = person("bank", "loan_officer")
    one = criterion("tax_paid_12m >= 0 AND reg_capital >= 1", "mixed")
    told = explain(bank, one, 5, Purpose.CREDIT, Stage.APPROVAL, as_of=city.TODAY).content
    assert (told.shown, told.withheld) == (("reg_capital",), ("tax_paid_12m",))
    assert told.outcome == Outcome.UNKNOWN, "what is withheld decides nothing"
    [missing] = told.explanation.missing
    assert (missing.column.name, missing.reason) == ("tax_paid_12m", MissingReason.WITHHELD)
    assert "不予提供" in told.explanation.conditions[0].sentence.zh
    assert "withheld" in told.explanation.changes[0].sentence.en
    now = timezone.now()
    names = sorted({each.category for each in columns().values()})
    assert bank.organisation_id is not None
    given = grant_consent(
        5, bank.organisation_id, names, list(Stage), now=now,
        valid_until=now + timedelta(days=30), max_level=4,
    )  # fmt: skip
    release = explain(bank, one, 5, Purpose.CREDIT, Stage.APPROVAL, as_of=city.TODAY)
    assert release.content.withheld == ()
    assert release.content.outcome == Outcome.YES
    row = AuditRow.objects.get(pk=release.audit_id)
    assert row.product == "reason"
    assert row.consents == [given.pk]
    assert row.parameters == {
        "product": "criterion", "criterion": "mixed", "as_of": city.TODAY.isoformat()
    }  # fmt: skip
    # a consent for half a year does not open what sums up a year
    Consent.objects.filter(pk=given.pk).update(data_from=date(2026, 6, 1))
    told = explain(bank, one, 5, Purpose.CREDIT, Stage.APPROVAL, as_of=city.TODAY).content
    assert told.withheld == ("tax_paid_12m",)
    # whether it is known is not told either: neither yes nor no
    for text in ("known(tax_paid_12m)", "NOT known(tax_paid_12m)"):
        asked = criterion(text)
        told = explain(bank, asked, 6, Purpose.CREDIT, Stage.APPROVAL, as_of=city.TODAY).content
        assert told.outcome == Outcome.UNKNOWN
        assert told.withheld == ("tax_paid_12m",)


def test_a_criterion_that_takes_too_long_is_broken_off(store_root: object) -> None:
    with pytest.raises(CriteriaRefused, match=r"0\.05 seconds") as refused:
        Hurried(0.05).query("SELECT count(*) FROM range(100000000) a, range(1000) b", {})
    assert refused.value.code == "criterion_too_slow"
    assert limits.LONGEST == 2.0


# -- without a database -------------------------------------------------------------------


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_column_may_be_counted_where_the_gate_counts_everything_it_is_made_of(
    purpose: Purpose, settings: Any
) -> None:
    from xinrong.catalogue.region import load_region
    from xinrong.trust.counting.drafts import check_learnable
    from xinrong.trust.errors import CountRefused

    settings.REGION = "taizhou"
    contracts = load_region("taizhou").contracts
    for name in ("reg_active", "rep_staff", "pow_use_12m", "tax_paid_12m", "loan_balance"):
        draft = CriterionDraft(expression=read_text(f"known({name})"))
        try:
            check_learnable(draft, purpose, contracts)
            counted = True
        except CountRefused:
            counted = False
        assert may_count_column(purpose, name) is counted, (purpose, name)


def test_no_criterion_reads_what_is_never_shared_or_too_secret(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REGION = "taizhou"
    assert to_sql(read_text("reg_active")) == '"reg_active"'
    assert all(may_read(one) for one in read_text("tax_paid_12m > 0 AND reg_active").columns)
    text = Text(zh="秘", en="Secret")
    assert not may_read(Column("secret", Type.COUNT, text, share="never"))
    assert not may_read(Column("secret", Type.COUNT, text, share="consent", level=5))
    monkeypatch.setattr(perms, "HIGHEST_LEVEL", 3)
    with pytest.raises(CriterionRefused) as refused:
        read_text("reg_active AND tax_paid_12m > 0")
    assert refused.value.at == 16
    with pytest.raises(CriterionRefused) as misspelt:
        read_text("tax_paid_13m > 0")
    assert "tax_paid_12m" not in str(misspelt.value), "what is too secret is never suggested"
