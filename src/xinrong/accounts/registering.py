"""Operators take institutions in, rename them, and invite whoever manages each first.

Enterprises come by proof (accounts.proof), and the platform's own organisation by its installation.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from xinrong.accounts.closing import locked
from xinrong.accounts.enums import OrganisationKind
from xinrong.accounts.errors import AccountError, PeopleRefused, refused
from xinrong.accounts.events import What, note
from xinrong.accounts.inviting.invitations import invite_as_platform, withdraw_as_platform
from xinrong.accounts.models import Invitation, Membership, Organisation
from xinrong.accounts.organisations import create_organisation
from xinrong.accounts.scoping import everywhere, of_organisations
from xinrong.accounts.support.sessions import operator
from xinrong.accounts.types import Viewer

#: What an operator takes in.
INSTITUTIONS = (
    OrganisationKind.BANK,
    OrganisationKind.GUARANTOR,
    OrganisationKind.DEPARTMENT,
    OrganisationKind.ADVISER,
    OrganisationKind.REGULATOR,
)
LONGEST_NAME = 200
SHORTEST_NAME = 2


def organisations_listed(
    viewer: Viewer, text: str = "", kind: str = "", *, closed: bool = False
) -> QuerySet[Organisation]:
    """The institutions by kind and name, outlets after their bank, each with `people`.

    `text` narrows them by name or reference; `closed` shows those instead that are closed. Raises
    PeopleRefused: not an operator.
    """
    operator(viewer)
    found = Organisation.objects.filter(kind__in=INSTITUTIONS, closed_at__isnull=not closed)
    if kind:
        found = found.filter(kind=kind)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(reference__icontains=text))
    every = everywhere(Membership, because="an operator sees who has people at all")
    own = every.filter(organisation=OuterRef("pk")).order_by().values("organisation")
    people = Coalesce(Subquery(own.annotate(many=Count("pk")).values("many")), 0)
    whose = Coalesce("parent__name", "name")
    joined = found.select_related("parent").annotate(people=people, whose=whose)
    bank_first = F("parent_id").asc(nulls_first=True)
    return joined.order_by("kind", "whose", bank_first, "name")


def organisation_numbered(viewer: Viewer, number: int) -> Organisation:
    """One institution. Raises PeopleRefused: not an operator, no such institution."""
    operator(viewer)
    found = Organisation.objects.filter(pk=number, kind__in=INSTITUTIONS).select_related("parent")
    target = found.first()
    if target is None:
        raise refused(
            "unknown_organisation", "没有这家机构。", "there is no such organisation",
            "请在机构列表中查看。", "See the list of organisations.",
        )  # fmt: skip
    return target


def outlets_of(target: Organisation) -> QuerySet[Organisation]:
    """The outlets of a bank, open ones first."""
    return Organisation.objects.filter(parent=target).order_by("closed_at", "name")


def members_of(target: Organisation) -> QuerySet[Membership]:
    """Who acts for an institution, managers first."""
    found = of_organisations(Membership, target.pk).select_related("person")
    return found.order_by("-manages", "person__email")


def take_in(
    viewer: Viewer, name: str, kind: str, *, reference: str = "", parent: int = 0, now: datetime
) -> Organisation:
    """A new institution; `parent` is the number of the bank of which it is an outlet, or 0.

    Raises PeopleRefused: not an operator, another kind, a name that is too short or taken, a
    department without its id, an outlet of what is no bank.
    """
    with transaction.atomic():
        by = operator(viewer)
        if kind not in INSTITUTIONS:
            raise refused(
                "unknown_kind", "没有这类机构。", "there is no such kind of institution",
                "请从列出的类型中选择。", "Choose one of those listed.",
            )  # fmt: skip
        words = _name(name)
        whose = locked(parent) if parent else None
        if whose is not None and (kind, whose.kind, whose.parent_id, whose.closed_at) != (
            "bank", "bank", None, None,
        ):  # fmt: skip
            raise refused(
                "wrong_parent", "只有银行设网点，且只有一级。",
                "only a bank that is open has outlets, one step deep",
                "请选择所属银行。", "Choose the bank that it belongs to.",
            )  # fmt: skip
        try:
            made = create_organisation(words, kind, reference=reference.strip(), parent=whose)
        except AccountError as error:
            raise _of_making(error) from error
        note(made.pk, What.TAKEN_IN, words, now=now, actor=by, detail=kind)
    return made


def rename_organisation(viewer: Viewer, number: int, name: str, *, now: datetime) -> Organisation:
    """Another name for an institution. Its log keeps the earlier one.

    Raises PeopleRefused: not an operator, no such institution, a name too short or taken.
    """
    with transaction.atomic():
        by = operator(viewer)
        organisation_numbered(viewer, number)
        target, words = locked(number), _name(name)
        if target.name == words:
            return target
        if Organisation.objects.filter(name=words).exists():
            raise _taken()
        before, target.name = target.name, words
        target.save(update_fields=["name"])
        note(number, What.RENAMED, words, now=now, actor=by, detail=f"{before} → {words}")
    return target


def invite_to(
    viewer: Viewer, number: int, email: str, role: str, *, manages: bool, now: datetime
) -> tuple[Invitation, str]:
    """Invite somebody into an institution, as a rule its first manager; the token is shown once.

    Raises PeopleRefused: not an operator, no such institution, closed, no such role, there already.
    """
    with transaction.atomic():
        by = operator(viewer)
        organisation_numbered(viewer, number)
        return invite_as_platform(locked(number), email, role, manages=manages, now=now, actor=by)


def withdraw_from(viewer: Viewer, number: int, key: str, *, now: datetime) -> Invitation:
    """Take an invitation back. Raises PeopleRefused: not an operator, no such invitation."""
    with transaction.atomic():
        by = operator(viewer)
        target = organisation_numbered(viewer, number)
        return withdraw_as_platform(target, key, now=now, actor=by)


def _name(text: str) -> str:
    words = " ".join(text.split())
    if not SHORTEST_NAME <= len(words) <= LONGEST_NAME or not any(map(str.isalnum, words)):
        raise refused(
            "name_unfit",
            f"名称须为 {SHORTEST_NAME} 至 {LONGEST_NAME} 个字。",
            f"a name has {SHORTEST_NAME} to {LONGEST_NAME} characters",
            "请填写机构全称。",
            "Give the full name of the organisation.",
        )
    return words


def _of_making(error: AccountError) -> PeopleRefused:
    if error.code == "reference_missing":
        return refused(
            "reference_missing", "没有选择是哪个部门。", "it is not said which department it is",
            "请从本地区的部门中选择。", "Choose one of the region's departments.",
        )  # fmt: skip
    return _taken()


def _taken() -> PeopleRefused:
    return refused(
        "organisation_exists",
        "已有同名机构，或该部门已经登记。",
        "there is an organisation of that name already, or that department is there",
        "请在列表中查找，包括已关闭的机构。",
        "Look for it in the list, also among those that are closed.",
    )
