"""Cells of CSV files that people open in a spreadsheet."""

from __future__ import annotations

#: A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: And so do some with these; data that comes back is not marked for them.
_WIDE = ("\n", "＝", "＋", "－", "＠")
_MARK = "'"


def safe_cell(text: str) -> str:
    """The text so that no spreadsheet runs it; a plain negative number stays one.

    `plain_cell` gives the text back.
    """
    if text.startswith(FORMULA):
        return text if _is_number(text) else f"{_MARK}{text}"
    return f"{_MARK}{text}" if _is_marked(text) else text


def plain_cell(cell: str) -> str:
    """What `safe_cell` made safe."""
    return cell[1:] if _is_marked(cell) else cell


def text_cell(value: object) -> str:
    """A value as text that no spreadsheet runs: nothing of it is meant as a number to it."""
    text = "" if value is None else str(value)
    return f"{_MARK}{text}" if text.startswith((*FORMULA, *_WIDE)) else text


def _is_marked(text: str) -> bool:
    return text[:1] == _MARK and text[1:2] != "" and text[1] in (*FORMULA, _MARK)


def _is_number(text: str) -> bool:
    bare = text[1:].replace(".", "", 1)
    return text[0] in "+-" and bare.isascii() and bare.isdigit()
