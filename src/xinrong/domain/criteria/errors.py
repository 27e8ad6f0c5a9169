"""What is wrong with a criterion, at which character, and what to write instead."""

from __future__ import annotations

from xinrong.domain.errors import Place, XinrongError
from xinrong.domain.text import Text


class CriterionRefused(XinrongError):
    """The text of a criterion is not one that may be asked.

    `at` is the character, counted from 1; `problem` and `advice` say the same as `wrong` and
    `remedy` in both languages. Codes begin with `criterion_`.
    """

    code = "criterion_refused"

    def __init__(self, code: str, at: int, problem: Text, advice: Text) -> None:
        self.at = at
        self.problem = problem
        self.advice = advice
        super().__init__(
            problem.en, place=Place(field=f"character {at}"), remedy=advice.en, code=code
        )

    def in_language(self, language: str) -> str:
        """The whole message for a language tag; Chinese is the default."""
        if language.lower().startswith("en"):
            return f"Character {self.at}: {self.problem.en}. {self.advice.en}"
        return f"第{self.at}个字符：{self.problem.zh}。{self.advice.zh}"


class CriterionMisused(XinrongError):
    """A criterion is asked in a way that it does not allow: no version in force, a wrong cycle."""

    code = "criterion_misused"
