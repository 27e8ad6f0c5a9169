"""Django stands before the fixtures of this folder are loaded."""

import django

django.setup()

from tests.work.support import cast  # noqa: E402 - models need Django

__all__ = ["cast"]
