"""Files of scorecards: what is wrong in one is found, with its line, before anybody is graded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xinrong.catalogue.region import regions_root
from xinrong.rating.errors import CardsBroken, GradeRefused, NoCards
from xinrong.rating.services import lint_cards, load_cards

SHIPPED = regions_root() / "taizhou" / "cards"
REFUSED = {
    "unknown-column": ("general", "column: tax_yoy", "column: tax_yooy", "card_column_unknown"),
    "date": ("general", "column: tax_yoy", "column: tax_last_paid_on", "card_kind"),
    "bands-of-a-code": ("general", "column: tax_yoy", "column: reg_district", "card_kind"),
    "values-of-a-number": ("general", "column: taxgrade_latest", "column: hon_active", "card_kind"),
    "value-that-never-occurs": ("general", "{A: 30,", "{Z: 30,", "card_value_unknown"),
    "half-a-flag": ("young", '"false": 0', '"true ": 0', "card_value_unknown"),
    "flag-without-false": ("young", ', "false": 0', "", "card_values"),
    "reason-there-is-not": ("general", "{no_feed:", "{no_food:", "card_reason_unknown"),
    "band-from-nowhere": ("general", "{since: 365, points: -10}", "{points: -10}", "card_bands"),
    "first-band-from-somewhere": ("general", "{points: -25}", "{since: 1, points: -25}", "card_bands"),
    "falling-cuts": ("general", "since: 1095", "since: 95", "card_bands"),
    "too-many-points": ("general", "{points: -25}", "{points: -25000}", "card_points"),
    "twice": ("general", "column: tax_yoy", "column: inv_yoy", "card_column"),
    "no-basis": ("general", "basis:", "basis_of:", "missing_key"),
    "basis-of-another-kind": ("general", "expert_judgement", "guess", "value_not_allowed"),
    "no-date-of-judgement": ("general", "2026-11-22", "lately", "wrong_shape"),
    "segment-of-the-last": ("general", 'segment: ""', 'segment: "reg_active"', "card_segment"),
    "no-segment": ("young", 'segment: "reg_age_days < 730"', 'segment: ""', "card_segment"),
    "segment-no-criterion": ("young", "reg_age_days < 730", "reg_age < 730", "criterion_column_unknown"),
    "segment-of-nobody": ("young", "reg_age_days < 730", "reg_active AND NOT reg_active", "never_yes"),
    "other-name": ("young", "card: young", "card: old", "card_name"),
    "not-whole": ("young", "base: 570", "base: 570.5", "wrong_shape"),
    "scale-that-rises": ("book", "since: 720", "since: 800", "card_scale"),
    "card-without-file": ("book", "[sole_traders, ", "[sole_trader, sole_traders, ", "card_missing"),
    "card-listed-twice": ("book", "[sole_traders, ", "[young, sole_traders, ", "card_missing"),
    "card-for-nobody": ("book", "[sole_traders, ", "[", "card_not_listed"),
    "odd-points": ("general", "{since: 0.5, points: -15}", "{since: 0.5, points: -50}", "card_direction"),
}  # fmt: skip


def changed(tmp_path: Path, name: str, old: str, new: str) -> Path:
    """A copy of the shipped cards in which one file says something else."""
    folder = tmp_path / "taizhou" / "cards"
    shutil.copytree(SHIPPED, folder)
    path = folder / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path


def test_the_cards_that_are_shipped_are_sound_and_say_on_what_they_rest() -> None:
    assert lint_cards("taizhou") == []
    book = load_cards("taizhou")
    assert [one.name for one in book.cards] == ["sole_traders", "young", "general"]
    for card in book.cards:
        assert 15 <= len(card.characteristics) <= 25
        assert "inferred" in card.basis.en
        assert "2026-11-22" in card.basis.zh


def test_an_enterprise_without_records_for_or_against_it_is_typical_in_each_segment() -> None:
    book = load_cards("taizhou")
    for card in book.cards:
        typical = card.base + sum(one.neutral for one in card.characteristics)
        assert book.scale.grade_of(typical).name == "BB"


def test_of_whom_nothing_is_known_nobody_says_that_records_are_against_it() -> None:
    book = load_cards("taizhou")
    for card in book.cards:
        unknown = card.base + sum(one.otherwise for one in card.characteristics)
        assert book.scale.grade_of(unknown).name == "B"


def test_no_value_that_is_missing_gives_more_than_the_best_that_is_known() -> None:
    for card in load_cards("taizhou").cards:
        for one in card.characteristics:
            assert max(one.otherwise, one.unseen, *one.missing.values(), one.worst) <= one.best


@pytest.mark.parametrize(("name", "old", "new", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_found_at_its_line(
    tmp_path: Path, name: str, old: str, new: str, code: str
) -> None:
    found = lint_cards("taizhou", changed(tmp_path, name, old, new))
    codes = [one.code for one in found]
    assert code in codes, [(one.code, one.wrong.en) for one in found]
    problem = found[codes.index(code)]
    assert problem.file == f"cards/{name}.yaml"
    assert problem.line
    assert problem.wrong.zh
    assert problem.remedy.zh


def test_cards_with_an_error_are_not_used_and_the_error_says_where(tmp_path: Path) -> None:
    root = changed(tmp_path, "general", "column: tax_yoy", "column: tax_yooy")
    with pytest.raises(CardsBroken) as refused:
        load_cards("taizhou", root)
    assert "cards/general.yaml:" in str(refused.value)
    assert "tax_yoy" in refused.value.remedy


@pytest.mark.parametrize("text", ["", "just words", "- 1\n- 2\n", "title: {zh: x\n"])
def test_a_file_that_is_none_is_refused_in_words(tmp_path: Path, text: str) -> None:
    root = changed(tmp_path, "young", "card: young", "card: young")
    (root / "taizhou" / "cards" / "young.yaml").write_text(text, encoding="utf-8")
    assert lint_cards("taizhou", root)
    with pytest.raises(CardsBroken):
        load_cards("taizhou", root)


def test_a_region_without_cards_grades_nobody() -> None:
    with pytest.raises(NoCards) as refused:
        load_cards("beijing")
    assert "write-a-scorecard" in refused.value.remedy


def test_a_card_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(GradeRefused) as refused:
        load_cards("taizhou").card("gneral")
    assert "general" in refused.value.remedy


def test_the_example_of_the_how_to_is_sound(tmp_path: Path) -> None:
    page = regions_root().parent / "docs" / "how-to" / "write-a-scorecard.md"
    book, card = page.read_text(encoding="utf-8").split("```yaml\n")[1:3]
    folder = tmp_path / "taizhou" / "cards"
    folder.mkdir(parents=True)
    (folder / "book.yaml").write_text(book.split("```")[0], encoding="utf-8")
    (folder / "general.yaml").write_text(card.split("```")[0], encoding="utf-8")
    assert lint_cards("taizhou", tmp_path) == []
