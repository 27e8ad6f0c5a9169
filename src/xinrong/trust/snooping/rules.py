"""The rules as data: `rules.yaml` beside this module, read once and checked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from xinrong.domain.errors import Place, XinrongError
from xinrong.domain.text import Text

RULES = Path(__file__).with_name("rules.yaml")


class RulesFault(XinrongError):
    """The rules cannot be read as rules."""

    code = "snooping_rules"


@dataclass(frozen=True)
class Rule:
    """One rule; rules.yaml says what its fields mean."""

    name: str
    title: Text
    counts: str
    windows: tuple[tuple[int, float], ...]  # weeks, shape
    weight: float
    cap: float


@dataclass(frozen=True)
class Rules:
    """All of them, and what they share."""

    version: str
    threshold: float
    grace_days: int
    history_weeks: int
    past_weeks: int
    quiet_weeks: int
    prior_visits: float
    opens: int
    closes: int
    alone: int
    near: int
    steps: int
    reach_days: int
    rules: tuple[Rule, ...]

    @property
    def longest(self) -> int:
        """Weeks of the longest window."""
        return max(weeks for rule in self.rules for weeks, _ in rule.windows)

    def rule(self, name: str) -> Rule | None:
        """The rule of that name; none when it was renamed since."""
        return next((one for one in self.rules if one.name == name), None)


@cache
def load_rules(path: Path = RULES) -> Rules:
    """Read and check the rules. Raises RulesFault."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        made = tuple(
            Rule(
                name, Text(zh=one["zh"], en=one["en"]), one["counts"],
                tuple((int(weeks), float(shape)) for weeks, shape in one["windows"].items()),
                float(one["weight"]), float(one["cap"]),
            )
            for name, one in content.pop("rules").items()
        )  # fmt: skip
        rules = Rules(rules=made, **content)
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise RulesFault(
            f"the rules cannot be read: {error!r}",
            place=Place(file=path.name),
            remedy="Compare with the file that is shipped.",
        ) from error
    for rule in made:
        if not rule.windows or min(min(one) for one in rule.windows) <= 0 or rule.weight < 0:
            raise RulesFault(
                f"the rule {rule.name} needs windows of a week or more, a shape above nought and "
                "a weight of nought or more",
                place=Place(file=path.name, field=rule.name),
            )
    return rules
