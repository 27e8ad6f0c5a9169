"""Whether what is asked keeps within the template; if not, which clause it breaks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from xinrong.catalogue.consent_template import ALWAYS, ConsentTemplate, StageUse
from xinrong.catalogue.contract import Basis
from xinrong.catalogue.region import Region, load_region
from xinrong.trust.errors import ConsentRefused
from xinrong.trust.types import STAGED, Purpose, Stage

#: From this level on a category needs a tick of its own (个人信息保护法 第二十八条、第二十九条).
SENSITIVE = 4


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for. Days are calendar days."""

    template: str
    purpose: str
    stages: tuple[str, ...]  # empty for a purpose without stages
    levels: Mapping[str, int]  # category -> level
    days: int
    keep_days: int
    one_time: bool
    data_from: date


def region_now() -> Region:
    """The catalogue that this deployment serves."""
    return load_region(settings.REGION)


def template_of(name: str) -> ConsentTemplate:
    """The template of that name as it is today. Raises ConsentRefused."""
    found = region_now().consents.get(name)
    if found is None:
        raise ConsentRefused(
            f"there is no template {name!r} of what may be asked",
            remedy=f"Ask within one of: {', '.join(region_now().consents) or 'none'}.",
            code="template_unknown",
        )
    return found


def templates_for(purpose: str) -> tuple[ConsentTemplate, ...]:
    """The templates of a purpose."""
    return tuple(one for one in region_now().consents.values() if one.purpose == purpose)


def stages_of(purpose: str, stages: Collection[str]) -> tuple[str, ...]:
    """The stages as templates name them: `always` for a purpose that has none."""
    return tuple(stages) if purpose in {one.value for one in STAGED} else (ALWAYS,)


def check_fair_use(wanted: Wanted, *, today: date) -> ConsentTemplate:
    """The template, if it allows all of this. Raises ConsentRefused with the clause."""
    template = template_of(wanted.template)
    if template.purpose != wanted.purpose:
        raise over(f"this template is for {template.purpose}, not for {wanted.purpose}", None)
    uses = _uses(template, wanted)
    for use in uses:
        _check_use(wanted, use, today)
    allowed = template.levels_at(stages_of(wanted.purpose, wanted.stages))
    if not wanted.levels:
        raise ConsentRefused("a consent names at least one category", code="nothing_asked")
    for category, level in wanted.levels.items():
        basis = uses[0].basis
        if category not in allowed:
            raise over(f"{category} may not be asked for this purpose and stage", basis)
        if type(level) is not int or not 1 <= level <= allowed[category]:
            raise over(f"{category} may be asked up to level {allowed[category]}", basis)
    return template


def _uses(template: ConsentTemplate, wanted: Wanted) -> list[StageUse]:
    names = stages_of(wanted.purpose, wanted.stages)
    found = [template.stage(name) for name in names]
    if not names or None in found or len(set(names)) != len(names):
        raise ConsentRefused(
            "the stages are not those of this template",
            remedy=f"Choose from: {', '.join(template.stages)}.",
            code="stage_unknown",
        )
    return [use for use in found if use is not None]


def _check_use(wanted: Wanted, use: StageUse, today: date) -> None:
    if ("one_time" if wanted.one_time else "periodic") not in use.forms:
        raise over(f"only {' or '.join(use.forms)} use may be asked here", use.basis)
    if not 1 <= wanted.days <= use.longest_days:
        raise over(f"it may be asked for at most {use.longest_days} days", use.basis)
    if not 1 <= wanted.keep_days <= use.longest_keep_days:
        raise over(f"it may be kept for at most {use.longest_keep_days} days", use.basis)
    first = years_before(today, use.data_years)
    if not first <= wanted.data_from <= today:
        raise over(f"it may reach back {use.data_years} years at most", use.basis)


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; of 29 February, the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def over(wrong: str, basis: Basis | None) -> ConsentRefused:
    """Over-asking, refused with the clause that it breaks."""
    clause = f"{basis.document} {basis.article}".strip() if basis else ""
    return ConsentRefused(
        f"{wrong} ({clause})" if clause else wrong,
        remedy="Ask for less.",
        code="over_asked",
    )


def allowed_now(template: str, purpose: Purpose, stage: Stage | None) -> Mapping[str, int] | None:
    """Category -> the level that a template allows at this stage today; the gate asks this.

    None for a consent that was given outside of the process, which no template bounds.
    """
    if not template:
        return None
    found = region_now().consents.get(template)
    if found is None or found.purpose != purpose.value:
        return {}
    use = found.stage(ALWAYS if stage is None else stage.value)
    return use.levels if use else {}
