"""Lists and measures as data: what is wrong in a file is found with its line, before it holds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xinrong.catalogue.errors import CatalogueError
from xinrong.catalogue.lists import ALWAYS, Colour, ExitKind
from xinrong.catalogue.lists_pack import ListBook, load_lists, read_lists, written_lists
from xinrong.catalogue.region import load_region, regions_root
from xinrong.domain.law import Evidence

SHIPPED = regions_root() / "taizhou"
REFUSED = {
    "other-name": ("lists/tax_breach", "list: tax_breach", "list: tax", "list_name"),
    "no-department": ("lists/tax_breach", "[tax]", "[taxes]", "list_department"),
    "no-category": ("lists/tax_breach", "category: tax_arrears", "category: arrears", "list_ground"),
    "ground-twice": ("lists/market_breach", "id: large_fine", "id: suspended_business", "list_ground"),
    "not-open": ("lists/honest_taxpayer", "shown: false", "shown: true", "list_not_open"),
    "no-notice": ("lists/tax_breach", "working_days: 5", "working_days: 0", "list_period"),
    "notice-in-years": ("lists/tax_breach", "working_days: 5", "years: 1", "list_period"),
    "two-units": ("lists/tax_breach", "  years: 3", "  years: 3\n  working_days: 1", "list_period"),
    "negative": ("lists/tax_breach", "years: 3", "years: -3", "out_of_range"),
    "no-end": ("lists/tax_breach", "kind: expired", "kind: disqualified", "list_exits"),
    "end-twice": ("lists/tax_breach", "kind: restructured", "kind: expired", "list_exits"),
    "no-way-off": ("lists/market_breach", "kind: fulfilled", "kind: disqualified", "list_exits"),
    "no-basis": ("lists/tax_breach", "basis:", "bases:", "missing_key"),
    "no-evidence": ("lists/tax_breach", ", evidence: verified}", "}", "missing_key"),
    "secret-field": ("lists/tax_breach", "shown_until, responsible", "id_number", "value_not_allowed"),
    "wrong-colour": ("measures", "sense: reward", "sense: sanction", "measure_unlawful"),
    "no-list": ("measures", "[honest_taxpayer, comm", "[honest, comm", "measure_unlawful"),
    "no-edition": ("measures", "editions: [national-2022]", "editions: [national]", "measure_unlawful"),
    "twice": ("measures", "id: no_subsidy", "id: no_honours", "measure_unlawful"),
    "no-addressee": ("measures", "[guarantee_fund]", "[guarantors]", "measure_unlawful"),
    "not-yaml": ("measures", "measures:", "measures: [", "not_yaml"),
}  # fmt: skip


def changed(tmp_path: Path, name: str, old: str, new: str) -> Path:
    """A copy of what is shipped in which one file says something else."""
    shutil.copytree(SHIPPED / "lists", tmp_path / "lists")
    shutil.copy(SHIPPED / "measures.yaml", tmp_path)
    path = tmp_path / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path


def test_the_lists_that_are_shipped_are_sound() -> None:
    book = load_lists("taizhou")
    colours = {name: one.colour for name, one in book.lists.items()}
    assert colours["malicious_arrears"] is Colour.BLACK
    assert colours["honest_taxpayer"] is Colour.RED
    assert set(colours) == {one.list for one in written_lists("taizhou")}
    for one in book.lists.values():
        assert set(ALWAYS) < set(one.exit_kinds)
        assert one.exit(ExitKind.EXPIRED) is not None
        assert book.measures_of(one.list), "a list from which nothing follows"


def test_a_region_without_lists_has_none() -> None:
    assert load_lists("beijing") == ListBook({}, None)
    assert written_lists("beijing") == ()


def test_what_was_not_read_in_the_text_says_so() -> None:
    book = load_lists("taizhou")
    debtors = book.lists["judgment_debtor"]
    assert {str(one.evidence) for one in debtors.unsourced} == {"known", "secondary"}
    national = book.catalogue.edition("national-2022")
    assert national.source.evidence is Evidence.KNOWN


def test_only_open_categories_are_published() -> None:
    region = load_region("taizhou")
    for one in load_lists("taizhou").lists.values():
        shares = {str(region.contracts[ground.category].share) for ground in one.grounds}
        assert shares == {"open"} or not one.publicity.shown


@pytest.mark.parametrize(("name", "old", "new", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_found_at_its_line(tmp_path, name, old, new, code):
    _, problems = read_lists(load_region("taizhou"), changed(tmp_path, name, old, new))
    found = {one.code: one for one in problems}
    assert code in found, [one.as_json() for one in problems]
    assert found[code].file == f"{name}.yaml"
    assert found[code].line


def test_a_broken_pack_is_not_served(tmp_path: Path) -> None:
    changed(tmp_path / "taizhou", "measures", "sense: reward", "sense: sanction")
    with pytest.raises(CatalogueError, match="rewards on a black list"):
        load_lists("taizhou", tmp_path)
