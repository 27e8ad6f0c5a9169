"""Documents of a case: bounded, harmless, sealed, read by the sides only, deleted in time."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.work.support import NOW, ask
from xinrong.accounts.services import proof
from xinrong.store.services import Outcome
from xinrong.work.models import CaseMove, CasePaper
from xinrong.work.papers import KEPT_AFTER, MOST, delete_again, sweep_papers
from xinrong.work.services import CaseRefused, give_paper, move, papers_of, read_paper

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def hand_in(cast, case, who=None, title="营业执照", content=PDF):
    return give_paper(case.number, who or cast.bank, title, content, now=NOW)


def test_what_one_side_hands_in_the_others_read_and_that_is_logged(cast):
    case = ask(cast)
    paper = hand_in(cast, case)
    assert read_paper(case.number, paper.pk, cast.clerk, now=NOW)[1] == PDF
    assert list(CaseMove.objects.filter(side__isnull=False).values_list("event", flat=True)) == [
        "give_paper", "read_paper",
    ]  # fmt: skip
    assert PDF not in bytes(CasePaper.objects.get().content)
    assert [one.title for one in papers_of(case)] == ["营业执照"]


def test_somebody_elses_document_is_none(cast):
    case, other = ask(cast), ask(cast)
    paper = hand_in(cast, case)
    for number, pk, who in (
        (case.number, paper.pk, cast.stranger),
        (other.number, paper.pk, cast.clerk),
        (case.number, paper.pk + 1, cast.clerk),
    ):
        with pytest.raises(CaseRefused) as refused:
            read_paper(number, pk, who, now=NOW)
        assert refused.value.code == "case_unknown"
    with pytest.raises(CaseRefused, match="no such case for you"):
        hand_in(cast, case, cast.stranger)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "document_type"),
        (b"<html>", "document_type"),
        (b"MZ" + PDF, "document_type"),
        (PDF.replace(b"/Type", b"/JavaScript"), "document_active"),
        (b"%PDF-" + b"x" * proof.LARGEST + b"%%EOF", "document_too_large"),
    ],
)
def test_a_document_is_one_of_three_kinds_within_its_bound_and_does_not_act(cast, content, code):
    case = ask(cast)
    with pytest.raises(proof.ProofRefused) as refused:
        hand_in(cast, case, content=content)
    assert refused.value.code == code
    assert not CasePaper.objects.exists()


def test_a_side_hands_in_a_few_with_names_while_the_case_is_open(cast):
    case = ask(cast)
    for title in ("", "  ", "x" * 101):
        with pytest.raises(CaseRefused) as refused:
            hand_in(cast, case, title=title)
        assert refused.value.code == "paper_title"
    for _ in range(MOST):
        hand_in(cast, case)
    with pytest.raises(CaseRefused) as refused:
        hand_in(cast, case)
    assert refused.value.code == "papers_many"
    hand_in(cast, case, cast.clerk)
    move(case.number, "withdraw", cast.bank, version=1, now=NOW)
    with pytest.raises(CaseRefused) as refused:
        hand_in(cast, case, cast.clerk)
    assert refused.value.code == "case_ended"


def test_a_changed_document_does_not_open(cast):
    case = ask(cast)
    paper = hand_in(cast, case)
    held = bytearray(paper.content)
    held[-1] ^= 1
    CasePaper.objects.update(content=bytes(held))
    with pytest.raises(CaseRefused) as refused:
        read_paper(case.number, paper.pk, cast.clerk, now=NOW)
    assert refused.value.code == "paper_damaged"


def test_they_go_when_their_time_is_over_and_no_restore_brings_them_back(cast, monkeypatch):
    written = []
    monkeypatch.setattr(
        "xinrong.work.papers.store.record", lambda _kind, payload, _at: written.append(payload)
    )
    case = ask(cast)
    paper = hand_in(cast, case)
    assert sweep_papers(now=NOW + 9 * KEPT_AFTER) == 0, "the case is open"
    move(case.number, "withdraw", cast.bank, version=1, now=NOW)
    assert sweep_papers(now=NOW + KEPT_AFTER - timedelta(seconds=1)) == 0
    before = bytes(CasePaper.objects.get().content)
    assert sweep_papers(now=NOW + KEPT_AFTER) == 1
    assert bytes(CasePaper.objects.get().content) == b""
    with pytest.raises(CaseRefused):
        read_paper(case.number, paper.pk, cast.clerk, now=NOW)
    CasePaper.objects.update(content=before, deleted_at=None)  # a restore
    entry = SimpleNamespace(payload=written[0], at=NOW)
    assert delete_again(entry) == Outcome.APPLIED
    assert bytes(CasePaper.objects.get().content) == b""
    assert delete_again(entry) == Outcome.PRESENT
    CasePaper.objects.all().delete()
    assert delete_again(entry) == Outcome.ABSENT
