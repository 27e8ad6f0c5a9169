"""The role table: who may ask for what purpose, and what each may then see."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from xinrong.accounts.services import Viewer, acts_question, still_acts
from xinrong.catalogue.contract import Contract, ShareClass
from xinrong.catalogue.region import Region
from xinrong.domain.errors import XinrongError
from xinrong.store import services as store
from xinrong.subjects import services as subjects
from xinrong.trust.consents import Covered, covered_categories, covers_question
from xinrong.trust.errors import Denied
from xinrong.trust.parties import Parties
from xinrong.trust.types import CONSENTED, STAGED, Permit, Permits, Purpose, Service, Stage


@dataclass(frozen=True)
class Question:
    """What somebody asks of the gate."""

    who: Viewer
    about: tuple[int, ...]
    kind: str  # of the product
    service: Service
    purpose: Purpose
    stage: Stage | None
    bundle: str = ""  # joins the questions of one batch query
    parameters: Mapping[str, str | int] = field(default_factory=dict)  # trust.audit.parameters


#: Role -> what it may ask for besides what is open to the public.
PURPOSES: dict[str, Purpose] = {
    "loan_officer": Purpose.CREDIT,
    "guarantee_officer": Purpose.GUARANTEE,
    "adviser": Purpose.ADVICE,
    "data_officer": Purpose.SUPERVISION,
    "auditor": Purpose.OVERSIGHT,
    "operator": Purpose.OPERATION,
    "representative": Purpose.SELF,
}
#: Roles that read the trail and ask for no file: an auditor for counts, the other for nothing.
NO_FILE = frozenset({"compliance_officer", "auditor"})

#: Purpose -> the highest level shown of an open category.
OPEN_LEVEL: dict[Purpose, int] = {
    Purpose.PUBLIC: 1,
    Purpose.OPERATION: 1,
    Purpose.ADVICE: 1,
    Purpose.OVERSIGHT: 1,
    Purpose.CREDIT: 2,
    Purpose.GUARANTEE: 2,
    Purpose.SUPERVISION: 2,
    Purpose.SELF: 5,
}
#: The highest level that a department sees of what it sent itself.
OWN_FEED_LEVEL = 4
#: The highest level that an enterprise sees of itself.
SELF_LEVEL = 5


def asked_first(question: Question, *, now: datetime) -> AbstractContextManager[None]:
    """Asks in one trip what `check_may_ask` and `permits_for` ask inside the block."""
    who = question.who
    first = (
        acts_question(who, now=now),
        covers_question(who, question.about, question.purpose, now),
    )
    return store.asked_ahead("default", *(one for one in first if one is not None))


def check_may_ask(question: Question, *, now: datetime) -> None:
    """Whether this role may ask for this purpose, stage and enterprise at all. Raises Denied.

    - Anybody may ask for the purpose `public`; no other purpose is open without a role.
    - A loan officer asks for `credit`, a guarantee officer for `guarantee`; both name the stage,
      and nobody else names one.
    - An adviser asks for `advice`, a data officer for `supervision`, the operator for `operation`.
    - An enterprise's representative asks for `self`, and only about that enterprise.
    - A compliance officer asks for nothing. An auditor asks for counts, for `oversight`.
    """
    who, purpose = question.who, question.purpose
    if not may_query(who.role, question.kind):
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
    if purpose in STAGED and question.stage is None:
        raise Denied(
            f"a query for the purpose {purpose} names its stage",
            remedy=f"Name one of: {', '.join(Stage)}.",
            code="denied_stage",
        )
    if purpose not in STAGED and question.stage is not None:
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


def check_consented(permits: Permits) -> None:
    """Whether a consent opens something of everybody asked about. Raises Denied."""
    for found in permits.by_enterprise.values():
        if not any(permit.consent is not None for permit in found.values()):
            raise Denied(
                "no consent of this enterprise covers this",
                remedy="Ask the enterprise for one, then query it again.",
                code="denied_no_consent",
            )


def may_query(role: str, kind: str) -> bool:
    """Whether a role may ask for a kind of product at all."""
    if role in NO_FILE:
        return kind == "count" and role in PURPOSES
    return role == "public" or role in PURPOSES


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
    """What the viewer may see, category by category; ask `check_may_ask` first.

    An enterprise reads the names of all its counterparties: it knows them. To everybody else a
    counterparty shows what is open of it, its name and code in the register; one that the
    register does not know is named under its own consent only (`trust.parties`).
    """
    who, purpose = question.who, question.purpose
    covered = covered_categories(who, question.about, purpose, question.stage, now)
    fed = region.fed_by(who.reference) if purpose == Purpose.SUPERVISION else frozenset()
    nothing: Mapping[str, Covered] = {}
    return Permits(
        {
            enterprise: {
                name: permit_of(
                    contract,
                    purpose,
                    who.reference if name in fed else "",
                    covered.get(enterprise, nothing).get(name),
                )
                for name, contract in region.contracts.items()
            }
            for enterprise in question.about
        },
        all_parties=purpose == Purpose.SELF,
        parties=Parties(
            lambda others: covered_categories(who, others, purpose, question.stage, now)
        ),
    )


def permit_of(
    contract: Contract, purpose: Purpose, feeding: str, covered: Covered | None
) -> Permit:
    """The permit of one category about one enterprise.

    `feeding` is the department that asks and feeds the category, `covered` the consent that
    covers it. `never` is shared with nobody. An enterprise sees the rest of itself. A department
    sees what it sent itself. Open categories are shown up to the purpose's level. What needs
    consent is shown up to the level of a consent that covers it, within its period of data.
    """
    name = contract.category
    if contract.share == ShareClass.NEVER:
        return Permit(name, False, reason="never_shared")
    if purpose == Purpose.SELF:
        return Permit(name, True, SELF_LEVEL)
    level = OPEN_LEVEL[purpose] if contract.share == ShareClass.OPEN else 0
    if feeding:
        return Permit(name, True, OWN_FEED_LEVEL, department=feeding, outside_level=level)
    if covered is not None and covered.max_level > level and purpose in CONSENTED:
        return Permit(
            name,
            True,
            covered.max_level,
            consent=covered.consent,
            one_time=covered.one_time,
            data_from=covered.data_from,
            data_to=covered.data_to,
            outside_level=level,
        )
    if level:
        return Permit(name, True, level)
    return Permit(name, False, reason="no_consent" if purpose in CONSENTED else "purpose")
