"""Numbers of papers: what is read as one, the series, what cannot be guessed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.files.printing.support import by_bank, needs_fonts
from xinrong.accounts.services import Viewer
from xinrong.files.printing import issuing
from xinrong.files.printing.errors import PaperError
from xinrong.files.printing.models import IssuedPaper
from xinrong.files.printing.numbering import (
    ALPHABET,
    CONTROL,
    PaperNumber,
    new_control,
    read_number,
    year_of,
)

NUMBER = PaperNumber(2026, 123, "K3M9Q2TXHB7D")


def test_a_number_is_written_in_groups() -> None:
    assert str(NUMBER) == "XR-2026-000123-K3M9-Q2TX-HB7D"
    assert NUMBER.short == "2026-000123"


@pytest.mark.parametrize(
    "typed",
    [
        "XR-2026-000123-K3M9-Q2TX-HB7D",
        "xr-2026-000123-k3m9-q2tx-hb7d",
        "2026000123K3M9Q2TXHB7D",
        " XR 2026 000123 K3M9 Q2TX HB7D ",
        "ＸＲ－２０２６－０００１２３－Ｋ３Ｍ９－Ｑ２ＴＸ－ＨＢ７Ｄ",
        "XR—2026—000123—K3M9—Q2TX—HB7D",
        "XR-2026-OOOI23-K3M9-Q2TX-HB7D",
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str) -> None:
    assert read_number(typed) == NUMBER


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "XR",
        "2026-000123",
        "XR-2026-000123-K3M9-Q2TX-HB7",
        "XR-2026-000123-K3M9-Q2TX-HB7DD",
        "XR-2026-000123-K3M9-Q2TX-HB7U",
        "' OR 1=1 --",
        "٢٠٢٦-000123-K3M9-Q2TX-HB7D",
        "XR-2026-000123-K3M9-Q2TX-HB7D" * 1000,
        "\x00",
    ],
)
def test_anything_else_is_no_number(typed: str) -> None:
    assert read_number(typed) is None


@given(
    st.integers(2000, 2999),
    st.integers(1, 999_999_999),
    st.text(ALPHABET, min_size=CONTROL, max_size=CONTROL),
)
def test_what_is_written_is_read_again(year: int, serial: int, control: str) -> None:
    number = PaperNumber(year, serial, control)
    assert read_number(str(number)) == number


@given(st.text(max_size=200))
def test_reading_a_number_never_fails(typed: str) -> None:
    read_number(typed)


def test_the_part_that_cannot_be_guessed_has_sixty_bits() -> None:
    assert len(ALPHABET) == 32
    assert CONTROL * 5 == 60
    made = {new_control() for _ in range(1000)}
    assert len(made) == 1000
    assert {sign for one in made for sign in one} == set(ALPHABET)


def test_the_year_of_a_series_is_chinas() -> None:
    assert year_of(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == 2026
    assert year_of(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == 2027


@needs_fonts
@pytest.mark.django_db
@pytest.mark.usefixtures("store_root", "taizhou")
def test_a_series_has_no_gap_and_says_which_numbers_are_void(
    banker: Viewer, consented: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_more: object) -> bytes:
        raise PaperError("the paper could not be set")

    first = by_bank(banker, consented)
    with monkeypatch.context() as patch:
        patch.setattr(issuing, "typeset", broken)
        with pytest.raises(PaperError):
            by_bank(banker, consented)
    third = by_bank(banker, consented)
    rows = IssuedPaper.objects.order_by("serial")
    assert [(row.serial, row.void, bool(row.file_digest)) for row in rows] == [
        (1, "", True),
        (2, "paper_failed", False),
        (3, "", True),
    ]
    assert (first.number.serial, third.number.serial) == (1, 3)
    assert first.number.control != third.number.control
    assert {row.year for row in rows} == {year_of(first.release.at)}
