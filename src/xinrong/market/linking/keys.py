"""The secrets of a link: in files of their own, mode 0600; the database knows their digests."""

from __future__ import annotations

import base64
import os
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from xinrong.domain.errors import Place
from xinrong.market.linking.errors import LinkBroken
from xinrong.market.linking.models import Direction, Link, LinkKey

PREFIX = "whsec_"
#: Bytes of a secret; those of a bank may be as short as the standard's least.
BYTES, LEAST = 32, 24
#: How long the old secret may go on beside the one that replaces it.
LONGEST_OVERLAP = timedelta(days=7)


def folder() -> Path:
    """Where secrets lie that were made here."""
    return Path(settings.DATA) / "links"


def new_secret() -> str:
    """A secret that nobody has had."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def read_secret(file: Path) -> str:
    """The secret in a file. Raises LinkBroken (link_key) where there is none or a weak one."""
    try:
        text = file.read_text(encoding="utf-8").strip()
        raw = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (OSError, ValueError) as error:
        raise _unusable(file, f"it cannot be read: {type(error).__name__}") from None
    if not text.startswith(PREFIX) or len(raw) < LEAST:
        raise _unusable(file, f"it holds no secret of {LEAST} bytes or more")
    return text


def write_secret(file: Path, secret: str) -> None:
    """A file that only its owner reads. Raises LinkBroken where there is one already."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise _unusable(file, "there is a file of that name already") from None
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(secret + "\n")


def add_key(link: Link, direction: Direction, file: Path | None, *, now: datetime) -> LinkKey:
    """Put a secret in force: the one in this file, else one made here. Raises LinkBroken."""
    if file is None:
        file = folder() / f"{link.name}-{direction}-{secrets.token_hex(4)}"
        write_secret(file, new_secret())
    secret = read_secret(file)
    digest = digest_of(secret)
    if LinkKey.objects.filter(digest=digest).exists():
        raise LinkBroken(
            "this secret is that of a link already",
            place=Place(file=str(file)),
            remedy="Make a new one for each link and direction.",
            code="link_key",
        )
    return LinkKey.objects.create(
        link=link, direction=direction, digest=digest, file=str(file.resolve()), made_at=now
    )


def rotate(
    link: Link, direction: Direction, file: Path | None, *, overlap: timedelta, now: datetime
) -> LinkKey:
    """A new secret; the present one ends after the overlap. Raises LinkBroken."""
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise LinkBroken(
            f"two secrets do not overlap for {overlap.days} days",
            remedy=f"Choose between 0 and {LONGEST_OVERLAP.days} days.",
            code="link_key",
        )
    made = add_key(link, direction, file, now=now)
    old = LinkKey.objects.filter(link=link, direction=direction, ends_at=None)
    old.exclude(pk=made.pk).update(ends_at=now + overlap)
    return made


def secrets_of(link: Link, direction: Direction, *, now: datetime) -> list[str]:
    """The secrets in force, the newest first. Raises LinkBroken where a file is not its row's."""
    return [secret_in(row) for row in in_force(direction, now).filter(link=link)]


def in_force(direction: Direction, now: datetime) -> QuerySet[LinkKey]:
    """The keys that sign a direction now, of whichever link, the newest first."""
    rows = LinkKey.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), direction=direction)
    return rows.order_by("-pk")


def secret_in(row: LinkKey) -> str:
    """The secret of a key. Raises LinkBroken where the file is not its row's."""
    secret = read_secret(Path(row.file))
    if digest_of(secret) != row.digest:
        raise _unusable(Path(row.file), "it is not the secret that was put in force")
    return secret


def digest_of(secret: str) -> str:
    """What the database keeps of a secret."""
    return sha256(secret.encode()).hexdigest()


def _unusable(file: Path, why: str) -> LinkBroken:
    return LinkBroken(
        f"the secret cannot be used: {why}",
        place=Place(file=str(file)),
        remedy="Write `whsec_` and the base64 of at least 24 random bytes into it.",
        code="link_key",
    )
