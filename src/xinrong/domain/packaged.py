"""Tables that come with the program: CSV files beside the modules that read them."""

from __future__ import annotations

import csv
import io
from importlib.resources import files


def packaged_rows(package: str, *path: str) -> list[dict[str, str]]:
    """The rows of a table by their headings: UTF-8, a comma between cells, no loose quotes.

    Raises FileNotFoundError, and csv.Error for a file that is not as described: both are faults of
    the program, found by its tests.
    """
    text = files(package).joinpath(*path).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
