"""Who may make which move: asked inside the transaction that makes it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from xinrong.accounts.enums import OrganisationKind, Role
from xinrong.accounts.models import Membership, Person
from xinrong.accounts.proof.enums import Rest, State
from xinrong.accounts.proof.errors import refused, unknown_claim
from xinrong.accounts.proof.models import Claim, Representation
from xinrong.accounts.scoping import everywhere


def lock(code: str) -> Representation:
    """The row of an enterprise, locked: two moves about one enterprise come one after another."""
    Representation.objects.get_or_create(code=code)
    return Representation.objects.select_for_update().get(code=code)


def locked_claim(number: int) -> tuple[Claim, Representation]:
    """A claim as it stands once its enterprise is locked. Raises ProofRefused."""
    code = Claim.objects.filter(pk=number).values_list("code", flat=True).first()
    if code is None:
        raise unknown_claim()
    held = lock(code)
    return Claim.objects.select_related("person").get(pk=number), held


def own_claim(number: int, person: Person) -> tuple[Claim, Representation]:
    """The same, of this person; somebody else's is as unknown as one that is not there."""
    if not Claim.objects.filter(pk=number, person=person).exists():
        raise unknown_claim()
    return locked_claim(number)


def roles_in(code: str) -> QuerySet[Membership]:
    """The roles in an enterprise, resting or not."""
    found = everywhere(Membership, because="who claims an enterprise has no role in it yet")
    return found.filter(
        organisation__kind=OrganisationKind.ENTERPRISE, organisation__reference=code
    )


def people_of(code: str) -> set[int]:
    """Whoever has a role in an enterprise, resting or not."""
    return set(roles_in(code).values_list("person", flat=True))


def acting_for(code: str) -> set[int]:
    """Whoever acts for an enterprise, or would if roles did not rest until something is decided.

    Whoever was not upheld, and whoever a manager suspended, does not.
    """
    waits = Q(suspended_at=None) | Q(suspended_why__in=[Rest.RIVALS, Rest.CHANGED])
    return set(roles_in(code).filter(waits).values_list("person", flat=True))


def check_operator(person: Person, code: str) -> None:
    """Raises ProofRefused unless this is an operator at work, and no party about this enterprise.

    A party is whoever ever claimed it or has a role in it.
    """
    everyone = everywhere(Membership, because="an operator's own role, asked for by its person")
    works = everyone.filter(
        person=person,
        person__is_active=True,
        role=Role.OPERATOR,
        organisation__kind=OrganisationKind.OPERATOR,
        suspended_at=None,
    ).exists()
    if not works:
        raise refused(
            "operators_only",
            "只有平台操作员可以核验。",
            "only an operator of the platform checks claims",
            "请由操作员登录后操作。",
            "Let an operator sign in and do it.",
        )
    party = Claim.objects.filter(code=code, person=person).exclude(state=State.WITHDRAWN).exists()
    if party or person.pk in people_of(code):
        raise refused(
            "own_claim",
            "您是本企业的当事人，不能核验。",
            "you are a party about this enterprise and cannot check it",
            "请由另一名操作员核验。",
            "Let another operator check it.",
        )


def check_other(person: Person | None, first: int | None) -> None:
    """Raises ProofRefused when this operator took the first step, or nobody did."""
    if first is None or person is None or person.pk == first:
        raise refused(
            "same_operator",
            "前一步是您做的：两名操作员不能是同一人。",
            "you made the step before: two different operators have to",
            "请由另一名操作员继续。",
            "Let another operator go on.",
        )
