"""Django stands before the models are loaded."""

import django

django.setup()

from tests.trust.support import region  # noqa: E402 - models need Django

__all__ = ["region"]
