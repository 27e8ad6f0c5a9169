"""The key of the checkpoints: a file of its own, which the role of the database cannot read.

Whoever takes over the database can write audit rows and blocks anew, and cannot sign them. The
public half lies beside the checkpoints (`key-<kid>.json`, written once, never changed), so that it
leaves the machine with them and outlives a rotation.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from xinrong.domain.canonical import canonical_json
from xinrong.domain.signatures import Ed25519Signer, PublicKey, base64url, from_base64url
from xinrong.trust.sealing.errors import CheckpointFailed


def checkpoint_signer() -> Ed25519Signer:
    """The key that signs checkpoints now; the embedded default is made at its first use.

    Raises CheckpointFailed when the file is not there or cannot be read, SignatureError when it
    holds something else.
    """
    path = Path(settings.CHECKPOINT_KEY_FILE)
    try:
        if not path.exists() and not os.environ.get("XINRONG_CHECKPOINT_KEY_FILE"):
            with suppress(FileExistsError):  # another process was quicker: its key is ours
                Ed25519Signer.make_file(path)
        return Ed25519Signer.from_file(path)
    except OSError as error:
        raise CheckpointFailed(
            f"the key of the checkpoints cannot be read: {error.strerror}",
            remedy="See that XINRONG_CHECKPOINT_KEY_FILE names a file that the platform can read.",
            code="checkpoint_key",
        ) from error


def publish(public: PublicKey, now: datetime) -> None:
    """Put the public half beside the checkpoints, once. Raises OSError."""
    path = Path(settings.CHECKPOINTS) / f"key-{public.kid}.json"
    if path.exists():
        return
    row = {
        "kid": public.kid,
        "alg": public.alg,
        "public": base64url(public.raw),
        "from": now.isoformat(),
    }
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_bytes(canonical_json(row) + b"\n")
    part.replace(path)


def checkpoint_keys() -> list[dict[str, Any]]:
    """Every public key of checkpoints, the oldest first: for the page of keys and verifiers."""
    found = []
    for path in Path(settings.CHECKPOINTS).glob("key-*.json"):
        with suppress(OSError, ValueError):  # a file torn by a full disk is no key
            found.append(json.loads(path.read_text(encoding="utf-8")))
    return sorted(found, key=lambda row: (row["from"], row["kid"]))


def public_keys() -> list[PublicKey]:
    """The same keys, to verify with."""
    return [
        PublicKey(row["kid"], row["alg"], from_base64url(row["public"]))
        for row in checkpoint_keys()
    ]
