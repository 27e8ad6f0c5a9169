"""A paper is a release like any other, stops when it may no longer be handed over, is no value."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tests.files.firm import CLOCK, FIRM, acting, consent, send, tax
from tests.files.printing.support import by_bank, needs_fonts
from xinrong.accounts.models import Membership
from xinrong.accounts.scoping import everywhere
from xinrong.accounts.services import PUBLIC, Viewer
from xinrong.domain.clock import SystemClock
from xinrong.files import services as files
from xinrong.files.printing import content, issuing
from xinrong.files.printing.models import IssuedPaper, PaperSeries
from xinrong.files.printing.numbering import take_number
from xinrong.trust.models import AuditRow, Consent
from xinrong.trust.services import (
    AuditUnavailable,
    Denied,
    Purpose,
    Release,
    Stage,
    revoke_consent,
    who_looked,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("store_root", "taizhou"),
    needs_fonts,
]


def revoke(firm: int) -> None:
    for one in Consent.objects.filter(grantor=firm):
        revoke_consent(one.pk, grantor=firm, now=timezone.now())


def while_it_is_set(monkeypatch: pytest.MonkeyPatch, act: Any) -> None:
    """Do something between the gate's answer and the hand-over."""
    real = issuing.typeset

    def typeset(*given: Any, **more: Any) -> bytes:
        made = real(*given, **more)
        act()
        return made

    monkeypatch.setattr(issuing, "typeset", typeset)


def test_a_paper_is_a_pdf_with_a_committed_audit_row(banker: Viewer, consented: int) -> None:
    paper = by_bank(banker, consented)
    assert paper.pdf.startswith(b"%PDF-")
    row, audited = IssuedPaper.objects.get(), AuditRow.objects.get()
    assert (row.audit_id, audited.outcome, audited.service) == (audited.pk, "released", "paper")
    assert row.content_digest == audited.digest == paper.release.digest
    assert row.file_digest == sha256(paper.pdf).hexdigest() == paper.digest
    assert (row.enterprise_id, row.organisation_id) == (consented, banker.organisation_id)
    assert row.issued_at == audited.at
    [look] = who_looked(consented)
    assert look.service == "paper"


def test_the_row_of_a_paper_holds_no_value_of_the_file(banker: Viewer, consented: int) -> None:
    by_bank(banker, consented)
    held = " ".join(str(value) for value in vars(IssuedPaper.objects.get()).values())
    for value in (FIRM, "甲（虚构）", "罚50", "诚信示范企业", "500"):
        assert value not in held


def test_nothing_is_issued_when_the_log_takes_no_row(
    banker: Viewer, consented: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any, **_more: Any) -> None:
        raise AuditUnavailable("the query could not be logged, so nothing was released")

    monkeypatch.setattr("xinrong.trust.gate.log_release", full)
    with pytest.raises(AuditUnavailable):
        by_bank(banker, consented)
    assert not IssuedPaper.objects.exists()
    assert not PaperSeries.objects.exists()


def test_a_release_that_no_gate_logged_gets_no_number(banker: Viewer, consented: int) -> None:
    forged = Release(None, 0, 1, timezone.now(), "0" * 64, who=banker)
    with pytest.raises(files.PaperError):
        take_number(forged, consented, "en")


def test_one_audit_row_has_one_paper(banker: Viewer, consented: int) -> None:
    paper = by_bank(banker, consented)
    with pytest.raises(IntegrityError):
        take_number(paper.release, consented, "en")
    assert [series.last for series in PaperSeries.objects.all()] == [1]


def test_who_may_not_ask_gets_a_refusal_that_is_logged_and_no_number(
    banker: Viewer, consented: int
) -> None:
    with pytest.raises(Denied):
        files.issue_paper(banker, consented, Purpose.SUPERVISION, clock=CLOCK)
    assert AuditRow.objects.get().outcome == "denied"
    assert not IssuedPaper.objects.exists()


def test_a_consent_revoked_while_it_is_made_stops_it(
    banker: Viewer, consented: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    while_it_is_set(monkeypatch, lambda: revoke(consented))
    with pytest.raises(Denied) as caught:
        by_bank(banker, consented)
    assert caught.value.code == "denied_revoked"
    row = IssuedPaper.objects.get()
    assert (row.void, row.file_digest) == ("denied_revoked", "")
    assert files.check_paper(str(issuing.number_of(row)), address="x", now=timezone.now()) is None


def test_a_role_that_ends_while_it_is_made_stops_it(
    banker: Viewer, consented: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    roles = everywhere(Membership, because="a test takes a role away")
    while_it_is_set(monkeypatch, lambda: roles.filter(person_id=banker.person_id).delete())
    with pytest.raises(Denied) as caught:
        by_bank(banker, consented)
    assert caught.value.code == "denied_role"
    assert IssuedPaper.objects.get().void == "denied_role"


def test_an_error_that_nobody_expects_leaves_a_void_number(
    banker: Viewer, consented: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any, **_more: Any) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(issuing, "typeset", broken)
    with pytest.raises(RuntimeError):
        by_bank(banker, consented)
    assert IssuedPaper.objects.get().void == "error"


def test_whoever_acts_for_nobody_or_for_somebody_else_gets_no_paper(consented: int) -> None:
    support = acting("平台（虚构）", "operator", "operator")
    support = Viewer(**{**vars(support), "support_id": 1})
    for who in (PUBLIC, support):
        with pytest.raises(files.PaperError) as caught:
            files.issue_paper(who, consented, Purpose.PUBLIC, clock=CLOCK)
        assert caught.value.code == "paper_refused"
    assert not AuditRow.objects.exists()


def test_a_paper_holds_what_the_four_services_hold_each_record_once(
    owner: Viewer, consented: int
) -> None:
    paper = files.issue_paper(owner, consented, Purpose.SELF, clock=CLOCK)
    whole = paper.release.content
    every = files.comprehensive(owner, consented, Purpose.SELF, clock=CLOCK).content
    refs = [one.ref for one in whole.all_records()]
    assert sorted(refs) == sorted(one.ref for one in every.records)
    assert len(set(refs)) == len(refs) == whole.total
    assert whole.coverage == every.coverage
    assert (whole.undated_withheld, whole.expired_withheld) == (1, 1)
    basic = files.basic(owner, consented, Purpose.SELF, clock=CLOCK).content
    assert (whole.names, whole.registration) == (basic.names, basic.registration)


def test_a_bank_without_consent_gets_the_open_part_only(banker: Viewer, consented: int) -> None:
    revoke(consented)
    paper = by_bank(banker, consented)
    assert "tax_payment" not in {one.category for one in paper.release.content.all_records()}
    assert ("tax_payment", "no_consent") in {
        (one.category, one.reason) for one in paper.release.withheld
    }


def test_a_file_with_more_records_than_a_paper_holds_says_so(
    owner: Viewer, consented: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = files.issue_paper(owner, consented, Purpose.SELF, clock=CLOCK).release
    today = release.content.coverage.as_of
    cut = issuing.disclose(
        owner, [consented], content.Whole(today, 2), issuing.Service.PAPER, Purpose.SELF
    )
    assert len(cut.content.all_records()) < release.content.total == cut.content.total
    notes = issuing.sheet(cut, occasion_of(cut))["notes"]
    assert any(f"共 {release.content.total} 条" in note for note in notes)


def occasion_of(release: Release) -> Any:
    from tests.files.printing.support import occasion

    assert release.audit_id
    return occasion()


def test_a_one_time_consent_is_used_up_by_a_paper(banker: Viewer, consented: int) -> None:
    revoke(consented)
    consent(banker, consented, 4, "tax_payment")
    Consent.objects.filter(revoked_at=None).update(one_time=True)
    first = by_bank(banker, consented).release.content
    assert "tax_payment" in {one.category for one in first.all_records()}
    second = by_bank(banker, consented).release.content
    assert "tax_payment" not in {one.category for one in second.all_records()}


def test_an_auditor_has_the_content_of_a_paper_reproduced(banker: Viewer, consented: int) -> None:
    made = files.issue_paper(banker, consented, Purpose.CREDIT, Stage.PRE_LOAN)
    send("tax_payment", "tax_payments", tax(11, CLOCK.now().date()))
    auditor = acting("监管（虚构）", "regulator", "auditor")
    assert files.reproduce(auditor, made.release.audit_id, clock=SystemClock()).verdict == "same"


def test_the_name_of_the_file_tells_nothing(banker: Viewer, consented: int) -> None:
    paper = by_bank(banker, consented)
    assert paper.file_name == f"xinrong-{paper.number.short}.pdf"
    assert paper.number.control not in paper.file_name


def test_a_stage_is_needed_as_on_the_page(banker: Viewer, consented: int) -> None:
    with pytest.raises(Denied) as caught:
        files.issue_paper(banker, consented, Purpose.CREDIT, clock=CLOCK)
    assert caught.value.code == "denied_stage"
    assert Stage.PRE_LOAN in str(caught.value)
