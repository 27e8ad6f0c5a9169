"""What an officer does with the list: put a project on it, correct it, take it off."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.text import Text
from xinrong.market.perms import can_keep_projects
from xinrong.market.projects.finding import project_for
from xinrong.market.projects.models import KeyProject, ProjectChange
from xinrong.market.projects.reading import Listing, in_line
from xinrong.market.projects.refusals import ended, not_to_keep, twice, wrong
from xinrong.market.projects.telling import tell_owner
from xinrong.subjects import services as subjects

LONGEST_WHY = 500


@dataclass(frozen=True)
class Owner:
    """The enterprise that answers for the code that was typed."""

    enterprise: int
    code: str
    name: str


def add(who: Viewer, code: str, listing: Listing, *, now: datetime) -> KeyProject:
    """Put a project of the enterprise with this code on the own list, and tell its owner.

    Raises MarketRefused: project_role, project_wrong, project_twice; UnknownEnterprise.
    """
    owner = check_new(who, code, listing, now=now)
    try:
        with transaction.atomic():
            made = KeyProject.objects.create(
                number=secrets.token_hex(8),
                enterprise_id=owner.enterprise,
                keeper_id=who.organisation_id or 0,
                listed_by_id=who.person_id or 0,
                listed_at=now,
                **asdict(listing),
            )
    except IntegrityError as error:  # somebody else listed it in between
        if not _is_listed(owner.enterprise, listing.title):
            raise
        raise twice() from error
    tell_owner(made, "project_listed", at=now)
    return made


def check_new(who: Viewer, code: str, listing: Listing, *, now: datetime) -> Owner:
    """The owner of what could be put on the list. Raises as `add`."""
    if not can_keep_projects(who):
        raise not_to_keep()
    enterprise = subjects.enterprise_by_code(code)
    _check_title(listing.title, enterprise.name)
    if listing.listed_until < day_in_china(now):
        raise wrong(
            "listed_until",
            Text(zh="截止日期已过", en="It would be listed until a day that is over"),
            Text(zh="请填写今天或以后的日期。", en="Choose today or a later day."),
        )
    if _is_listed(enterprise.pk, listing.title):
        raise twice()
    return Owner(enterprise.pk, enterprise.code, enterprise.name)


def correct(who: Viewer, number: str, listing: Listing, *, now: datetime) -> KeyProject:
    """Correct a project of the own list; what stood there before is kept, and its owner told.

    Raises MarketRefused: project_unknown, project_role, project_ended, project_wrong,
    project_twice.
    """
    with transaction.atomic():
        found = _own(who, number)
        _check_title(listing.title, found.enterprise.name)
        told = asdict(listing)
        was = {
            name: str(getattr(found, name))
            for name, value in told.items()
            if getattr(found, name) != value
        }
        if not was:
            return found
        if "title" in was and _is_listed(found.enterprise_id, listing.title):
            raise twice()
        for name in was:
            setattr(found, name, told[name])
        found.save()
        ProjectChange.objects.create(project=found, was=was, at=now, by_id=who.person_id or 0)
    tell_owner(found, "project_changed", at=now)
    return found


def end(who: Viewer, number: str, why: str, *, now: datetime) -> KeyProject:
    """Take a project off the list, from today on. Needs stated for it stand as they are.

    Raises MarketRefused: project_unknown, project_role, project_ended, project_wrong.
    """
    reason = in_line(why)
    if not reason or len(reason) > LONGEST_WHY:
        raise wrong(
            "why",
            Text(zh="请写明移出清单的原因", en="Say why it is taken off the list"),
            Text(zh=f"不超过 {LONGEST_WHY} 字。", en=f"In at most {LONGEST_WHY} letters."),
        )
    with transaction.atomic():
        found = _own(who, number)
        found.ended_on, found.ended_why = day_in_china(now), reason
        found.ended_by_id = who.person_id
        found.save()
    tell_owner(found, "project_ended", at=now)
    return found


def _own(who: Viewer, number: str) -> KeyProject:
    """A project of the own list that is not ended, locked."""
    if not can_keep_projects(who):
        raise not_to_keep()
    found = project_for(who, number, lock=True)
    if found.ended_on is not None:
        raise ended()
    return found


def _check_title(title: str, name: str) -> None:
    """Titles are published and owners are not. Raises MarketRefused."""
    if name and name in title:
        raise wrong(
            "title",
            Text(
                zh="项目名称会公开，不能写企业名称", en="Titles are published: name no enterprise"
            ),
            Text(zh="请写项目本身的名称。", en="Write what the project is called itself."),
        )


def _is_listed(enterprise: int, title: str) -> bool:
    """Whether a project of this title, of this enterprise, is on any list."""
    return KeyProject.objects.filter(enterprise=enterprise, title=title, ended_on=None).exists()
