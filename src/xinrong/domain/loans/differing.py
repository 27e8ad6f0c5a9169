"""Where a loan that is made departs from the one that was promised, line by line of its sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from xinrong.domain.loans.sheet import Line, cost_sheet
from xinrong.domain.loans.terms import DayCount, LoanTerms
from xinrong.domain.text import Text

_NOT_THERE = Text(zh="（无）", en="(none)")


@dataclass(frozen=True)
class Difference:
    """One line of the cost sheet that is not as promised."""

    name: Text
    promised: Text
    made: Text


def differences(promised: LoanTerms, made: LoanTerms) -> tuple[Difference, ...]:
    """The lines of the cost sheet that differ; none when the loan is what was promised.

    A promise without a day of disbursement is kept on any day: the loan that is made is then
    compared in months, unless its interest counts days. Raises what `cost_sheet` raises.
    """
    if promised.since is None and made.months is not None and made.counting is DayCount.MONTHS:
        made = replace(made, since=None)
    before, after = _by_name(cost_sheet(promised).lines), _by_name(cost_sheet(made).lines)
    return tuple(
        Difference(
            (before.get(key) or after[key]).name,
            before[key].value if key in before else _NOT_THERE,
            after[key].value if key in after else _NOT_THERE,
        )
        for key in {**before, **after}
        if key not in before or key not in after or before[key].value != after[key].value
    )


def _by_name(lines: Iterable[Line]) -> dict[tuple[str, int], Line]:
    """Lines by their name; of fees that are called the same, the first, the second …"""
    found: dict[tuple[str, int], Line] = {}
    for line in lines:
        number = sum(name == line.name.zh for name, _ in found)
        found[line.name.zh, number] = line
    return found
