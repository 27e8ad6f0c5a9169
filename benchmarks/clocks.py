"""The clocks of the law: cases worked by hand from the texts, each with its article.

The cases stand in `tests/cases/law/`; each gives a matter, the rule that binds and its last day.
`small` takes every tenth.
"""

from __future__ import annotations

from benchmarks.harness import Figure
from tests.domain.law.cases import cases


def run(small: bool) -> list[Figure]:
    """Ask the law packs of every case."""
    worked = list(cases())[:: 10 if small else 1]
    wrong = [(case, case.wrong()) for case in worked]
    faults = [f"{case.title}: {why}" for case, why in wrong if why]
    print("\n".join(faults))
    sourced = sum(bool(case.article) for case in worked)
    return [
        Figure("cases", len(worked), "cases", ">= 120"),
        Figure("wrong", len(faults), "cases", "= 0"),
        Figure("with_an_article", sourced, "cases"),
    ]
