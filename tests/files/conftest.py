"""Django stands before the fixtures of this folder are loaded."""

import django

django.setup()

from tests.files.firm import banker, firm, owner, taizhou  # noqa: E402 - models need Django

__all__ = ["banker", "firm", "owner", "taizhou"]
