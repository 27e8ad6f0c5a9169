"""From which network address a request comes: the one place that reads it.

A header can be written by anybody, so it is believed only from the proxies that the setting names
(XINRONG_PROXIES: addresses or networks, separated by commas). Without it the address is that of
whoever opened the connection.
"""

from __future__ import annotations

import re
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

Network = IPv4Network | IPv6Network
FINGERPRINT = re.compile(r"[0-9a-f]{64}")


def network_address(request: HttpRequest) -> str:
    """The address of whoever asks; behind a trusted proxy the last one that no proxy has.

    Empty where the server tells none.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    trusted = networks(settings.PROXIES)
    if not trusted:
        return address
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    for hop in reversed(hops):
        if not _within(address, trusted) or not _is_address(hop):
            break
        address = hop
    return address


def certificate_of(request: HttpRequest) -> str:
    """SHA-256 fingerprint of the client certificate with which a caller came; empty: none known.

    The proxy that ends TLS hands it over in `X-Client-Cert-SHA256`, hexadecimal digits with or
    without colons; nobody else is believed. A proxy must drop the header where a caller sent it.
    """
    trusted = networks(settings.PROXIES)
    if not trusted or not _within(str(request.META.get("REMOTE_ADDR", "")), trusted):
        return ""
    told = request.headers.get("X-Client-Cert-SHA256", "").replace(":", "").lower()
    return told if FINGERPRINT.fullmatch(told) else ""


@cache
def networks(text: str) -> tuple[Network, ...]:
    """The networks that a setting names. Raises ImproperlyConfigured for anything else."""
    try:
        parts = [part.strip() for part in text.split(",")]
        return tuple(ip_network(part, strict=False) for part in parts if part)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"XINRONG_PROXIES: {error}; name addresses or networks"
        ) from None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _within(address: str, trusted: tuple[Network, ...]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in trusted)
