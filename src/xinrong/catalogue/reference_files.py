"""Reference pages on disk: written, and compared with what they should be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xinrong.catalogue.reference import MARK, pages, regions_page
from xinrong.catalogue.region import Region


def all_pages(regions: Mapping[str, Region], *, whole: bool) -> dict[str, dict[str, str]]:
    """Folder -> file -> text; with `whole` the page that leads to all regions is in folder "."."""
    made = {name: pages(region) for name, region in regions.items()}
    return {".": {"index.md": regions_page(regions.values())}, **made} if whole else made


def stale(wanted: Mapping[str, str], folder: Path) -> list[str]:
    """What is wrong with a folder of pages, in order: missing, out of date or left over."""
    found = _generated(folder)
    out = []
    for name, text in wanted.items():
        if not (folder / name).is_file():
            out.append(f"{name}: missing")
        elif found.get(name) != text:
            out.append(f"{name}: out of date")
    out += [f"{name}: left over" for name in found if name not in wanted]
    return sorted(out)


def write(wanted: Mapping[str, str], folder: Path) -> int:
    """Write a folder of pages, remove generated ones that are left over; the number of pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _generated(folder):
        if name not in wanted:
            (folder / name).unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(wanted)


def _generated(folder: Path) -> dict[str, str]:
    """The pages in a folder that carry the mark of generation."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}
    return {name: text for name, text in texts.items() if text.startswith(MARK)}
