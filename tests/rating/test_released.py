"""A grade leaves through the gate only, made of what the viewer may see and of nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.profiles import city
from tests.rating.support import APPROVED, other, put_in_force
from xinrong.accounts.services import PUBLIC, Viewer, create_organisation, create_person, viewer_of
from xinrong.catalogue.contract import ShareClass
from xinrong.domain.clock import SystemClock
from xinrong.files import services as files
from xinrong.profiles.services import columns
from xinrong.rating import grading
from xinrong.rating.cards import load_cards
from xinrong.rating.errors import GradeRefused
from xinrong.rating.models import CardVersion
from xinrong.rating.services import grade_now, grade_of
from xinrong.trust.models import AuditRow, Consent
from xinrong.trust.services import Denied, Purpose, Stage, grant_consent

pytestmark = pytest.mark.django_db
FIRM = 5


def person(kind: str, role: str, **more: Any) -> Viewer:
    made = create_organisation(f"{kind}（虚构）", kind, **more)
    return viewer_of(
        create_person(f"{role}@example.cn", "a long enough passphrase 7", name="x",
                      organisation=made, role=role)
    )  # fmt: skip


@pytest.fixture
def bank(carded: dict[str, Any]) -> Viewer:
    return person("bank", "loan_officer")


def consent(
    bank: Viewer, level: int, *, only: tuple[str, ...] = (), data_from: date | None = None
) -> None:
    assert bank.organisation_id is not None
    names = only or tuple(sorted({one.category for one in columns().values()}))
    now = timezone.now()
    given = grant_consent(
        FIRM, bank.organisation_id, list(names), list(Stage), now=now,
        valid_until=now + timedelta(days=30), max_level=level,
    )  # fmt: skip
    Consent.objects.filter(pk=given.pk).update(data_from=data_from)


def asked(who: Viewer, purpose: Purpose = Purpose.CREDIT, as_of: date = city.UNTIL) -> Any:
    stage = Stage.APPROVAL if purpose is Purpose.CREDIT else None
    return grade_of(who, FIRM, purpose, stage, as_of=as_of)


def test_without_a_consent_nobody_has_a_grade_and_the_refusal_is_logged(bank: Viewer) -> None:
    for who, purpose in ((bank, Purpose.CREDIT), (PUBLIC, Purpose.PUBLIC), (bank, Purpose.PUBLIC)):
        with pytest.raises(Denied) as refused:
            asked(who, purpose)
        assert refused.value.audit_id is not None
        row = AuditRow.objects.get(pk=refused.value.audit_id)
        assert (row.outcome, row.reason, row.digest) == ("denied", "denied_no_consent", "")


def test_a_department_and_the_operator_have_no_grade_of_anybody(carded: Any) -> None:
    tax = person("department", "data_officer", reference="tax")
    with pytest.raises(Denied):
        asked(tax, Purpose.SUPERVISION)
    with pytest.raises(Denied):
        asked(person("operator", "operator"), Purpose.OPERATION)


def test_a_consent_that_opens_nothing_of_the_card_gives_no_grade(bank: Viewer) -> None:
    consent(bank, 4, only=("customs_declaration",))
    with pytest.raises(GradeRefused) as refused:
        asked(bank)
    assert refused.value.code == "grade_not_covered"
    row = AuditRow.objects.latest("pk")
    assert (row.outcome, row.reason, row.digest) == ("failed", "grade_not_covered", "")


def test_an_enterprise_sees_its_own_grade_from_all_that_is_known(carded: Any) -> None:
    owner = person("enterprise", "representative", reference=city.code(FIRM))
    found = asked(owner, Purpose.SELF).content
    whole = grade_now(FIRM, city.UNTIL)
    assert found.graded == whole
    assert found.withheld == 0


def test_what_is_withheld_is_missing_for_that_reason_and_widens_the_range(bank: Viewer) -> None:
    consent(bank, 3)
    narrow = asked(bank).content
    missing = {one.column: one for one in narrow.graded.scored.parts if one.reason == "withheld"}
    known = columns()
    assert "od_open_count" in missing, "loans overdue are of level 4"
    assert all(known[name].level > 3 for name in missing)
    assert all(one.value is None and one.low < one.high for one in missing.values())
    assert narrow.withheld == len(missing)
    consent(bank, 4)
    whole = asked(bank).content
    assert whole.withheld == 0
    assert narrow.graded.scored.low <= whole.graded.scored.low
    assert whole.graded.scored.high <= narrow.graded.scored.high


def test_nothing_of_what_is_withheld_is_in_what_is_released(bank: Viewer) -> None:
    consent(bank, 3)
    release = asked(bank)
    known = columns()
    shown = [one for one in release.content.graded.scored.parts if one.value is not None]
    assert all(known[one.column].level <= 3 or known[one.column].share is ShareClass.OPEN
               for one in shown)  # fmt: skip
    drawn = {category for _, category in release.content.drawn_from()}
    assert drawn >= {known[one.column].category for one in shown}
    assert set(AuditRow.objects.get(pk=release.audit_id).released) == drawn


def test_a_consent_of_some_days_withholds_what_sums_up_more(bank: Viewer) -> None:
    consent(bank, 4, data_from=date(2025, 10, 1))
    parts = {one.column: one for one in asked(bank).content.graded.scored.parts}
    assert parts["od_open_count"].reason == "withheld"


def test_every_look_is_a_row_with_its_day_and_its_cards(bank: Viewer) -> None:
    consent(bank, 4)
    release = asked(bank)
    row = AuditRow.objects.get(pk=release.audit_id)
    assert row.product == "grade"
    assert row.parameters == {
        "as_of": city.UNTIL.isoformat(), "cards": load_cards("taizhou").digest, "line": 0,
        "product": "grade", "version": 1,
    }  # fmt: skip
    payload = release.content.payload()
    assert payload["card"]["digest"]
    assert payload["never_alone"]["zh"]
    assert payload["points"] == release.content.graded.scored.points


def test_an_auditor_has_a_grade_read_again_by_the_cards_of_then(
    bank: Viewer, both: tuple[Viewer, Viewer]
) -> None:
    consent(bank, 4)
    number = asked(bank).audit_id
    auditor = person("regulator", "auditor")
    paid = {"subject": FIRM, "event_date": city.UNTIL, "amount": 70_000, "code": "vat", "t1": "x"}
    city.put(city.rows_of("tax_payment", {**paid, "key": 77}))
    put_in_force(both, other(load_cards("taizhou")), now=APPROVED + timedelta(days=9))
    assert asked(bank).content.version == 2
    assert files.reproduce(auditor, number, clock=SystemClock()).verdict == "same"
    CardVersion.objects.filter(number=1).update(state="refused", envelope=None)
    assert files.reproduce(auditor, number, clock=SystemClock()).verdict == "unreadable"


def test_a_card_is_chosen_by_what_is_known_and_a_doubt_is_named(taizhou: None) -> None:
    book = load_cards("taizhou")
    young = grading.grade(book, {"reg_kind": "company", "reg_age_days": 300}, {}, city.UNTIL)
    assert (young.card.name, young.undecided) == ("young", ())
    unknown = grading.grade(book, {"reg_age_days": 3_000}, {}, city.UNTIL)
    assert (unknown.card.name, unknown.undecided) == ("general", ("sole_traders",))
