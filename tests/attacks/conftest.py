"""Django stands before the fixtures of this folder are loaded."""

import django

django.setup()

from tests.attacks.support import place, served  # noqa: E402 - models need Django
from tests.pages.support import town  # noqa: E402
from tests.trust.support import (  # noqa: E402
    consent,
    everything,
    firms,
    people,
    region,
    snapshots,
)

__all__ = [
    "consent",
    "everything",
    "firms",
    "people",
    "place",
    "region",
    "served",
    "snapshots",
    "town",
]
