"""Consents that wait for their signature, between the page of ticks and the page of signing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest

from xinrong.trust.services import consenting

KEY = "consent_drafts"


def keep(request: HttpRequest, drafts: Collection[consenting.Draft]) -> None:
    """Remember drafts in the order in which they are to be signed; older ones are forgotten."""
    request.session[KEY] = [one.kept() for one in drafts]


def waiting(request: HttpRequest) -> list[consenting.Draft]:
    """The drafts that wait, in order."""
    kept: list[dict[str, Any]] = request.session.get(KEY, [])
    return [consenting.Draft.from_kept(one) for one in kept]


def draft_for(request: HttpRequest, number: str) -> consenting.Draft | None:
    """The draft for a request for consent, if one waits."""
    return next((one for one in waiting(request) if one.request == number), None)


def drop(request: HttpRequest, number: str) -> list[consenting.Draft]:
    """Forget the draft for a request; those that wait still."""
    left = [one for one in waiting(request) if one.request != number]
    keep(request, left)
    return left
