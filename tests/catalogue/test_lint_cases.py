"""Every rule of the linter has a labelled case: a base pack with one thing wrong.

`cases/base` is right. `cases/<code>` holds the files that replace the base's; the problem must be
`<code>`, it must be the only one, and it must stand in the line marked `# WRONG`. An empty file
`X.absent` takes X away.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from xinrong.catalogue.document import MAX_BYTES
from xinrong.catalogue.errors import CatalogueError, Severity
from xinrong.catalogue.loading import build_region, problems

CASES = Path(__file__).parent / "cases"
SOURCE = Path(__file__).parents[2] / "src" / "xinrong" / "catalogue"
NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir() and path.name != "base")
WARNINGS = {
    "basis_to_fill",
    "category_without_feed",
    "no_register_feed",
    "polarity_open_values",
}
#: Found by tests of their own, below: they need no file or a very large one.
#: Not of a region's pack, or tested elsewhere (law packs: test_law_packs.py; lists: test_lists.py).
WITHOUT_CASE = {
    *("unknown_region", "file_too_big", "not_readable", "law_document", "law_period"),
    *("list_ground", "list_not_open", "list_period", "measure_unlawful"),
}


def pack_of(name: str, tmp_path: Path) -> Path:
    pack = tmp_path / "regions" / "base"
    shutil.copytree(CASES / "base", pack)
    (tmp_path / "samples").mkdir(exist_ok=True)
    if name != "base":
        shutil.copytree(CASES / name, pack, dirs_exist_ok=True)
    for absent in pack.rglob("*.absent"):
        absent.with_suffix("").unlink()
        absent.unlink()
    return pack


def marked(pack: Path) -> dict[str, int]:
    """File -> the line marked WRONG."""
    found = {}
    for path in pack.rglob("*.yaml"):
        lines = path.read_bytes().decode("utf-8", errors="replace").splitlines()
        for number, line in enumerate(lines, 1):
            if line.endswith("# WRONG"):
                found[path.relative_to(pack).as_posix()] = number
    return found


def test_the_base_pack_is_right(tmp_path: Path) -> None:
    pack = pack_of("base", tmp_path)
    assert problems(pack) == []
    region = build_region(pack)
    assert region.contract_of(region.feeds["market_penalty"]).title.zh == "行政处罚"


@pytest.mark.parametrize("code", NAMES)
def test_each_case_has_exactly_its_problem_in_its_line(code: str, tmp_path: Path) -> None:
    pack = pack_of(code, tmp_path)
    found = problems(pack)
    assert [one.code for one in found] == [code]
    [one] = found
    for file, line in marked(pack).items():
        assert (one.file, one.line) == (file, line)
    assert one.severity is (Severity.WARNING if code in WARNINGS else Severity.ERROR)


@pytest.mark.parametrize("code", NAMES)
def test_each_problem_says_what_is_wrong_and_what_to_do_in_both_languages(
    code: str, tmp_path: Path
) -> None:
    [one] = problems(pack_of(code, tmp_path))
    for text in (one.wrong, one.remedy):
        assert re.search(r"[\u4e00-\u9fff]", text.zh)
        assert re.search(r"[A-Za-z]{2}", text.en)
    assert not re.search(r"Traceback|pydantic|object at|None", f"{one.wrong} {one.remedy}")


@pytest.mark.parametrize("code", sorted(set(NAMES) - WARNINGS))
def test_a_pack_with_an_error_does_not_load(code: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as raised:
        build_region(pack_of(code, tmp_path))
    assert raised.value.code == code
    assert raised.value.place.file.startswith("base/")
    assert raised.value.remedy


@pytest.mark.parametrize("code", sorted(WARNINGS))
def test_a_pack_with_a_warning_loads(code: str, tmp_path: Path) -> None:
    assert build_region(pack_of(code, tmp_path)).feeds


def test_every_rule_of_the_linter_has_a_case() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in SOURCE.glob("*.py"))
    calls = r'(?:\.problem|\bProblem)\(\s*(?:f)?"([a-z0-9_{}]+)"'
    codes = set(re.findall(calls, source)) - {"{key}_twice"} | {"feed_twice", "category_twice"}
    assert codes - WITHOUT_CASE == set(NAMES)


def test_all_problems_of_a_pack_are_found_at_once(tmp_path: Path) -> None:
    pack = pack_of("base", tmp_path)
    for code in ("slot_unknown", "unknown_department", "no_jurisdiction"):
        shutil.copytree(CASES / code, pack, dirs_exist_ok=True)
    assert {one.code for one in problems(pack)} == {
        "slot_unknown",
        "unknown_department",
        "no_jurisdiction",
    }
    with pytest.raises(CatalogueError) as raised:
        build_region(pack)
    assert len(raised.value.problems) == 3
    assert "2 more" in str(raised.value)


def test_a_broken_contract_does_not_make_its_feeds_look_wrong(tmp_path: Path) -> None:
    found = problems(pack_of("value_not_allowed", tmp_path))
    assert all(one.file == "catalogue/penalty.yaml" for one in found)


def test_samples_are_not_missed_where_the_platform_runs_without_them(tmp_path: Path) -> None:
    pack = pack_of("sample_missing", tmp_path)
    (tmp_path / "samples").rmdir()
    assert problems(pack) == []


def test_a_sample_is_found_by_its_path_in_the_project(tmp_path: Path) -> None:
    pack = pack_of("sample_missing", tmp_path)
    (tmp_path / "samples" / "nowhere.csv").write_text("x", encoding="utf-8")
    assert problems(pack) == []


def test_an_unknown_region_names_those_that_are_there(tmp_path: Path) -> None:
    pack = pack_of("base", tmp_path)
    [one] = problems(pack.parent / "nowhere")
    assert one.code == "unknown_region"
    assert "base" in one.remedy.en


def test_a_data_file_put_into_the_catalogue_by_mistake_is_refused(tmp_path: Path) -> None:
    pack = pack_of("base", tmp_path)
    (pack / "catalogue" / "data.yaml").write_text("x" * (MAX_BYTES + 1))
    assert [one.code for one in problems(pack)] == ["file_too_big"]


def test_a_file_that_may_not_be_read_is_a_problem_not_a_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = pack_of("base", tmp_path)
    real = Path.read_text

    def refused(self: Path, *args: object, **kwargs: object) -> str:
        if self.name == "penalty.yaml":
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", refused)
    assert "not_readable" in {one.code for one in problems(pack)}


def test_a_nearly_right_word_is_answered_with_the_right_one(tmp_path: Path) -> None:
    pack = pack_of("base", tmp_path)
    for code, meant in (
        ("unknown_key", "slot"),
        ("value_not_allowed", "money"),
        ("unknown_department", "market"),
        ("mapping_unknown_field", "number"),
        ("value_unlawful", "fined"),
    ):
        shutil.copytree(CASES / code, pack, dirs_exist_ok=True)
        said = [one.remedy.en for one in problems(pack) if one.code == code]
        assert said == [f"Did you mean `{meant}`?"]
        shutil.copytree(CASES / "base", pack, dirs_exist_ok=True)


def test_a_problem_prints_as_file_line_key_and_words(tmp_path: Path) -> None:
    [one] = problems(pack_of("slot_unknown", tmp_path))
    assert str(one).startswith("catalogue/penalty.yaml:39, fields[points].slot: There is no slot")
    assert one.as_json()["line"] == 39
