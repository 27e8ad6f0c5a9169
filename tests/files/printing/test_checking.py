"""Whoever holds a paper learns whether it is genuine, and nothing about the enterprise."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from tests.files.firm import FIRM
from xinrong.accounts.services import Viewer, create_organisation
from xinrong.files import services as files
from xinrong.files.printing.checking import MISSES, WINDOW
from xinrong.files.printing.models import IssuedPaper, PaperMiss
from xinrong.files.printing.numbering import ALPHABET, PaperNumber, number_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "taizhou")]
NOW = datetime(2026, 11, 2, 3, tzinfo=UTC)


@pytest.fixture
def paper(banker: Viewer, firm: int) -> IssuedPaper:
    return IssuedPaper.objects.create(
        year=2026,
        serial=7,
        control="K3M9Q2TXHB7D",
        audit_id=4711,
        enterprise_id=firm,
        organisation_id=banker.organisation_id,
        language="en",
        issued_at=NOW - timedelta(days=1),
        content_digest="9f" * 32,
        file_digest="ab" * 32,
    )


def check(text: object, now: datetime = NOW, address: str = "192.0.2.1") -> files.Genuine | None:
    return files.check_paper(str(text), address=address, now=now)


def test_a_genuine_number_tells_when_to_whom_and_the_digests(paper: IssuedPaper) -> None:
    found = check(number_of(paper))
    assert found == files.Genuine(
        "XR-2026-000007-K3M9-Q2TX-HB7D",
        paper.issued_at,
        "海丰银行（虚构）",
        "9f" * 32,
        "ab" * 32,
    )


def test_nothing_about_the_enterprise_is_told(paper: IssuedPaper) -> None:
    names = {field.name for field in dataclasses.fields(files.Genuine)}
    assert names == {"number", "issued_at", "institution", "content_digest", "file_digest"}
    assert FIRM not in str(check(number_of(paper)))


def test_of_an_outlet_the_bank_is_named(paper: IssuedPaper) -> None:
    paper.organisation = create_organisation(
        "海丰银行某支行（虚构）", "bank", parent=paper.organisation
    )
    paper.save()
    found = check(number_of(paper))
    assert found is not None
    assert found.institution == "海丰银行（虚构）"


def test_a_number_with_one_other_sign_is_none(paper: IssuedPaper) -> None:
    right = number_of(paper)
    for place in range(len(right.control)):
        other = ALPHABET[(ALPHABET.index(right.control[place]) + 1) % len(ALPHABET)]
        control = right.control[:place] + other + right.control[place + 1 :]
        assert check(PaperNumber(2026, 7, control), address=str(place)) is None
    assert check(PaperNumber(2026, 8, right.control)) is None
    assert check(PaperNumber(2025, 7, right.control)) is None


@pytest.mark.parametrize(
    "text", ["", "x", "\x00", "1" * 5000, "2026-99999999999-K3M9Q2TXHB7D", "'"]
)
def test_what_is_no_number_is_answered_like_a_wrong_one(paper: IssuedPaper, text: str) -> None:
    assert check(text) is None


def test_a_number_whose_paper_was_not_finished_is_not_genuine(paper: IssuedPaper) -> None:
    IssuedPaper.objects.update(file_digest="", void="paper_failed")
    assert check(number_of(paper)) is None


def test_wrong_numbers_shut_the_door_for_a_while_and_for_one_address(paper: IssuedPaper) -> None:
    for _ in range(MISSES):
        assert check("XR-2026-000007-0000-0000-0000") is None
    for text in ("XR-2026-000007-0000-0000-0001", number_of(paper)):
        with pytest.raises(files.PaperError) as caught:
            check(text)
        assert caught.value.code == "paper_locked"
    assert check(number_of(paper), address="192.0.2.2") is not None
    assert check(number_of(paper), NOW + WINDOW + timedelta(seconds=1)) is not None


def test_right_numbers_are_not_counted(paper: IssuedPaper) -> None:
    for _ in range(MISSES + 5):
        assert check(number_of(paper)) is not None
    assert not PaperMiss.objects.exists()


def test_no_network_address_is_kept(paper: IssuedPaper) -> None:
    check("wrong")
    assert "192.0.2.1" not in str(vars(PaperMiss.objects.get()))
