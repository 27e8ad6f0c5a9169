"""A small platform with one register file taken in, and everybody who calls."""

import django

django.setup()

from tests.api.support import client, firm, keys, platform  # noqa: E402 - models need Django

__all__ = ["client", "firm", "keys", "platform"]
