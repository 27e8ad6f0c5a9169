"""Which projects somebody sees, and what of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from xinrong.accounts.services import Viewer
from xinrong.domain.money import yuan
from xinrong.market.applying import services as applying
from xinrong.market.needs.finding import own_enterprise
from xinrong.market.needs.models import StatedNeed
from xinrong.market.perms import can_keep_projects, can_see_own_projects
from xinrong.market.projects.models import KeyProject
from xinrong.market.projects.refusals import unknown
from xinrong.subjects import services as subjects


@dataclass(frozen=True)
class Applied:
    """An application for a project's need: the state of its case, sums in yuan.

    `lender` and `number` are for the owner only, empty for others.
    """

    state: str
    granted: Decimal
    disbursed: Decimal
    lender: str = ""
    number: str = ""


@dataclass(frozen=True)
class NeedTold:
    """A need stated for a project, and what became of it."""

    need: StatedNeed
    amount: Decimal | None
    applications: tuple[Applied, ...]


def projects_on(day: date) -> QuerySet[KeyProject]:
    """The list of a day, of all who keep one, for everybody: titles, documents and sums."""
    rows = KeyProject.objects.select_related("keeper").filter(
        listed_from__lte=day, listed_until__gte=day, ended_on=None
    )
    return rows.order_by("-listed_from", "-pk")


def projects_for(who: Viewer) -> QuerySet[KeyProject]:
    """Those of the own list, or those that the own enterprise owns; the newest first."""
    rows = KeyProject.objects.select_related("enterprise", "keeper").order_by("-pk")
    if can_keep_projects(who):
        return rows.filter(keeper=who.organisation_id)
    if can_see_own_projects(who):
        try:
            return rows.filter(enterprise=own_enterprise(who))
        except subjects.UnknownEnterprise:
            return rows.none()
    return rows.none()


def project_for(who: Viewer, number: str, *, lock: bool = False) -> KeyProject:
    """One that the viewer keeps or owns. Raises MarketRefused (project_unknown)."""
    rows = projects_for(who).filter(number=number[:32])
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise unknown()
    return found


def is_listed(project: KeyProject, day: date) -> bool:
    """Whether it is on the list of a day."""
    if project.ended_on is not None and project.ended_on <= day:
        return False
    return project.listed_from <= day <= project.listed_until


def needs_told(who: Viewer, project: KeyProject) -> list[NeedTold]:
    """The needs of a project, in order, each with its applications.

    The owner sees each; who keeps the list sees those that were stated, and of an application its
    state and sums: that is what the owner was told when it began the need.
    """
    owner = can_see_own_projects(who)
    numbers = list(project.needs.values_list("need", flat=True))
    rows = StatedNeed.objects.filter(number__in=numbers).order_by("pk")
    needs = list(rows if owner else rows.exclude(stated_at=None))
    sent: dict[str, list[applying.Application]] = {one.number: [] for one in needs}
    found = applying.Application.objects.filter(need__in=sent).select_related("institution")
    for row in found.order_by("pk"):
        sent[row.need].append(row)
    made = [row.number for each in sent.values() for row in each]
    states, sums = applying.states_of(made), applying.sums_of(made)
    return [
        NeedTold(
            one,
            None if one.amount is None else yuan(one.amount),
            tuple(
                Applied(
                    states[row.number].state if row.number in states else "",
                    sums[row.number].contracted if row.number in sums else Decimal(0),
                    sums[row.number].disbursed if row.number in sums else Decimal(0),
                    row.institution.name if owner else "",
                    row.number if owner else "",
                )
                for row in sent[one.number]
            ),
        )
        for one in needs
    ]
