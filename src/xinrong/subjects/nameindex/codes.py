"""The codes of enterprises, to be looked through for a fragment: all of them, every time.

Eighteen signs each for 700,000 enterprises are 13 MB: going through them takes some milliseconds,
less than keeping an order of them would cost.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator
from itertools import batched
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

AT_ONCE = 50_000
_TEXT, _NUMBERS = "codes.txt", "code_enterprises.npy"


class Codes:
    """The codes that lie in a folder, one a line, all of one length."""

    def __init__(self, text: mmap.mmap | bytes, enterprises: npt.NDArray[np.int64]) -> None:
        self._text = text
        self._enterprises = enterprises
        self._wide = len(text) // len(enterprises) if len(enterprises) else 1

    def __len__(self) -> int:
        return len(self._enterprises)

    def holding(self, fragment: str, limit: int) -> Iterator[tuple[int, str]]:
        """(enterprise, code) where the fragment stands in the code, in order of enterprise."""
        if not fragment.isascii() or not fragment.isalnum():
            return
        wanted, at = fragment.encode(), -1
        while limit > 0 and (at := self._text.find(wanted, at + 1)) >= 0:
            number = at // self._wide
            code = self._text[number * self._wide : (number + 1) * self._wide].decode().strip()
            yield int(self._enterprises[number]), code
            limit -= 1
            at = (number + 1) * self._wide - 1

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Those that were written into a folder; none where none were."""
        path = folder / _TEXT
        if not path.exists() or not path.stat().st_size:
            return cls(b"", np.zeros(0, np.int64))
        with path.open("rb") as file:
            text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return cls(text, np.load(folder / _NUMBERS))


def write_codes(rows: Iterable[tuple[int, str]], folder: Path, longest: int = 18) -> None:
    """Write (enterprise, code) into a folder."""
    numbers = []
    with (folder / _TEXT).open("wb") as file:
        for some in batched(rows, AT_ONCE):
            numbers.append(np.array([number for number, _ in some], np.int64))
            lines = [f"{code[:longest]:<{longest}}\n" for _, code in some]
            file.write("".join(lines).encode("ascii", "replace"))
    joined = np.concatenate(numbers) if numbers else np.zeros(0, np.int64)
    np.save(folder / _NUMBERS, joined)
