"""Criteria: which enterprises, by a SQL boolean expression in which unknown stays unknown.

`parse` reads the text over a `Schema` of columns. `to_sql` writes it for an engine, `answer_of`
compiles it for one row at a time, `Explainer` says why condition by condition, `lint` what is odd
about it. `Criterion` adds the source and the dates in force; `check_strata` keeps definitions out
of circles. docs/how-to/write-a-rule.md shows the language.
"""

from __future__ import annotations

from xinrong.domain.criteria.answering import Answer, Row, answer_of
from xinrong.domain.criteria.columns import (
    REASON_WORDS,
    TYPE_WORDS,
    Allowed,
    Column,
    MissingReason,
    Schema,
    Storage,
    Stratum,
    Type,
)
from xinrong.domain.criteria.conditions import Gap, Reasons
from xinrong.domain.criteria.criterion import Criterion, Over, Source, Version, lint_criterion
from xinrong.domain.criteria.errors import CriterionMisused, CriterionRefused
from xinrong.domain.criteria.explaining import (
    OUTCOME_WORDS,
    Change,
    ConditionOutcome,
    Explainer,
    Explanation,
    Missing,
    Outcome,
)
from xinrong.domain.criteria.linting import Finding, Severity, lint
from xinrong.domain.criteria.parsing import parse
from xinrong.domain.criteria.sql import parameters, to_sql
from xinrong.domain.criteria.strata import Definition, check_strata
from xinrong.domain.criteria.tree import Expression

__all__ = [
    "OUTCOME_WORDS",
    "REASON_WORDS",
    "TYPE_WORDS",
    "Allowed",
    "Answer",
    "Change",
    "Column",
    "ConditionOutcome",
    "Criterion",
    "CriterionMisused",
    "CriterionRefused",
    "Definition",
    "Explainer",
    "Explanation",
    "Expression",
    "Finding",
    "Gap",
    "Missing",
    "MissingReason",
    "Outcome",
    "Over",
    "Reasons",
    "Row",
    "Schema",
    "Severity",
    "Source",
    "Storage",
    "Stratum",
    "Type",
    "Version",
    "answer_of",
    "check_strata",
    "lint",
    "lint_criterion",
    "parameters",
    "parse",
    "to_sql",
]
