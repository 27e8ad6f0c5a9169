"""Put the files that a script invents into their folder."""

from __future__ import annotations

from pathlib import Path


def replace_files(made: dict[str, str], folder: Path) -> None:
    """Write name → text, and take away the files of lenders that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.yaml"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
