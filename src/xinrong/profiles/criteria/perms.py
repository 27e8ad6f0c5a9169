"""Who may write criteria, with which columns, and count those whom they admit.

Whoever may count over many enterprises may write. What is written says nothing of anybody; the
answer for one enterprise, and every count, go through the gate.
"""

from __future__ import annotations

from django.conf import settings

from xinrong.accounts.services import Viewer
from xinrong.domain.criteria import Column, Expression
from xinrong.profiles.columns import columns, region_now
from xinrong.trust.perms import can_count
from xinrong.trust.services import Purpose, counting

#: No criterion reads what is more secret than a consent can open.
HIGHEST_LEVEL = 4


def can_build(viewer: Viewer) -> bool:
    """Officers of banks, guarantors and departments, auditors and the operator."""
    return viewer.person_id is not None and can_count(viewer)


def may_read(column: Column) -> bool:
    """Whether a criterion may read a column: not what is never shared, nor level 5."""
    return column.share != "never" and column.level <= HIGHEST_LEVEL


def may_count_column(purpose: Purpose, name: str) -> bool:
    """Whether a purpose may learn in aggregate of everything that a profile's column is made of."""
    one = columns().get(name)
    if one is None:
        return False
    contracts = region_now().contracts
    return all(
        counting.may_learn(
            purpose, contracts[category], contracts[category].field(field).level if field else 1
        )
        for category, field in one.fields
    )


def uncountable(purpose: Purpose, expression: Expression) -> tuple[Column, ...]:
    """The columns of a criterion that the purpose may not learn of in aggregate."""
    return tuple(one for one in expression.columns if not may_count_column(purpose, one.name))


def region_name() -> str:
    """The region whose criteria are served."""
    name: str = settings.REGION
    return name
