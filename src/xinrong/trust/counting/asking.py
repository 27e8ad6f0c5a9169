"""Counting a draft: through the gate, for the purpose of the asker's role."""

from __future__ import annotations

from xinrong.accounts.services import Viewer
from xinrong.trust.counting.drafts import Draft
from xinrong.trust.counting.offering import purpose_of
from xinrong.trust.counting.product import Count
from xinrong.trust.gate import disclose, region_now
from xinrong.trust.types import Purpose, Release, Service, Stage


def count(
    who: Viewer, draft: Draft, *, purpose: Purpose | None = None, stage: Stage | None = None
) -> Release:
    """How many enterprises meet a draft, as a figure of tens; `content.figure` None: under ten.

    The release names its audit row, which a refusal leaves as well. Raises Denied: a column that
    the purpose may not learn (denied_column), the day's budget (denied_budget), a stage that is
    missing (denied_stage), somebody who is not signed in (denied_subject).
    """
    product = Count(draft, region_now())
    return disclose(who, (), product, Service.COUNT, purpose or purpose_of(who), stage)
