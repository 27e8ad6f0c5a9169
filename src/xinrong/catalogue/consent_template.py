"""Fair use: what may be asked for a purpose at a stage, how deep and for how long, by which law.

Templates are YAML files under `regions/<region>/consent/`. Whoever asks an enterprise for its
consent asks within one; a consent that reaches further than its template does today reaches only
as far as the template.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from pydantic import Field

from xinrong.catalogue.contract import Basis, Strict
from xinrong.domain.text import Text

StageName = Literal["pre_loan", "approval", "post_loan", "always"]
PurposeName = Literal["credit", "guarantee", "advice"]
Form = Literal["one_time", "periodic"]
Signature = Literal["platform", "passkey"]

#: The stage of a purpose that has none.
ALWAYS = "always"


class Asked(Strict):
    """One category that may be asked, up to which level (1 to 4), why, and by which law."""

    category: str
    level: int = Field(ge=1, le=4)
    why: Text
    basis: Basis


class StageUse(Strict):
    """What may be asked at one stage. Days are calendar days."""

    forms: tuple[Form, ...] = Field(min_length=1)
    longest_days: int = Field(ge=1, le=3 * 366)  # validity
    longest_keep_days: int = Field(ge=1, le=20 * 366)  # how long the institution may keep it
    data_years: int = Field(ge=1, le=10)  # how far back the data may reach
    basis: Basis
    categories: tuple[Asked, ...] = Field(min_length=1)

    @property
    def levels(self) -> Mapping[str, int]:
        """Category -> the highest level."""
        return {asked.category: asked.level for asked in self.categories}


class ConsentTemplate(Strict):
    """One purpose's fair use, stage by stage."""

    template: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: int = Field(default=1, ge=1)
    title: Text
    purpose: PurposeName
    refusal: Text  # what happens if the enterprise says no
    answer_days: int = Field(default=14, ge=1, le=90)  # after which a request lapses
    stop_use_days: int = Field(default=15, ge=1, le=60)  # to answer a stop-use notice
    signature: Signature = "platform"  # passkey: nobody grants without signing in person
    stages: Mapping[StageName, StageUse] = Field(min_length=1)

    def levels_at(self, stages: Collection[str]) -> Mapping[str, int]:
        """Category -> the highest level at any of these stages."""
        found: dict[str, int] = {}
        for stage in stages:
            use = self.stage(stage)
            for category, level in use.levels.items() if use else ():
                found[category] = max(level, found.get(category, 0))
        return found

    def stage(self, name: str) -> StageUse | None:
        """The fair use of a stage; None when the template knows none."""
        return next((use for stage, use in self.stages.items() if stage == name), None)

    def asked(self, category: str, stages: Collection[str]) -> Asked | None:
        """What these stages say of a category, the deepest first."""
        found = [
            asked
            for stage in stages
            if (use := self.stage(stage)) is not None
            for asked in use.categories
            if asked.category == category
        ]
        return max(found, key=lambda asked: asked.level, default=None)
