"""Reference pages are a function of the catalogue, and complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalogue.test_lint_cases import CASES, pack_of
from xinrong.catalogue import reference_files
from xinrong.catalogue.loading import build_region
from xinrong.catalogue.reference import MARK, pages
from xinrong.catalogue.region import Region, load_region

GOLDEN = CASES.parent / "golden"


@pytest.fixture
def base(tmp_path: Path) -> Region:
    return build_region(pack_of("base", tmp_path))


@pytest.mark.parametrize("name", ["index.md", "feeds.md", "penalty.md"])
def test_the_pages_of_the_base_pack_are_the_golden_ones(name: str, base: Region) -> None:
    assert pages(base)[name] == (GOLDEN / name).read_text(encoding="utf-8")


def test_the_same_region_gives_the_same_pages() -> None:
    again = load_region.__wrapped__("beijing")
    assert pages(load_region("beijing")) == pages(again)


@pytest.mark.parametrize("name", ["beijing", "taizhou"])
def test_every_category_field_value_and_feed_is_on_its_page(name: str) -> None:
    region = load_region(name)
    made = pages(region)
    for contract in region.contracts.values():
        page = made[f"{contract.category}.md"]
        for field in contract.fields:
            assert f"| `{field.name}` | {field.title.zh} |" in page
            assert all(f"`{value}`" in page for value in field.values)
        assert f"]({contract.category}.md)" in made["index.md"]
    for feed in region.feeds.values():
        assert f"`{feed.feed}`" in made[f"{feed.category}.md"]
        assert f"`{feed.feed}`" in made["feeds.md"]


@pytest.mark.parametrize("name", ["beijing", "taizhou"])
def test_every_table_row_has_as_many_cells_as_its_header(name: str) -> None:
    for page in pages(load_region(name)).values():
        width = 0
        for line in page.splitlines():
            bars = line.replace("\\|", "").count("|")
            if line.startswith("|"):
                width = width or bars
                assert bars == width, line
            else:
                width = 0


def test_every_link_leads_to_a_page() -> None:
    import re

    made = pages(load_region("beijing"))
    for page in made.values():
        for target in re.findall(r"\]\(([^)]+)\)", page):
            assert target in made


def test_missing_changed_and_left_over_pages_are_stale(base: Region, tmp_path: Path) -> None:
    folder, wanted = tmp_path / "pages", pages(base)
    assert len(reference_files.stale(wanted, folder)) == 3
    assert reference_files.write(wanted, folder) == 3
    assert reference_files.stale(wanted, folder) == []
    (folder / "index.md").write_text(MARK + "\nold", encoding="utf-8")
    (folder / "gone.md").write_text(MARK, encoding="utf-8")
    (folder / "written.md").write_text("by a person", encoding="utf-8")
    assert reference_files.stale(wanted, folder) == ["gone.md: left over", "index.md: out of date"]
    reference_files.write(wanted, folder)
    kept = ["feeds.md", "index.md", "penalty.md", "written.md"]
    assert sorted(path.name for path in folder.iterdir()) == kept


def test_one_page_leads_to_every_region(base: Region) -> None:
    wanted = reference_files.all_pages({"base": base}, whole=True)
    assert "[Sample City](base/index.md)" in wanted["."]["index.md"]
    assert "." not in reference_files.all_pages({"base": base}, whole=False)
