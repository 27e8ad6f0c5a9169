"""Verbs of profiles: what the indicators are, what they say of one enterprise and of all.

`columns()` is the schema; `profile_of` reads or computes one enterprise, `query_profiles` runs SQL
over all, `build_profile` makes the batch, `follow` and `work` keep up with commits. Nothing here is
released to anybody but through the gate: `indicators_of` asks it.
"""

from __future__ import annotations

from datetime import date

from xinrong.accounts.services import Viewer
from xinrong.profiles.aside import aside, retry_all
from xinrong.profiles.behind import Drawn, records_behind
from xinrong.profiles.building import batch_now, build_profile, current_batch
from xinrong.profiles.classes import services as classes
from xinrong.profiles.columns import Column, columns, schema
from xinrong.profiles.criteria import services as criteria
from xinrong.profiles.definitions import load_indicators
from xinrong.profiles.following import Followed, catch_up, follow, keep_up, waiting, work
from xinrong.profiles.models import ProfileBatch
from xinrong.profiles.products import IndicatorFile, Indicators
from xinrong.profiles.publishing import Published, may_see_distribution, published
from xinrong.profiles.reading import (
    PROFILE_VIEW,
    computed_since,
    profile_of,
    query_profiles,
    relations,
)
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
    "Drawn",
    "Followed",
    "IndicatorFile",
    "Indicators",
    "ProfileBatch",
    "ProfileRow",
    "Published",
    "aside",
    "batch_now",
    "build_profile",
    "catch_up",
    "classes",
    "columns",
    "computed_since",
    "criteria",
    "current_batch",
    "follow",
    "indicators_of",
    "keep_up",
    "load_indicators",
    "may_see_distribution",
    "profile_of",
    "published",
    "query_profiles",
    "records_behind",
    "relations",
    "retry_all",
    "schema",
    "waiting",
    "work",
]
