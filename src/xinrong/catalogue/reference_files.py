"""Reference pages on disk: written, and compared with what they should be."""

from __future__ import annotations

from pathlib import Path

from xinrong.catalogue.reference import MARK, pages
from xinrong.catalogue.region import Region


def stale(region: Region, folder: Path) -> list[str]:
    """What is wrong with a region's pages, in order: missing, out of date or left over."""
    wanted, found = pages(region), _generated(folder)
    out = [f"{name}: missing" for name in wanted if not (folder / name).is_file()]
    out += [
        f"{name}: out of date" for name in wanted if found.get(name, wanted[name]) != wanted[name]
    ]
    out += [f"{name}: left over" for name in found if name not in wanted]
    return sorted(out)


def write(region: Region, folder: Path) -> int:
    """Write a region's pages, remove generated ones that are left over; the number of pages."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages(region)
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
