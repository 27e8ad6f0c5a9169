"""The role table: who may ask for what purpose, and what each may then see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from xinrong.accounts.services import Viewer, still_acts
from xinrong.catalogue.contract import Contract, ShareClass
from xinrong.catalogue.region import Region
from xinrong.domain.errors import XinrongError
from xinrong.subjects import services as subjects
from xinrong.trust.consents import Covered, covered_categories
from xinrong.trust.errors import Denied
from xinrong.trust.types import Permit, Permits, Purpose, Service, Stage


@dataclass(frozen=True)
class Question:
    """What somebody asks of the gate."""

    who: Viewer
    about: tuple[int, ...]
    kind: str  # of the product
    service: Service
    purpose: Purpose
    stage: Stage | None


#: Role -> what it may ask for besides what is open to the public.
PURPOSES: dict[str, Purpose] = {
    "loan_officer": Purpose.CREDIT,
    "data_officer": Purpose.SUPERVISION,
    "operator": Purpose.OPERATION,
    "representative": Purpose.SELF,
}

#: Purpose -> the highest level shown of an open category.
OPEN_LEVEL: dict[Purpose, int] = {
    Purpose.PUBLIC: 1,
    Purpose.OPERATION: 1,
    Purpose.CREDIT: 2,
    Purpose.SUPERVISION: 2,
    Purpose.SELF: 5,
}
#: The highest level that a department sees of the categories it feeds itself.
OWN_FEED_LEVEL = 4
#: The highest level that an enterprise sees of itself.
SELF_LEVEL = 5


def check_may_ask(question: Question, *, now: datetime) -> None:
    """Whether this role may ask for this purpose, stage and enterprise at all. Raises Denied.

    - Anybody may ask for the purpose `public`; no other purpose is open without a role.
    - A loan officer asks for `credit` and names the lending stage; nobody else names one.
    - A data officer asks for `supervision`, the operator for `operation`.
    - An enterprise's representative asks for `self`, and only about that enterprise.
    """
    who, purpose = question.who, question.purpose
    if who.role != "public" and who.role not in PURPOSES:
        raise Denied(f"the role {who.role} may not query", code="denied_role")
    if not still_acts(who, now=now):
        raise Denied(
            f"you no longer act for {who.organisation} in this role",
            remedy="Sign in again.",
            code="denied_role",
        )
    if purpose not in (Purpose.PUBLIC, PURPOSES.get(who.role)):
        raise Denied(
            f"the role {who.role} may not query for the purpose {purpose}",
            remedy=f"Ask for: {', '.join(purposes_of(who))}.",
            code="denied_purpose",
        )
    if purpose == Purpose.CREDIT and question.stage is None:
        raise Denied(
            "a query for a lending decision names its stage",
            remedy=f"Name one of: {', '.join(Stage)}.",
            code="denied_stage",
        )
    if purpose != Purpose.CREDIT and question.stage is not None:
        raise Denied(
            f"the purpose {purpose} has no lending stage",
            remedy="Leave the stage out.",
            code="denied_stage",
        )
    if purpose == Purpose.SELF and set(question.about) != own_enterprise(who):
        raise Denied(
            "an enterprise's representative sees that enterprise only",
            remedy=f"Ask for the purpose {Purpose.PUBLIC} to see what is open about another.",
            code="denied_subject",
        )


def purposes_of(who: Viewer) -> tuple[Purpose, ...]:
    """The purposes a viewer may name, its own first: pages offer these."""
    own = PURPOSES.get(who.role)
    return (own, Purpose.PUBLIC) if own else (Purpose.PUBLIC,)


def own_enterprise(who: Viewer) -> set[int]:
    """The enterprise for which a representative acts; empty while nothing is known of it."""
    try:
        return {subjects.enterprise_by_code(who.reference).pk}
    except XinrongError:
        return set()


def permits_for(question: Question, region: Region, *, now: datetime) -> Permits:
    """What the viewer may see, category by category; ask `check_may_ask` first."""
    covered = covered_categories(
        question.who, question.about, question.purpose, question.stage, now
    )
    own_feeds = fed_by(question.who.reference, region)
    return Permits(
        {
            enterprise: {
                name: permit_of(contract, question.purpose, own_feeds, covered[enterprise])
                for name, contract in region.contracts.items()
            }
            for enterprise in question.about
        }
    )


def fed_by(department: str, region: Region) -> frozenset[str]:
    """The categories that a department feeds."""
    return frozenset(
        feed.category for feed in region.feeds.values() if feed.department == department
    )


def permit_of(
    contract: Contract,
    purpose: Purpose,
    own_feeds: frozenset[str],
    covered: Mapping[str, Covered],
) -> Permit:
    """The permit of one category about one enterprise.

    `never` is shared with nobody. An enterprise sees the rest of itself. A department sees what
    it feeds itself. Open categories are shown up to the purpose's level. What needs consent is
    shown to a lender up to the level of a consent that covers it.
    """
    name = contract.category
    if contract.share == ShareClass.NEVER:
        return Permit(name, False, reason="never_shared")
    if purpose == Purpose.SELF:
        return Permit(name, True, SELF_LEVEL)
    if purpose == Purpose.SUPERVISION and name in own_feeds:
        return Permit(name, True, OWN_FEED_LEVEL)
    consent = covered.get(name) if purpose == Purpose.CREDIT else None
    level = OPEN_LEVEL[purpose] if contract.share == ShareClass.OPEN else 0
    if consent is not None and consent.max_level > level:
        return Permit(name, True, consent.max_level, consent=consent.consent)
    if level:
        return Permit(name, True, level)
    return Permit(name, False, reason="no_consent" if purpose == Purpose.CREDIT else "purpose")
