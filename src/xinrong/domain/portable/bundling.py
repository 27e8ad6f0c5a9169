"""The verifier as one file that a bank takes away: a zip that Python runs.

It holds these modules as they are and nothing else; the bank installs `cryptography`. The same
version makes the same bytes, so that its SHA-256 can be compared.
"""

from __future__ import annotations

import io
import zipfile
from importlib import resources

#: Packages of which every module is taken, and single modules.
PACKAGES = ("xinrong.domain.portable", "xinrong.domain.signatures")
MODULES = {
    "xinrong": ("__init__.py",),
    "xinrong.domain": ("__init__.py", "canonical.py", "errors.py"),
}
START = b"""from xinrong.domain.portable.command import main

raise SystemExit(main())
"""
NAME = "xinrong-verify.pyz"
_LONG_AGO = (2026, 1, 1, 0, 0, 0)


def verifier() -> bytes:
    """The program."""
    found = {"__main__.py": START}
    for package in PACKAGES:
        for entry in resources.files(package).iterdir():
            if entry.name.endswith(".py"):
                found[f"{package.replace('.', '/')}/{entry.name}"] = entry.read_bytes()
    for package, names in MODULES.items():
        for name in names:
            text = resources.files(package).joinpath(name).read_bytes()
            found[f"{package.replace('.', '/')}/{name}"] = text
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in sorted(found.items()):
            about = zipfile.ZipInfo(name, _LONG_AGO)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            archive.writestr(about, text, compresslevel=9)
    return b"#!/usr/bin/env python3\n" + file.getvalue()
