"""The platform's own key: what signs, and every public key that ever did.

The private key lies in the file that XINRONG_SIGNING_KEY_FILE names, which the database role
cannot read; the embedded default is made once. The public keys lie in a file of their own, with
the days on which each was in use: a document names its key and verifies for ever. A new key in
place of the old one (`xinrong consent rotate-key`, or another file) is noted at its first use.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from xinrong.domain.signatures import Ed25519Signer, PublicKey, base64url, from_base64url
from xinrong.trust.sealing.keys import checkpoint_keys


@dataclass(frozen=True)
class KnownKey:
    """A public key and when it signed. `until` is empty for the one that signs now."""

    public: PublicKey
    since: datetime
    until: datetime | None

    def as_json(self) -> dict[str, Any]:
        return {
            "kid": self.public.kid,
            "alg": self.public.alg,
            "public": base64url(self.public.raw),
            "from": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else None,
        }

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> KnownKey:
        """The key of one row of the public file."""
        return cls(
            PublicKey(row["kid"], row["alg"], from_base64url(row["public"])),
            datetime.fromisoformat(row["from"]),
            datetime.fromisoformat(row["until"]) if row["until"] else None,
        )


_loaded: dict[Path, tuple[tuple[int, int], Ed25519Signer]] = {}
_lock = threading.Lock()


def platform_signer() -> Ed25519Signer:
    """The key that signs now. Reads the file again when it changed: a rotation needs no restart.

    Raises ImproperlyConfigured when a file is named and not there.
    """
    path = Path(settings.SIGNING_KEY_FILE)
    try:
        found = path.stat()
    except FileNotFoundError:
        found = _make(path)
    stamp = (found.st_mtime_ns, found.st_ino)
    known = _loaded.get(path)
    if known is not None and known[0] == stamp:
        return known[1]
    with _lock:
        signer = Ed25519Signer.from_file(path)
        _note(signer.public)
        _loaded[path] = (stamp, signer)
    return signer


def _make(path: Path) -> os.stat_result:
    if os.environ.get("XINRONG_SIGNING_KEY_FILE"):
        raise ImproperlyConfigured(f"XINRONG_SIGNING_KEY_FILE names {path}, which is not there")
    with suppress(FileExistsError):  # another process was quicker: its key is ours
        Ed25519Signer.make_file(path)
    return path.stat()


def known_keys() -> list[KnownKey]:
    """Every key of this platform, the one that signs now last."""
    platform_signer()  # notes a key that is new
    return _read()


def public_keys() -> list[PublicKey]:
    """What verifies anything that this platform ever signed."""
    return [known.public for known in known_keys()]


def key_document() -> dict[str, Any]:
    """What stands at /.well-known/xinrong-keys.json; `checkpoints` are the audit chain's keys."""
    return {
        "keys": [known.as_json() for known in known_keys()],
        "checkpoints": checkpoint_keys(),
    }


def rotate() -> Ed25519Signer:
    """Put a new key in the old one's place. What the old one signed stays verifiable.

    The old private key is removed. Raises ImproperlyConfigured when the file comes from outside:
    then whoever puts it there replaces it.
    """
    path = Path(settings.SIGNING_KEY_FILE)
    if os.environ.get("XINRONG_SIGNING_KEY_FILE"):
        raise ImproperlyConfigured(f"replace {path} yourself: the platform notes the new key")
    platform_signer()  # the old one is noted, even if it never signed
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    Ed25519Signer.make_file(new)
    new.replace(path)
    return platform_signer()


def _note(public: PublicKey) -> None:
    with _public_file():
        rows = _read()
        if rows and rows[-1].public.kid == public.kid:
            return
        now = timezone.now()
        # A key that comes back (an old process, a restored file) stays listed once, in use again.
        kept = [
            KnownKey(row.public, row.since, row.until or now)
            for row in rows
            if row.public.kid != public.kid
        ]
        since = next((row.since for row in rows if row.public.kid == public.kid), now)
        _write([*kept, KnownKey(public, since, None)])


def _read() -> list[KnownKey]:
    try:
        text = Path(settings.PUBLIC_KEYS_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [KnownKey.from_json(row) for row in json.loads(text)["keys"]]


def _write(rows: list[KnownKey]) -> None:
    path = Path(settings.PUBLIC_KEYS_FILE)
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8") as file:
        json.dump({"keys": [row.as_json() for row in rows]}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


@contextmanager
def _public_file() -> Iterator[None]:
    """Alone with the public file, among all processes of this machine."""
    path = Path(settings.PUBLIC_KEYS_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
