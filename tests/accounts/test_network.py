"""Whose address a request has: nobody's word for it but a trusted proxy's."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from xinrong.accounts.network import network_address, networks


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "found"),
    [
        ("", "127.0.0.1", "192.0.2.1", "127.0.0.1"),
        ("10.0.0.0/8", "192.0.2.9", "198.51.100.1", "192.0.2.9"),  # who asks is no proxy
        ("10.0.0.0/8", "10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.0/8", "10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.0/8", "10.0.0.1", "6.6.6.6, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        ("10.0.0.0/8", "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.0/8", "10.0.0.1", "192.0.2.1, <script>", "10.0.0.1"),
        ("::1", "::1", "2001:db8::7", "2001:db8::7"),
        ("::1,127.0.0.1", "127.0.0.1", "  192.0.2.1  ", "192.0.2.1"),
        ("127.0.0.1", "", "192.0.2.1", ""),
    ],
)
def test_the_last_address_that_is_no_trusted_proxy_counts(
    settings, proxies: str, peer: str, forwarded: str, found: str
) -> None:
    settings.PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)
    assert network_address(request) == found


def test_a_setting_that_names_no_network_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="XINRONG_PROXIES"):
        networks("10.0.0.0/8, proxy.example.cn")
