"""Verbs of criteria: which there are, what they say of one enterprise, of all, of an event.

`criteria_of_region` and `listed_for` name them; `answer_of_enterprise` and `answers_of_all` ask
them, for other capabilities; `explain` and `count` do so for a person, through the gate.
"""

from __future__ import annotations

from xinrong.profiles.criteria.answering import (
    Answered,
    answer_of_enterprise,
    answers_of_all,
    answers_of_enterprise,
    enterprises_admitted,
    reasons_of,
)
from xinrong.profiles.criteria.columns import (
    REASONS,
    areas_of,
    category_of,
    definition_of,
    event_schema,
    profile_schema,
    schema_of,
    sql_type_of,
)
from xinrong.profiles.criteria.counting import cost_of, count
from xinrong.profiles.criteria.errors import CriteriaBroken, CriteriaRefused
from xinrong.profiles.criteria.events import AskedEvents, Result, ask_events, results_after
from xinrong.profiles.criteria.explaining import Told, explain
from xinrong.profiles.criteria.packs import (
    criteria_of_region,
    criterion_of,
    lint_region,
    load_criteria,
    read_criteria,
)
from xinrong.profiles.criteria.perms import (
    can_build,
    may_count_column,
    may_read,
    region_name,
    uncountable,
)
from xinrong.profiles.criteria.written import (
    Basis,
    Listed,
    Saving,
    as_yaml,
    listed_for,
    listed_of,
    read_text,
    save_draft,
    save_version,
)

__all__ = [
    "REASONS",
    "Answered",
    "AskedEvents",
    "Basis",
    "CriteriaBroken",
    "CriteriaRefused",
    "Listed",
    "Result",
    "Saving",
    "Told",
    "answer_of_enterprise",
    "answers_of_all",
    "answers_of_enterprise",
    "areas_of",
    "as_yaml",
    "ask_events",
    "can_build",
    "category_of",
    "cost_of",
    "count",
    "criteria_of_region",
    "criterion_of",
    "definition_of",
    "enterprises_admitted",
    "event_schema",
    "explain",
    "lint_region",
    "listed_for",
    "listed_of",
    "load_criteria",
    "may_count_column",
    "may_read",
    "profile_schema",
    "read_criteria",
    "read_text",
    "reasons_of",
    "region_name",
    "results_after",
    "save_draft",
    "save_version",
    "schema_of",
    "sql_type_of",
    "uncountable",
]
