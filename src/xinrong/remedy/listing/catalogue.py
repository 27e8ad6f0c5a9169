"""The lists that hold here, and their rows in the database, which entries point at."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from xinrong.catalogue.lists import CreditList
from xinrong.catalogue.lists_pack import ListBook, load_lists
from xinrong.domain.errors import XinrongError
from xinrong.remedy.listing.errors import refuse
from xinrong.remedy.listing.models import (
    ListDepartment,
    ListEdition,
    ListExit,
    ListGround,
    ListMeasure,
    MeasureDepartment,
)


class ListChanged(XinrongError):
    """A version of a list that entries rest on says something else than before."""

    code = "list_changed"


def book() -> ListBook:
    """The lists and measures of this deployment's region. Raises CatalogueError."""
    return load_lists(settings.REGION)


def list_of(name: str) -> CreditList:
    """One of them. Raises ListingRefused (list_unknown)."""
    found = book().lists.get(name)
    if found is None:
        raise refuse("list_unknown", "本地区没有这份名单。", "There is no such list here.")
    return found


def digest_of(one: CreditList) -> str:
    """What a version of a list says, as a digest."""
    return sha256(
        json.dumps(one.model_dump(mode="json"), sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()


def sync(now: datetime) -> int:
    """Write down what the catalogue names and the database does not; how many lists were new.

    Raises ListChanged where a version says something else than before: a new version is due.
    """
    known = {
        (one.list, one.edition): one.digest
        for one in ListEdition.objects.only("list", "edition", "digest")
    }
    added = 0
    with transaction.atomic():
        for one in book().lists.values():
            digest = digest_of(one)
            held = known.get((one.list, one.version))
            if held is None:
                _add(one, digest, now)
                added += 1
            elif held != digest:
                _replace(one, digest, now)
        _add_measures()
    return added


def _add(one: CreditList, digest: str, now: datetime) -> None:
    key = {"list": one.list, "edition": one.version}
    ListEdition.objects.create(**key, colour=one.colour, digest=digest, since=now)
    ListDepartment.objects.bulk_create(
        ListDepartment(**key, department=department) for department in one.departments
    )
    ListGround.objects.bulk_create(
        ListGround(**key, ground=ground.id, category=ground.category) for ground in one.grounds
    )
    ListExit.objects.bulk_create(ListExit(**key, exit=kind) for kind in one.exit_kinds)


def _replace(one: CreditList, digest: str, now: datetime) -> None:
    """Write a version anew that nobody was entered under yet."""
    rows: tuple[type[Model], ...] = (ListExit, ListGround, ListDepartment, ListEdition)
    try:
        with transaction.atomic():
            for model in rows:
                model._default_manager.filter(list=one.list, edition=one.version).delete()  # noqa: SLF001
            _add(one, digest, now)
            connection.check_constraints()
    except IntegrityError as error:
        raise ListChanged(
            f"version {one.version} of the list {one.list} says something else than when "
            "enterprises were entered under it",
            remedy="Write what is new as the next version: raise `version:` in its file.",
        ) from error


def _add_measures() -> None:
    catalogue = book().catalogue
    if catalogue is None:
        return
    named = [(one, edition) for one in catalogue.measures for edition in one.editions]
    lists = {(name, one.id, edition) for one, edition in named for name in one.lists}
    departments = {(one.id, edition, name) for one, edition in named for name in one.departments}
    lists -= set(ListMeasure.objects.values_list("list", "measure", "catalogue"))
    departments -= set(MeasureDepartment.objects.values_list("measure", "catalogue", "department"))
    ListMeasure.objects.bulk_create(
        ListMeasure(list=name, measure=measure, catalogue=edition)
        for name, measure, edition in sorted(lists)
    )
    MeasureDepartment.objects.bulk_create(
        MeasureDepartment(measure=measure, catalogue=edition, department=name)
        for measure, edition, name in sorted(departments)
    )
