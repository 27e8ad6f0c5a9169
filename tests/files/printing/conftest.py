"""Django stands before the fixtures of this folder are loaded."""

import django

django.setup()

from tests.files.printing.support import consented  # noqa: E402 - models need Django

__all__ = ["consented"]
