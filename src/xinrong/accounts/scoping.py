"""Rows that belong to an organisation: asked for without saying whose, they are an error.

A request carries the scope of whoever looks (OrganisationScope); what needs more says so by
`of_organisations` or, with its reason, `everywhere`. The command line and the background work
stand outside of all organisations and say that, too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.db import models
from django.http import HttpRequest, HttpResponse
from django_scopes import (  # type: ignore[import-untyped]
    ScopedManager,
    ScopeError,
    get_scope,
    scope,
    scopes_disabled,
)
from django_scopes.manager import DisabledQuerySet  # type: ignore[import-untyped]

__all__ = [
    "OrganisationScope",
    "ScopeError",
    "everywhere",
    "of_organisations",
    "outside_organisations",
    "scoped",
]


class Unscoped(DisabledQuerySet):  # type: ignore[misc]
    """What a table answers outside of a scope: an error, whatever is asked; adding rows works."""

    alias = DisabledQuerySet.error
    contains = DisabledQuerySet.error
    defer = DisabledQuerySet.error
    difference = DisabledQuerySet.error
    distinct = DisabledQuerySet.error
    exclude = DisabledQuerySet.error
    exists = DisabledQuerySet.error
    explain = DisabledQuerySet.error
    extra = DisabledQuerySet.error
    in_bulk = DisabledQuerySet.error
    intersection = DisabledQuerySet.error
    prefetch_related = DisabledQuerySet.error
    select_related = DisabledQuerySet.error


def scoped(path: str = "organisation") -> Any:
    """The manager of a table whose rows belong to an organisation; `path` leads to it."""
    library: Any = type(ScopedManager(organisation=path))

    class Scoped(library):  # type: ignore[misc]
        """Refuses every question that says nothing of the organisation."""

        def get_queryset(self) -> models.QuerySet[Any]:
            around = get_scope()
            whose = around.get("organisation")
            if callable(whose) and around.get("_enabled", True):
                with scope(organisation=whose()):
                    return self.get_queryset()
            found = super().get_queryset()
            if isinstance(found, DisabledQuerySet):
                return cast(
                    "models.QuerySet[Any]",
                    Unscoped(self.model, using=self._db, missing_scopes=found.missing_scopes),
                )
            return cast("models.QuerySet[Any]", found)

    return Scoped()


def of_organisations[M: models.Model](model: type[M], *organisations: int) -> models.QuerySet[M]:
    """The rows of these organisations and no others, whatever scope stands around."""
    with scope(organisation=list(organisations)):
        return model._default_manager.all()  # noqa: SLF001 - documented by Django


def everywhere[M: models.Model](model: type[M], *, because: str) -> models.QuerySet[M]:
    """The rows of all organisations; `because` says to the reader why this one may ask so."""
    if not because:
        raise ScopeError("a question over all organisations says why")
    with scopes_disabled():
        return model._default_manager.all()  # noqa: SLF001 - documented by Django


#: For the command line, background work and restores, which act for the platform as a whole.
outside_organisations = scopes_disabled


class OrganisationScope:
    """Middleware: what a request asks is asked for the organisation of whoever looks.

    Who looks is found out only when a question is put: most requests never do.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with scope(organisation=partial(_own, request)):
            return self.get_response(request)


def _own(request: HttpRequest) -> list[int]:
    from xinrong.accounts.acting import viewer_in  # the models, which this module serves

    number = viewer_in(request).organisation_id
    return [] if number is None else [number]
