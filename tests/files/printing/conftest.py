"""Django stands before the fixtures of this folder are loaded."""

import django

django.setup()

from tests.files.printing.support import consented  # noqa: E402 - models need Django
from tests.files.test_services import banker, firm, owner, taizhou  # noqa: E402

__all__ = ["banker", "consented", "firm", "owner", "taizhou"]
