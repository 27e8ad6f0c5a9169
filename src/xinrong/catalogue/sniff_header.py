"""Which rows of a sample are its headings, and what the headings say."""

from __future__ import annotations

from itertools import pairwise

from xinrong.catalogue.recognise import is_data


def header_rows(table: list[list[str]]) -> tuple[int, ...]:
    """The rows (from 1) that hold the headings: one, or two where the first is merged.

    Lines of title above the header are passed over: they fill one cell of a wide table.
    """
    width = max((len(cells_with_text(row)) for row in table), default=0)
    for index, row in enumerate(table[:8]):
        filled = cells_with_text(row)
        if len(filled) < max(2, (width + 1) // 2) and width > 1:
            continue
        if not filled:
            continue
        if any(is_data(cell) for cell in filled):
            return ()
        return (index + 1, index + 2) if _second_header(table, index) else (index + 1,)
    return ()


def _second_header(table: list[list[str]], index: int) -> bool:
    """Whether the row below belongs to the header: it fills the gaps that merging left."""
    if index + 2 >= len(table):
        return False
    first, second = table[index], table[index + 1]
    below = cells_with_text(second)
    if not below or any(is_data(cell) for cell in below):
        return False
    width = max(len(first), len(second))
    top = [cell.strip() for cell in [*first, *[""] * width][:width]]
    low = [cell.strip() for cell in [*second, *[""] * width][:width]]
    gap = any(not above and here for above, here in zip(top, low, strict=True))
    merged_down = any(above and not here for above, here in zip(top, low, strict=True))
    data_below = any(is_data(cell) for cell in cells_with_text(table[index + 2]))
    return gap and merged_down and data_below


def tidy_heading(text: str) -> str:
    """A heading as the intake names the column: without line breaks and invisible marks."""
    bare = text.replace("\ufeff", "").replace("\u200b", "").replace("\u3000", " ")
    lines = (line.strip() for line in bare.replace("\r", "\n").split("\n"))
    return " ".join("".join(lines).split())


def join_header(rows: list[list[str]], *, spread: bool) -> list[str]:
    """Headings of one or more rows joined with a space, as the intake joins them.

    With `spread` (text files, which do not say what was merged) a heading stands over the empty
    cells to its right that have a heading below them.
    """
    width = max(map(len, rows))
    grid = [[tidy_heading(cell) for cell in [*row, *[""] * width][:width]] for row in rows]
    if spread:
        for row, below in pairwise(grid):
            for index in range(1, width):
                if not row[index] and below[index] and below[index - 1]:
                    row[index] = row[index - 1]
    joined = [
        " ".join(dict.fromkeys(part for part in parts if part)) for parts in zip(*grid, strict=True)
    ]
    while joined and not joined[-1]:
        joined.pop()
    return joined


def cells_with_text(row: list[str]) -> list[str]:
    """The cells of a row that are not empty."""
    return [cell for cell in row if cell.strip()]
