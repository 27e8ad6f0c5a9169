"""Addresses that stand in reports: as the platform is reached from outside."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def outside(request: HttpRequest, name: str) -> str:
    """The address of a route: under XINRONG_SITE where it is set, else as it was asked for."""
    path = reverse(name)
    site: str = settings.SITE
    return f"{site}{path}" if site else request.build_absolute_uri(path)
