"""`python -m banksim`."""

from __future__ import annotations

import sys

from banksim.cli import main

sys.exit(main())
