"""Django stands before the fixtures of this folder are loaded."""

import django

django.setup()

from tests.trust.support import (  # noqa: E402 - models need Django
    consent,
    everything,
    firms,
    people,
    region,
    snapshots,
)

__all__ = ["consent", "everything", "firms", "people", "region", "snapshots"]
