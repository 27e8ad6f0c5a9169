"""What a receipt says about cells that were read, but not as they stand there.

An amount with its own unit, a number that lost its fifth place: the row is sound, and its sender
should know. Counted by cell and field, in rows that were put aside, too.
"""

from __future__ import annotations

from collections import Counter
from threading import Lock

import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.contract import RecordField
from xinrong.collect.judging.values import REMEMBERED
from xinrong.collect.readers import Note
from xinrong.domain.text import Text

#: Notes of the readers of `xinrong.domain`, as the receipt words them; {0} is the field.
_WORDS = {
    "own_unit": Text(
        zh="“{0}”：单元格自带单位，按自带的单位读取，不按该列约定的单位。",
        en="{0}: the cells name a unit of their own; it won over the column's.",
    ),
    "scientific": Text(
        zh="“{0}”：按科学计数法（如 1.2E5）填写，已按其表示的数读取。",
        en="{0}: written in scientific notation (such as 1.2E5) and read as the number it is.",
    ),
    "float_noise": Text(
        zh="“{0}”：小数尾部有浮点误差（如 0.30000000000000004），已取十五位有效数字。",
        en="{0}: binary fractions' noise (such as 0.30000000000000004) was cut off at fifteen "
        "digits.",
    ),
    "rounded": Text(
        zh="“{0}”：小数超过四位，已四舍六入五成双到四位。",
        en="{0}: more than four decimals; rounded to four, halves to even.",
    ),
}


class NotedTexts:
    """Texts of one field that a reader had something to say about, and how many cells held them.

    Chunks may be counted in several threads at once.
    """

    def __init__(self, field: RecordField) -> None:
        self.field = field
        self._notes: dict[str, tuple[str, ...]] = {}
        self._cells: Counter[str] = Counter()
        self._lock = Lock()

    def remember(self, text: str, notes: tuple[str, ...]) -> None:
        """Called when a distinct text is read for the first time; so many are remembered."""
        if notes and len(self._notes) < REMEMBERED:
            self._notes[text] = notes

    def count(self, texts: pa.Array) -> None:
        """Count the cells of a chunk, after all of its texts were read."""
        if not self._notes:
            return
        with self._lock:
            noted = dict(self._notes)
        held = pc.filter(texts, pc.is_in(texts, pa.array(noted, pa.string())))
        for one in pc.value_counts(held).to_pylist():
            with self._lock:
                for note in noted[one["values"]]:
                    self._cells[note] += one["counts"]

    def notes(self) -> list[Note]:
        """One note for each thing that was to be said, with the number of cells."""
        title = self.field.title
        return [
            Note(
                code,
                Text(zh=words.zh.format(title.zh), en=words.en.format(title.en)),
                self._cells[code],
            )
            for code, words in _WORDS.items()
            if self._cells[code]
        ]
