"""Which office of a lender an application goes to, where the enterprise chooses none itself.

The outlet that the published rule of the directory puts first for the need's district and purpose,
of those with a desk: an organisation whose reference is the outlet's id and that has a loan
officer. Without one the lender itself has it, or, where nobody works there, its first office by
name in which somebody does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from xinrong.accounts.enums import Role
from xinrong.accounts.services import Membership, Organisation, of_organisations
from xinrong.domain.text import Text
from xinrong.market.applying.lenders import office_of, offices_of
from xinrong.market.directory.packs import has_outlets, load_outlets
from xinrong.market.directory.routing import Routed, serving
from xinrong.market.needs.finding import need_of
from xinrong.market.needs.models import StatedNeed

_ITSELF = Text(zh="机构本部", en="the lender itself")
_NO_DISTRICT = Text(
    zh="需求没有写明区县，由机构本部受理",
    en="the need names no district, so the lender itself has it",
)
_NO_DESK = Text(
    zh="该机构在目录中的网点都没有在平台设信贷人员，由机构本部受理",
    en="none of its outlets in the directory has a loan officer on the platform, so the lender"
    " itself has it",
)
_SOMEBODY = Text(
    zh="该机构在平台设有信贷人员的网点",
    en="the lender's office that has a loan officer on the platform",
)
_CHOSEN = Text(zh="由企业选择", en="as you chose")


@dataclass(frozen=True)
class Placing:
    """The office, and why it is this one; `routed` by the rule, None for the lender itself."""

    office: Organisation
    why: Text
    routed: Routed | None = None


def place(stated: StatedNeed, bank: Organisation, office: int | None = None) -> Placing:
    """Where an application of a need to a bank goes: the office that was chosen, else by the rule.

    Raises MarketRefused (office_unknown), OutletsBroken.
    """
    if office is not None:
        return Placing(office_of(bank, office), _CHOSEN)
    staffed = _staffed(bank)
    found, why = _by_rule(stated, bank, {one.reference: one for one in staffed})
    if found is not None:
        return found
    if staffed and bank not in staffed:
        return Placing(staffed[0], _SOMEBODY)
    return Placing(bank, why)


def _by_rule(
    stated: StatedNeed, bank: Organisation, desks: Mapping[str, Organisation]
) -> tuple[Placing | None, Text]:
    """The outlet that the rule puts first, or why there is none."""
    if not has_outlets(settings.REGION):
        return None, _ITSELF
    directory = load_outlets(settings.REGION)
    if stated.area not in directory.book.places:
        return None, _NO_DISTRICT
    purpose = need_of(stated).purpose
    for one in serving(directory, stated.area, purpose, lender=bank.reference):
        if one.placed.outlet.id in desks:
            return Placing(desks[one.placed.outlet.id], one.why, one), one.why
    return None, _NO_DESK


def _staffed(bank: Organisation) -> list[Organisation]:
    """The lender and its offices, of those in which somebody works applications, by name."""
    offices = offices_of(bank)
    people = of_organisations(Membership, *(one.pk for one in offices)).filter(
        role=Role.LOAN_OFFICER, suspended_at=None, person__is_active=True
    )
    there = set(people.values_list("organisation", flat=True))
    return [one for one in offices if one.pk in there]
