"""Files of classes: what is wrong in one is found, with its line, before anybody is divided."""

from __future__ import annotations

from pathlib import Path

import pytest

from xinrong.catalogue.region import regions_root
from xinrong.profiles.classes.definitions import load_classes
from xinrong.profiles.classes.errors import ClassesBroken
from xinrong.profiles.classes.linting import lint_classes

TAIZHOU = (regions_root() / "taizhou" / "classes.yaml").read_text(encoding="utf-8")


def written(tmp_path: Path, text: str) -> Path:
    (tmp_path / "taizhou").mkdir()
    (tmp_path / "taizhou" / "classes.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("region", ["taizhou", "beijing"])
def test_the_classes_that_are_shipped_are_sound(region: str) -> None:
    assert lint_classes(region) == []


def test_taizhou_has_the_seven_in_their_order() -> None:
    found = load_classes("taizhou")
    assert found.own
    assert found.book.ids == (
        "large", "medium", "in_park", "supply_chain", "technology", "employment", "foreign_trade",
    )  # fmt: skip
    inferred = {one.id for one in found.book.classes if one.inferred}
    assert inferred == set(found.book.ids) - {"large", "medium"}


def test_a_region_without_its_own_has_the_nations() -> None:
    found = load_classes("beijing")
    assert not found.own
    assert found.book.ids == ("large", "medium", "small", "micro")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("text: size_large", "text: size_huge", "criterion_column_unknown"),
        ("text: size_large", "text: size_large AND NOT size_large", "never_yes"),
        ("text: size_medium", "text: size_medium AND size_large", "class_unreachable"),
        ("text: size_large", "text: size_large IS NULL", "criterion_null"),
        ("text: reg_active", "text: reg_alive", "criterion_column_unknown"),
        ("- id: medium", "- id: large", "incomplete"),
        ("- id: medium", "- id: none", "incomplete"),
        ("cannot_tell:", "cannot_say:", "unknown_key"),
        ("valid_from: 2017-12-28", "valid_from: 2018-01-01", "class_not_in_force"),
    ],
)
def test_what_is_wrong_is_found_at_its_line(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in TAIZHOU
    found = lint_classes("taizhou", written(tmp_path, TAIZHOU.replace(old, new, 1)))
    codes = [one.code for one in found]
    assert code in codes, [(one.code, one.wrong.en) for one in found]
    problem = found[codes.index(code)]
    assert problem.line
    assert problem.wrong.zh
    assert problem.remedy.zh


@pytest.mark.parametrize("text", ["", "just words", "- 1\n- 2\n", "title: {zh: x\n"])
def test_a_file_that_is_none_is_refused_in_words(tmp_path: Path, text: str) -> None:
    root = written(tmp_path, text)
    assert lint_classes("taizhou", root)
    with pytest.raises(ClassesBroken) as refused:
        load_classes("taizhou", root)
    assert refused.value.remedy


def test_the_example_of_the_how_to_is_sound(tmp_path: Path) -> None:
    page = regions_root().parent / "docs" / "how-to" / "classify-enterprises.md"
    example = page.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    assert [one.severity for one in lint_classes("taizhou", written(tmp_path, example))] == [
        "warning"  # its second class names no article
    ]
