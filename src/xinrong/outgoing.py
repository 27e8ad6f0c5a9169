"""By what messages leave the platform, as the environment says it: mail server and SMS gateway.

Passwords and secrets come from files. docs/how-to/send-notices.md lists every variable.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

#: Ways to protect the connection -> the port where it is usual.
PORTS = {"starttls": 587, "tls": 465, "none": 25}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def mailers(environ: Mapping[str, str]) -> dict[str, Any]:
    """Django's MAILERS; empty without XINRONG_MAIL_HOST. Raises ImproperlyConfigured."""
    host, tls = environ.get("XINRONG_MAIL_HOST"), environ.get("XINRONG_MAIL_TLS", "starttls")
    if not host:
        return {}
    if tls not in PORTS:
        raise ImproperlyConfigured(f"XINRONG_MAIL_TLS is {tls!r}; write starttls, tls or none")
    user, file = environ.get("XINRONG_MAIL_USER"), environ.get("XINRONG_MAIL_PASSWORD_FILE")
    if user and (tls == "none" or not file):
        raise ImproperlyConfigured("XINRONG_MAIL_USER needs TLS and XINRONG_MAIL_PASSWORD_FILE")
    options = {
        "host": host,
        "port": _number(environ, "XINRONG_MAIL_PORT", PORTS[tls]),
        "use_tls": tls == "starttls",
        "use_ssl": tls == "tls",
        "timeout": 10,  # seconds, for each answer of the server
        "username": user,
        "password": _secret(file, "XINRONG_MAIL_PASSWORD_FILE") if file else None,
    }
    return {"default": {"OPTIONS": options}}


def sms_gateway(environ: Mapping[str, str]) -> dict[str, str]:
    """Where the SMS gateway is; empty without XINRONG_SMS_URL. Raises ImproperlyConfigured."""
    url, file = environ.get("XINRONG_SMS_URL"), environ.get("XINRONG_SMS_SECRET_FILE")
    if not url:
        return {}
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (parts.hostname and (parts.scheme == "https" or local)):
        raise ImproperlyConfigured("XINRONG_SMS_URL begins with https:// (http:// on this machine)")
    if not file:
        raise ImproperlyConfigured("XINRONG_SMS_URL is set, so XINRONG_SMS_SECRET_FILE is needed")
    return {
        "url": url,
        "secret": _secret(file, "XINRONG_SMS_SECRET_FILE"),
        "sign": environ.get("XINRONG_SMS_SIGN", "信融"),
        "template": environ.get("XINRONG_SMS_TEMPLATE", ""),
        "timeout": str(_number(environ, "XINRONG_SMS_TIMEOUT", 5)),
    }


def _number(environ: Mapping[str, str], name: str, otherwise: int) -> int:
    text = environ.get(name, str(otherwise))
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ImproperlyConfigured(f"{name} is {text!r}; write a whole number")
    return int(text)


def _secret(file: str, name: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name} names {file}, which cannot be read: {error}") from None
