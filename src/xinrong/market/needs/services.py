"""Verbs of needs: draft one, answer its questions, state it, withdraw it, find it again."""

from __future__ import annotations

from xinrong.market.needs import questionnaires
from xinrong.market.needs.advising import ADVICE, advice_by, advice_on, ask_advice
from xinrong.market.needs.drafting import (
    MOST_DRAFTS,
    Prefilled,
    answer,
    asked_of,
    draft,
    lacking,
    next_question,
)
from xinrong.market.needs.entering import MOST_WAITING, enter
from xinrong.market.needs.finding import (
    check_stands,
    founded_by,
    need_by_number,
    need_for,
    need_of,
    needs_entered,
    needs_of,
    needs_of_enterprise,
    own_enterprise,
)
from xinrong.market.needs.fitting import AT_ONCE, FitFigure, FitNames, fit_names, fits_figure
from xinrong.market.needs.forms import (
    MOST_ROWS,
    FormFault,
    FormRead,
    FormRow,
    enter_form,
    read_form,
    write_form,
)
from xinrong.market.needs.models import NeedSource, NeedState, Questionnaire, StatedNeed
from xinrong.market.needs.prefilling import prefilled_for
from xinrong.market.needs.questions import (
    LONGEST_NAME,
    LONGEST_NOTE,
    NOTHING_TO_OFFER,
    QUESTIONS,
    Given,
    Question,
    questions_for,
    read_answer,
)
from xinrong.market.needs.refusals import not_for_role
from xinrong.market.needs.sending import in_whose_name, send
from xinrong.market.needs.stating import (
    after_withdrawal,
    look_again,
    settle,
    state,
    take_over,
    withdraw,
)
from xinrong.market.needs.table import NEED_PROCESS

__all__ = [
    "ADVICE",
    "AT_ONCE",
    "LONGEST_NAME",
    "LONGEST_NOTE",
    "MOST_DRAFTS",
    "MOST_ROWS",
    "MOST_WAITING",
    "NEED_PROCESS",
    "NOTHING_TO_OFFER",
    "QUESTIONS",
    "FitFigure",
    "FitNames",
    "FormFault",
    "FormRead",
    "FormRow",
    "Given",
    "NeedSource",
    "NeedState",
    "Prefilled",
    "Question",
    "Questionnaire",
    "StatedNeed",
    "advice_by",
    "advice_on",
    "after_withdrawal",
    "answer",
    "ask_advice",
    "asked_of",
    "check_stands",
    "draft",
    "enter",
    "enter_form",
    "fit_names",
    "fits_figure",
    "founded_by",
    "in_whose_name",
    "lacking",
    "look_again",
    "need_by_number",
    "need_for",
    "need_of",
    "needs_entered",
    "needs_of",
    "needs_of_enterprise",
    "next_question",
    "not_for_role",
    "own_enterprise",
    "prefilled_for",
    "questionnaires",
    "questions_for",
    "read_answer",
    "read_form",
    "send",
    "settle",
    "state",
    "take_over",
    "withdraw",
    "write_form",
]
