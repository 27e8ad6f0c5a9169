"""Django stands before the fixtures of this folder are loaded."""

import django

django.setup()

from tests.pages.support import (  # noqa: E402 - models need Django
    faults,
    live_town,
    open_file,
    sign_in,
    town,
)

__all__ = ["faults", "live_town", "open_file", "sign_in", "town"]
