"""Which figures of a table are shown: none under ten, none that a subtraction would give away.

The rule, in this order:

1. A figure under FLOOR is hidden, a total as well. Nought is hidden like nine: which of the two it
   is, is not told.
2. Where the total of a line (a row or a column) is shown, the figures hidden in it are at least
   two and make up at least FLOOR together; else the smallest figure shown in the line is hidden,
   too. So a total less the figures shown is never a single hidden figure, nor a sum under FLOOR.
3. Where the total of a line is hidden, at least one of its figures is: else they would add up to
   the total.
4. Rules 2 and 3 are asked of rows and columns in turn until nothing more is hidden.
5. What is shown is rounded to the nearest ten, each figure by itself, totals as well; so they need
   not add up, and no difference of figures is exact.

The totals of a table are hidden or shown before its figures are, by the table of that one
dimension: every table shows the same totals (`tables`).
"""

from __future__ import annotations

from collections.abc import Sequence

#: No figure under this is shown.
FLOOR = 10
#: Figures are multiples of this.
STEP = 10

type Grid = list[list[int]]
type Mask = list[list[bool]]


def rounded(figure: int) -> int:
    """To the nearest multiple of STEP, halves up."""
    return STEP * ((figure + STEP // 2) // STEP)


def shown(figure: int, *, hidden: bool) -> int | None:
    """The figure as it is published; None: hidden."""
    return None if hidden or figure < FLOOR else rounded(figure)


def hide_line(figures: Sequence[int], *, total_hidden: bool) -> list[bool]:
    """Which figures of a single line are hidden (rules 1 to 3)."""
    hidden = [one < FLOOR for one in figures]
    while (place := _next(figures, hidden, total_hidden=total_hidden)) is not None:
        hidden[place] = True
    return hidden


def hide_table(grid: Grid, rows_hidden: Sequence[bool], columns_hidden: Sequence[bool]) -> Mask:
    """Which figures of a table are hidden, given which of its totals are (rules 1 to 4)."""
    hidden = [[one < FLOOR for one in row] for row in grid]
    changed = True
    while changed:
        changed = False
        for place, row in enumerate(grid):
            more = _more(row, hidden[place], total_hidden=rows_hidden[place])
            for column in more:
                hidden[place][column] = changed = True
        for column, total_hidden in enumerate(columns_hidden):
            figures = [row[column] for row in grid]
            flags = [row[column] for row in hidden]
            for place in _more(figures, flags, total_hidden=total_hidden):
                hidden[place][column] = changed = True
    return hidden


def _more(figures: Sequence[int], hidden: Sequence[bool], *, total_hidden: bool) -> list[int]:
    """The places in a line that have to be hidden besides those that are."""
    flags, found = list(hidden), []
    while (place := _next(figures, flags, total_hidden=total_hidden)) is not None:
        flags[place] = True
        found.append(place)
    return found


def _next(figures: Sequence[int], hidden: Sequence[bool], *, total_hidden: bool) -> int | None:
    """The place of the figure that has to be hidden next in a line; None when it is safe."""
    away = [one for one, flag in zip(figures, hidden, strict=True) if flag]
    safe = bool(away) if total_hidden else not away or (len(away) > 1 and sum(away) >= FLOOR)
    left = [place for place, flag in enumerate(hidden) if not flag]
    if safe or not left:
        return None
    return min(left, key=lambda place: (figures[place], place))
