"""What the enterprise's own file answers before anybody is asked; each answer can be changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.conf import settings

from xinrong.accounts.services import Viewer
from xinrong.market.matching.districts import DISTRICT, code_of
from xinrong.market.needs.drafting import Prefilled
from xinrong.market.needs.finding import own_enterprise
from xinrong.market.perms import can_state_needs
from xinrong.profiles.enums import Reason
from xinrong.profiles.services import Indicators, columns, criteria
from xinrong.trust.services import Denied, Purpose, Service, disclose

#: Days since the first loan on record: there are some, or it is known that there was none.
HISTORY = "loan_history_days"


def prefilled_for(who: Viewer, *, as_of: date) -> Mapping[str, Prefilled]:
    """The district of the register, and whether a bank has lent before; through the gate.

    A founder has no file. What the gate denies or nobody has sent is asked like the rest.
    """
    wanted = frozenset({DISTRICT, HISTORY}) & set(columns())
    if not can_state_needs(who) or not wanted:
        return {}
    try:
        release = disclose(
            who, [own_enterprise(who)], Indicators(as_of, wanted), Service.INDICATORS, Purpose.SELF
        )
    except Denied:
        return {}
    found: dict[str, Prefilled] = {}
    for one in release.content.shown:
        if one.name == DISTRICT:
            area = code_of(settings.REGION, one.value)
            if area in criteria.areas_of(settings.REGION):
                found["area"] = Prefilled(area, one.category)
        elif one.value is not None or one.reason is Reason.NONE:
            found["first_time"] = Prefilled(one.value is None, one.category)
    return found


def is_elsewhere(who: Viewer, area: str, *, as_of: date) -> bool:
    """Whether the register has the viewer's enterprise in another district than `area`.

    An empty `area` is the whole region. Whose district nobody has sent is not turned away.
    """
    if not area:
        return False
    own = prefilled_for(who, as_of=as_of).get("area")
    return own is not None and own.value != area
