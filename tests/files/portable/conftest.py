"""Django stands before the fixtures of this folder are loaded."""

import django

django.setup()

from tests.files.portable.support import filled  # noqa: E402 - models need Django

__all__ = ["filled"]
