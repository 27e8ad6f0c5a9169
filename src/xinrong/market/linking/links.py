"""Opening, changing and closing the link of a bank: one file says all of it.

A link is a YAML file (docs/how-to/connect-a-bank.md) or the options of `xinrong link add`. Secrets
and certificates are files of their own, never in it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import yaml
from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xinrong.accounts.services import Person, organisation_named, person_of_email, viewer_of
from xinrong.domain.errors import Place
from xinrong.market.linking.errors import LinkBroken
from xinrong.market.linking.keys import add_key
from xinrong.market.linking.models import Direction, Link
from xinrong.market.linking.pinning import context_of
from xinrong.market.linking.posting import check_url

Fingerprint = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
Seconds = Annotated[int, Field(ge=1, le=7 * 86_400)]


class LinkConfig(BaseModel):
    """What the file of a link says. Times in seconds; files are paths on the platform's machine."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,31}$")]
    bank: Annotated[str, Field(min_length=1, max_length=200)]  # name of the organisation
    officer: Annotated[str, Field(min_length=3, max_length=254)]  # e-mail address
    url: Annotated[str, Field(max_length=500)]
    products: list[Annotated[str, Field(max_length=64)]] = []
    theirs: Fingerprint = ""
    server: Fingerprint = ""
    authority: str = ""
    certificate: str = ""
    private_key: str = ""
    first_pause: Seconds = 10
    longest_pause: Seconds = 3600
    give_up: Seconds = 86_400
    timeout: Annotated[int, Field(ge=1, le=60)] = 10
    our_secret_file: str = ""  # empty: made here
    their_secret_file: str = ""


#: What of it is a column of the link under the same name.
COLUMNS = (
    "url", "products", "theirs", "server", "authority", "certificate", "private_key",
    "first_pause", "longest_pause", "give_up", "timeout",
)  # fmt: skip


def read_config(file: Path) -> LinkConfig:
    """The file of a link. Raises LinkBroken with what is wrong and where."""
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise LinkBroken(
            f"the file cannot be read: {str(error)[:200]}",
            place=Place(file=file.name),
            remedy="Write YAML, as docs/how-to/connect-a-bank.md shows.",
        ) from None
    if not isinstance(found, dict):
        raise LinkBroken("it is no mapping of names to values", place=Place(file=file.name))
    return config_of(found, file.name)


def config_of(values: dict[str, object], file: str = "") -> LinkConfig:
    """Values as they were written. Raises LinkBroken."""
    try:
        return LinkConfig.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise LinkBroken(
            first["msg"],
            place=Place(file=file, field=".".join(str(part) for part in first["loc"])),
            remedy="docs/how-to/connect-a-bank.md says what may stand there.",
        ) from None


def open_link(config: LinkConfig, *, now: datetime) -> Link:
    """A new link with a secret for each direction. Raises LinkBroken, AccountError."""
    bank, officer = organisation_named(config.bank), person_of_email(config.officer)
    if bank.kind != "bank":
        raise LinkBroken(
            f"{bank.name} is no bank", place=Place(field="bank"), remedy="Name a bank."
        )
    check_officer(officer, bank.pk)
    check_url(config.url)
    if Link.objects.filter(name=config.name).exists() or (
        Link.objects.filter(organisation=bank).exists()
    ):
        raise LinkBroken(
            f"there is a link named {config.name}, or one of {bank.name}",
            remedy="Change that one: `xinrong link change`.",
            code="link_exists",
        )
    with transaction.atomic():
        link = Link(
            name=config.name,
            organisation=bank,
            officer=officer,
            made_at=now,
            **{name: getattr(config, name) for name in COLUMNS},
        )
        context_of(link)  # files that cannot be used are told now
        link.save()
        for direction, file in (
            (Direction.OURS, config.our_secret_file),
            (Direction.THEIRS, config.their_secret_file),
        ):
            add_key(link, direction, Path(file) if file else None, now=now)
    return link


def change_link(config: LinkConfig) -> Link:
    """The link of that name as the file says it now; its secrets stay. Raises LinkBroken."""
    with transaction.atomic():
        link = link_named(config.name)
        officer = person_of_email(config.officer)
        check_officer(officer, link.organisation_id)
        check_url(config.url)
        link.officer = officer
        for name in COLUMNS:
            setattr(link, name, getattr(config, name))
        context_of(link)
        link.save(update_fields=["officer", *COLUMNS])
    return link


def check_officer(officer: Person, bank: int) -> None:
    """Whether somebody may act for the bank's system. Raises LinkBroken (link_officer)."""
    if viewer_of(officer, bank).role != "loan_officer":
        raise LinkBroken(
            f"{officer} is no loan officer of this bank",
            place=Place(field="officer"),
            remedy="Name somebody with that role; the bank invites them.",
            code="link_officer",
        )


def link_named(name: str) -> Link:
    """The open link of that name. Raises LinkBroken (link_unknown)."""
    found = Link.objects.filter(name=name, closed_at=None).select_related("organisation")
    link = found.first()
    if link is None:
        raise LinkBroken(
            f"there is no open link {name[:40]!r}",
            remedy="`xinrong link list` shows those there are.",
            code="link_unknown",
        )
    return link


def close_link(name: str, *, now: datetime) -> Link:
    """End a link: nothing is sent or taken any more; its secrets end."""
    with transaction.atomic():
        link = link_named(name)
        link.closed_at = now
        link.save(update_fields=["closed_at"])
        link.keys.filter(ends_at=None).update(ends_at=now)
    return link


def links() -> list[Link]:
    """All links, the open ones first."""
    rows = Link.objects.select_related("organisation", "officer").order_by("name")
    return sorted(rows, key=lambda one: one.closed_at is not None)
