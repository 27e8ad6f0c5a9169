"""Which identity services a deployment uses, and what their words mean.

What a service says and how is data of the region (`identity_services.yaml` of its pack); where it
is and who we are to it comes from the environment, its secret from a file: see settings.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from pydantic import Field, ValidationError

from xinrong.accounts.oidc.claims import EnterpriseRole
from xinrong.accounts.oidc.errors import IdentityMisconfigured, IdentityRefused
from xinrong.catalogue.contract import Strict
from xinrong.catalogue.region import read_yaml, regions_root
from xinrong.domain.errors import Place
from xinrong.domain.text import Text

FILE = "identity_services.yaml"


class ClaimPaths(Strict):
    """Where in the ID token the service writes what: names joined by dots lead into objects."""

    name: str = "name"
    enterprise_code: str = ""
    role: str = ""


class ServiceDescription(Strict):
    """One identity service in the region's file. `roles`: its word → what it means here."""

    id: str = Field(pattern=r"^[a-z][a-z0-9]*$")
    title: Text
    scopes: tuple[str, ...] = ("openid", "profile")
    claims: ClaimPaths = ClaimPaths()
    roles: Mapping[str, EnterpriseRole] = {}


class IdentityService(Strict):
    """A service that this deployment uses."""

    description: ServiceDescription
    issuer: str
    client_id: str
    client_secret: str = Field(repr=False)

    @property
    def id(self) -> str:
        """The name in addresses and in the environment."""
        return self.description.id

    @property
    def title(self) -> Text:
        """How people know the service."""
        return self.description.title


@cache
def described(region: str, root: Path | None = None) -> tuple[ServiceDescription, ...]:
    """The services of a region's pack; none without the file. Raises IdentityMisconfigured."""
    path = (root or regions_root()) / region / FILE
    if not path.exists():
        return ()
    try:
        rows: Any = read_yaml(path)
        return tuple(ServiceDescription.model_validate(row) for row in rows)
    except (ValidationError, TypeError) as error:
        raise IdentityMisconfigured(
            f"the description of an identity service is wrong: {error}",
            place=Place(file=str(path)),
            remedy="docs/how-to/sign-in.md shows a right one.",
        ) from None


def services() -> list[IdentityService]:
    """Every service of the region that the environment says how to reach."""
    found = []
    for one in described(settings.REGION):
        reached = settings.IDENTITY_SERVICES.get(one.id)
        if reached:
            found.append(IdentityService(description=one, **reached))
    return found


def service_named(name: str) -> IdentityService:
    """The service of this id. Raises IdentityRefused (identity_unknown)."""
    for one in services():
        if one.id == name:
            return one
    raise IdentityRefused(f"there is no identity service {name!r} here", code="identity_unknown")
