"""Django stands before the fixtures of this folder are loaded."""

import django

django.setup()

from tests.attacks.support import place, served  # noqa: E402 - models need Django
from tests.pages.support import town  # noqa: E402

__all__ = ["place", "served", "town"]
