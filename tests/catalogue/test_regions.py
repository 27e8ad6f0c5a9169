"""The shipped region packs: clean, and with pages that are up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from xinrong.catalogue import loading, reference_files
from xinrong.catalogue.region import load_region, regions_root
from xinrong.cli.catalogue import region_names

REGIONS = region_names(regions_root())
PAGES = regions_root().parent / "docs" / "reference" / "catalogue"


@pytest.mark.parametrize("name", REGIONS)
def test_a_shipped_region_has_no_problem_at_all(name: str) -> None:
    assert [str(one) for one in loading.problems(regions_root() / name)] == []


def test_the_reference_pages_are_up_to_date() -> None:
    wanted = reference_files.all_pages({name: load_region(name) for name in REGIONS}, whole=True)
    stale = {name: reference_files.stale(pages, PAGES / name) for name, pages in wanted.items()}
    assert stale == {name: [] for name in wanted}, "run `xinrong catalogue docs`"


@pytest.mark.parametrize("name", REGIONS)
def test_every_feed_has_its_contract_and_department(name: str) -> None:
    region = load_region(name)
    for feed in region.feeds.values():
        assert region.contract_of(feed).category == feed.category
        assert feed.department in region.departments


def test_a_region_is_loaded_once() -> None:
    assert load_region("beijing") is load_region("beijing")


def test_the_packs_are_found_from_any_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert (regions_root() / "beijing" / "region.yaml").is_file()
