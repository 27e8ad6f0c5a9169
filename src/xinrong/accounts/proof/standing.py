"""What proof comes to: the first role, roles that rest, and roles that wake again."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from xinrong.accounts.enums import OrganisationKind, Role
from xinrong.accounts.models import Membership, Organisation, Person
from xinrong.accounts.proof.enums import FORGOTTEN, Rest, State
from xinrong.accounts.proof.errors import refused
from xinrong.accounts.proof.guards import lock
from xinrong.accounts.proof.models import Claim, Dispute, Representation
from xinrong.accounts.proof.states import move
from xinrong.accounts.proof.types import RegisterFacts
from xinrong.accounts.scoping import everywhere, of_organisations
from xinrong.accounts.suspending import resume_roles, suspend_roles
from xinrong.accounts.types import Viewer


def digest_of(name: str, salt: str) -> str:
    """What is kept of a legal representative's name: enough to see that it changed."""
    return sha256(f"{salt}:{''.join(name.split())}".encode()).hexdigest()


def check_facts(claim: Claim, facts: RegisterFacts) -> None:
    """Raises ProofRefused when the register leaves nothing to represent."""
    if facts.code != claim.code:
        raise refused(
            "enterprise_merged",
            "该企业的统一社会信用代码已由另一企业承接。",
            "another enterprise answers for this code by now",
            "请查找承接的企业，重新提出申请。",
            "Look for that enterprise and claim it instead.",
        )
    if facts.cancelled:
        raise refused(
            "enterprise_cancelled",
            "登记信息显示该企业已注销。",
            "the register says that this enterprise is deregistered",
            "如登记有误，请向登记机关提出。",
            "If the register is wrong, turn to the registrar.",
        )


def prove(
    claim: Claim,
    held: Representation,
    name: str,
    *,
    facts: RegisterFacts,
    by: Person | None,
    now: datetime,
    why: str = "",
) -> None:
    """End the process well: the claimer is the first representative, in the caller's transaction.

    A representative who was proven before (and confirms, or was replaced) ends; the register's
    legal representative of this moment is what a later one is compared with.
    """
    check_facts(claim, facts)
    for earlier in Claim.objects.filter(code=claim.code, state=State.PROVEN).exclude(pk=claim.pk):
        move(earlier, "end", by=None, now=max(now, earlier.moved_at))
    claim.proven_at = now
    claim.code_digest = ""
    move(claim, name, by=by, now=now, why=why)
    held.organisation = _organisation(facts, held.organisation)
    held.unconfirmed_at = None
    remember(held, facts)
    held.save()
    of_organisations(Membership, held.organisation.pk).update_or_create(
        person=claim.person,
        organisation=held.organisation,
        defaults={
            "role": Role.REPRESENTATIVE,
            "manages": True,
            "suspended_at": None,
            "suspended_why": "",
        },
    )
    settle(held, now=now)


def _organisation(facts: RegisterFacts, held: Organisation | None) -> Organisation:
    kind = OrganisationKind.ENTERPRISE
    found = held or Organisation.objects.filter(kind=kind, reference=facts.code).first()
    if found is not None and not found.name.startswith(FORGOTTEN):
        return found
    name = facts.name
    if Organisation.objects.filter(name=name).exists():  # names are not unique, codes are
        name = f"{facts.name[:180]} {facts.code}"
    if found is None:
        return Organisation.objects.create(name=name, kind=kind, reference=facts.code)
    found.name = name  # it was erased once, and its person claims it anew
    found.save(update_fields=["name"])
    return found


def remember(held: Representation, facts: RegisterFacts) -> None:
    """Keep whom the register names now, as a digest."""
    held.legal_salt = secrets.token_hex(16)
    held.legal_digest = (
        digest_of(facts.legal_representative, held.legal_salt) if facts.legal_representative else ""
    )


def settle(held: Representation, *, now: datetime) -> None:
    """Let the roles of an enterprise rest or wake, as its state demands; in a transaction."""
    organisation = (
        held.organisation
        or Organisation.objects.filter(
            kind=OrganisationKind.ENTERPRISE, reference=held.code
        ).first()
    )
    if organisation is None:
        return
    if held.organisation is None:
        held.organisation = organisation
        held.save(update_fields=["organisation"])
    rest = resting(held)
    for why in (Rest.RIVALS, Rest.CHANGED):
        if why != rest:
            resume_roles(organisation, why.value, now=now)
    if rest is not None:
        suspend_roles(organisation, rest.value, now=now)


def resting(held: Representation) -> Rest | None:
    """Why nobody acts for the enterprise at present, if so."""
    if Dispute.objects.filter(code=held.code, decided_at=None).exists():
        return Rest.RIVALS
    return Rest.CHANGED if held.unconfirmed_at is not None else None


def follow(facts: RegisterFacts, *, now: datetime) -> bool:
    """Take note of what the register says now of an enterprise that has people here.

    Another legal representative: every role rests until a representative is proven again. A name
    where the register had none is remembered; one that it no longer gives changes nothing.
    Deregistered: see `may_bind`. Returns whether roles were made to rest.
    """
    with transaction.atomic():
        held = lock(facts.code)
        changed = held.unconfirmed_at is None and _changed(held, facts)
        if changed:
            held.unconfirmed_at = now
        elif facts.legal_representative and not held.legal_digest:
            remember(held, facts)
        held.cancelled_at = (held.cancelled_at or now) if facts.cancelled else None
        held.save()
        settle(held, now=now)
    return changed


def _changed(held: Representation, facts: RegisterFacts) -> bool:
    if not facts.legal_representative or not held.legal_digest:
        return False
    digest = digest_of(facts.legal_representative, held.legal_salt)
    return not hmac.compare_digest(digest, held.legal_digest)


def represented() -> list[str]:
    """The codes of the enterprises that somebody acts for here, resting or not."""
    roles = everywhere(Membership, because="the register changes for every enterprise alike")
    codes = roles.filter(organisation__kind=OrganisationKind.ENTERPRISE)
    return sorted(set(codes.values_list("organisation__reference", flat=True)))


def may_bind(viewer: Viewer) -> bool:
    """Whether a representative may grant and object for the enterprise, not only read its file.

    Nobody binds an enterprise that is deregistered. Roles that rest act for nobody at all, which
    `accounts.services.still_acts` says.
    """
    if viewer.role != Role.REPRESENTATIVE or viewer.organisation_id is None:
        return False
    return not Representation.objects.filter(
        code=viewer.reference, cancelled_at__isnull=False
    ).exists()
