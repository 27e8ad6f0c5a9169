"""The environment of this deployment: where it lies, what is switched on, secrets from files.

Settings are made of it; what needs a secret of its own asks here as well.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

PROJECT = Path(__file__).resolve().parents[2]
#: Which region pack this deployment serves.
REGION = os.environ.get("REGION", "beijing")
#: Where parts, uploads and the embedded database lie.
DATA = Path(os.environ.get("XINRONG_DATA", PROJECT / "var" / REGION)).resolve()


def flag(name: str, *, default: bool) -> bool:
    """A setting that is `true` or `false` and nothing else."""
    value = os.environ.get(name, str(default)).lower()
    if value not in ("true", "false"):
        raise ImproperlyConfigured(f"{name} is {value!r}; write true or false")
    return value == "true"


def secret(name: str) -> str:
    """A secret from the file that NAME_FILE names; the embedded default makes one, mode 0600."""
    path = Path(os.environ.get(f"{name}_FILE", DATA / name.lower()))
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        if f"{name}_FILE" in os.environ:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which is not there") from None
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        value = secrets.token_urlsafe(50)
        file.write(value)
    return value


def identity_services() -> dict[str, dict[str, str]]:
    """The identity services to sign in through: id in the region's file → where it is.

    For the service `provincial`: XINRONG_OIDC_PROVINCIAL_ISSUER, …_CLIENT_ID and
    …_CLIENT_SECRET_FILE; without the first of them it is not used.
    """
    found = {}
    for name, issuer in os.environ.items():
        if not (name.startswith("XINRONG_OIDC_") and name.endswith("_ISSUER") and issuer):
            continue
        prefix = name.removesuffix("ISSUER")
        try:
            client_id, file = os.environ[f"{prefix}CLIENT_ID"], f"{prefix}CLIENT_SECRET_FILE"
            secret_text = Path(os.environ[file]).read_text(encoding="utf-8").strip()
        except (KeyError, FileNotFoundError) as error:
            raise ImproperlyConfigured(f"{name} is set, so {error} is needed as well") from None
        found[prefix.removeprefix("XINRONG_OIDC_").rstrip("_").lower()] = {
            "issuer": issuer,
            "client_id": client_id,
            "client_secret": secret_text,
        }
    return found
