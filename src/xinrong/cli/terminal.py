"""What the terminal says of whoever sits before it."""

from __future__ import annotations

import os

#: Which environment variable names the language, the strongest first.
LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of_terminal() -> str:
    """`zh` where the terminal's locale is Chinese, else `en`."""
    found = next((os.environ[name] for name in LOCALES if os.environ.get(name)), "")
    return "zh" if found.lower().startswith("zh") else "en"
