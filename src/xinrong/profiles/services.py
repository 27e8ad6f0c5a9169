"""Verbs of profiles: what the indicators are, what they say of one enterprise and of all.

`columns()` is the schema; `profile_of` reads or computes one enterprise, `query_profiles` runs SQL
over all, `build_profile` makes the batch, `follow` and `work` keep up with commits. Nothing here is
released to anybody but through the gate: `indicators_of` asks it.
"""

from __future__ import annotations

from datetime import date

from xinrong.accounts.services import Viewer
from xinrong.profiles.building import build_profile, current_batch
from xinrong.profiles.columns import Column, columns, schema
from xinrong.profiles.definitions import load_indicators
from xinrong.profiles.following import Followed, catch_up, follow, keep_up, waiting, work
from xinrong.profiles.products import Indicators
from xinrong.profiles.publishing import Published, may_see_distribution, published
from xinrong.profiles.reading import PROFILE_VIEW, profile_of, query_profiles, relations
from xinrong.profiles.rows import ProfileRow
from xinrong.trust.gate import Purpose, Release, Service, Stage, disclose


def indicators_of(
    viewer: Viewer,
    enterprise: int,
    purpose: Purpose,
    stage: Stage | None = None,
    *,
    as_of: date,
    at_seq: int | None = None,
) -> Release:
    """The indicators of one enterprise that a viewer may see: `.content` is an IndicatorFile."""
    product = Indicators(as_of)
    return disclose(
        viewer, [enterprise], product, Service.INDICATORS, purpose, stage, at_seq=at_seq
    )


__all__ = [
    "PROFILE_VIEW",
    "Column",
    "Followed",
    "ProfileRow",
    "Published",
    "build_profile",
    "catch_up",
    "columns",
    "current_batch",
    "follow",
    "indicators_of",
    "keep_up",
    "load_indicators",
    "may_see_distribution",
    "profile_of",
    "published",
    "query_profiles",
    "relations",
    "schema",
    "waiting",
    "work",
]
