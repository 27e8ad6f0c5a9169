"""The unified social credit code: lawful, repaired, or refused with a reason."""

from __future__ import annotations

import string
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle
from stdnum.iso7064 import mod_11_10

from tests.cases.reading import labelled
from xinrong.domain import uscc

BODIES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(sorted(uscc.REGISTRARS)),
        st.sampled_from(uscc.ALPHABET),
        st.text(string.digits, min_size=6, max_size=6),
        st.text(uscc.ALPHABET, min_size=9, max_size=9),
    ),
)
LAWFUL = BODIES.map(lambda body: body + uscc.check_digit(body))


@pytest.mark.parametrize(
    ("text", "code", "problem", "repairs"),
    labelled("codes", "text", "code", "problem", "repairs"),
)
def test_a_labelled_code_reads_as_its_label(
    text: str, code: str, problem: str, repairs: str
) -> None:
    reading = uscc.read_code(text)
    assert (reading.code or "", reading.problem) == (code, problem)
    if code:
        assert "+".join(reading.repairs) == repairs


@given(BODIES)
def test_of_the_31_check_characters_exactly_one_is_lawful(body: str) -> None:
    lawful = [char for char in uscc.ALPHABET if uscc.is_lawful(body + char)]
    assert lawful == [uscc.check_digit(body)]


@pytest.mark.parametrize("registrar", sorted(uscc.REGISTRARS))
def test_every_check_character_occurs_and_only_one_of_31_is_ever_accepted(registrar: str) -> None:
    met = set()
    for number in range(310):
        body = f"{registrar}1330{number:03d}MA2{number % 31:03d}{number:03d}"
        accepted = [char for char in uscc.ALPHABET if uscc.is_lawful(body + char)]
        assert len(accepted) == 1
        met.add(accepted[0])
    assert met == set(uscc.ALPHABET)


@given(LAWFUL)
def test_python_stdnum_refuses_of_the_lawful_codes_exactly_those_that_begin_with_letters(
    code: str,
) -> None:
    assert oracle.is_valid(code) == code[:2].isdigit()


@given(
    st.text(string.digits, min_size=8, max_size=8).filter(lambda head: head[0] != "0"),
    st.text(uscc.ALPHABET, min_size=9, max_size=9),
    st.sampled_from(uscc.ALPHABET),
)
def test_numeric_prefixes_are_judged_as_python_stdnum_judges_them(
    head: str, tail: str, check: str
) -> None:
    assert uscc.check_digit(head + tail) == oracle.calc_check_digit(head + tail)
    assert uscc.is_lawful(head + tail + check) == oracle.is_valid(head + tail + check)


@pytest.mark.parametrize("registrar", ["A", "N", "Y"])
def test_a_letter_may_register_a_code(registrar: str) -> None:
    body = f"{registrar}1110108MA01ABCD0"
    assert uscc.is_lawful(body + uscc.check_digit(body))


@pytest.mark.parametrize("registrar", ["0", "B", "G", "O"])
def test_no_other_letter_registers_a_code(registrar: str) -> None:
    assert not any(uscc.is_lawful(f"{registrar}1110108MA01ABCD0{check}") for check in uscc.ALPHABET)


@given(LAWFUL, st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_one_wrong_character_is_always_noticed(code: str, place: int, char: str) -> None:
    spoilt = code[:place] + char + code[place + 1 :]
    assert uscc.is_lawful(spoilt) == (spoilt == code)


@given(LAWFUL)
def test_a_lawful_code_reads_as_itself_unless_it_is_filler(code: str) -> None:
    reading = uscc.read_code(code)
    if reading.problem:
        assert reading.problem in {"placeholder", "mangled"}
    else:
        assert (reading.code, reading.repairs) == (code, ())


@given(LAWFUL)
def test_letters_for_digits_are_repaired_and_said(code: str) -> None:
    if uscc.read_code(code).problem or "0" not in code:
        return
    reading = uscc.read_code(code.replace("0", "O"))
    assert (reading.code, reading.repairs) == (code, ("O_0",))


@given(LAWFUL, st.sampled_from(["5S", "2Z", "UV", "YV"]))
def test_a_look_alike_is_repaired_only_into_a_lawful_code(code: str, swap: str) -> None:
    meant, written = swap
    if uscc.read_code(code).problem or meant not in code:
        return
    reading = uscc.read_code(code.replace(meant, written))
    if reading.code is None:
        assert reading.problem == "alphabet"
    else:
        assert uscc.is_lawful(reading.code)
        assert all(
            now == was or (was in "SZV" and f"{was}_{now}" in reading.repairs)
            for was, now in zip(code.replace(meant, written), reading.code, strict=True)
        )


def test_two_possible_readings_are_no_reading() -> None:
    # The weights of characters 2 and 17 add up to 31, so U and U there weigh what Y and Y do.
    first, second = "9U11010867235500U", "9Y11010867235500Y"
    check = uscc.check_digit(first)
    assert check == uscc.check_digit(second)
    reading = uscc.read_code(f"9V11010867235500V{check}")
    assert (reading.code, reading.problem) == (None, "alphabet")


@given(st.text(max_size=40))
def test_any_text_is_read_without_an_error_and_with_words(text: str) -> None:
    reading = uscc.read_code(text)
    if reading.code is None:
        words = uscc.words(reading.problem)
        assert words.zh
        assert words.en
    else:
        assert uscc.is_lawful(reading.code)
        assert reading.kind == "uscc"


@given(st.text(uscc.ALPHABET, min_size=8, max_size=8))
def test_an_organisation_code_has_exactly_one_check_character(body: str) -> None:
    right = [char for char in "0123456789X" if uscc.organisation_check(body + char)]
    assert len(right) == 1
    reading = uscc.read_code(f"{body}-{right[0]}")
    assert reading.code is None
    assert reading.kind == "organisation_code" or reading.problem == "placeholder"


def test_the_example_of_the_standard_for_organisation_codes_passes_its_check() -> None:
    assert uscc.organisation_check("D2143569X")  # GB 11714-1997, 3.3
    assert not uscc.organisation_check("D21435690")


@given(st.text(string.digits, min_size=14, max_size=14), st.sampled_from(string.digits))
def test_an_old_registration_number_is_checked_by_iso_7064_mod_11_10(body: str, last: str) -> None:
    assert uscc.registration_check(body + last) == mod_11_10.is_valid(body + last)
    assert sum(uscc.registration_check(body + digit) for digit in string.digits) == 1


def test_an_old_registration_number_of_which_the_check_fails_is_none_for_certain() -> None:
    body = "11010800001234"
    kinds = [uscc.read_code(body + digit).kind for digit in string.digits]
    assert sorted(set(kinds)) == ["", "registration_no"]
    assert kinds.count("registration_no") == 1
    assert {uscc.read_code(body + digit).problem for digit in string.digits} == {
        "old_registration_no"
    }
    assert not uscc.registration_check("110108000012")


@given(st.text(string.digits, min_size=15, max_size=15))
def test_a_code_kept_as_a_binary_number_is_never_read_as_another_one(tail: str) -> None:
    written = "911" + tail
    kept = str(int(float(written)))
    reading = uscc.read_code(kept)
    if reading.code is not None:  # by chance: then the code within is right, too
        assert uscc.organisation_check(kept)
    else:
        assert reading.problem in {"mangled", "placeholder"}


def test_l_is_one_only_where_a_digit_must_stand() -> None:
    body = "911101086L2355000"
    code = body + uscc.check_digit(body)
    assert uscc.read_code(code) == uscc.CodeReading(code, kind="uscc")
    assert uscc.read_code(code.replace("10108", "L0108")).repairs == ("L_1",)


def test_the_bad_codes_of_public_data_are_repaired_or_refused_for_their_reason(
    shared_data: Path,
) -> None:
    """Codes that fail the check in Beijing's open records, the part that we have."""
    records = shared_data / "beijing-open-enterprise-records" / "records.parquet"
    if not records.is_file():
        pytest.skip("needs the shared data beijing-open-enterprise-records")
    rows = duckdb.execute(
        "SELECT DISTINCT uscc FROM read_parquet(?) WHERE uscc <> '' AND NOT uscc_valid",
        [str(records)],
    ).fetchall()
    readings = [uscc.read_code(code) for (code,) in rows]
    outcomes = Counter(reading.problem or "+".join(reading.repairs) for reading in readings)
    assert outcomes == {
        "check_digit": 142,
        "mangled": 112,
        "alphabet": 25,
        "O_0": 18,
        "I_1": 8,
        "L_1": 4,
        "O_0+I_1": 3,
        "placeholder": 2,
    }


def test_the_inner_check_is_information_and_no_reason_to_refuse() -> None:
    body = "91110108123456781"
    code = body + uscc.check_digit(body)
    assert not uscc.organisation_check("123456781")
    assert uscc.is_lawful(code)


def test_a_personal_number_is_named_and_never_returned() -> None:
    reading = uscc.read_code("110101199003070011")
    assert reading == uscc.CodeReading(None, (), "personal_id", "")
