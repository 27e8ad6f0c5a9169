"""Verbs on identity services, for the pages."""

from __future__ import annotations

from xinrong.accounts.oidc.config import IdentityService, service_named, services
from xinrong.accounts.oidc.errors import (
    IdentityMisconfigured,
    IdentityRefused,
    IdentityUnreachable,
)
from xinrong.accounts.oidc.flow import begin, finish
from xinrong.accounts.oidc.linking import link, links_of, person_of

__all__ = [
    "IdentityMisconfigured",
    "IdentityRefused",
    "IdentityService",
    "IdentityUnreachable",
    "begin",
    "finish",
    "link",
    "links_of",
    "person_of",
    "service_named",
    "services",
]
