"""File names as browsers send them, made harmless."""

from __future__ import annotations

import unicodedata

#: Characters; in UTF-8 they stay below the 255 bytes that file systems allow.
LONGEST = 80
_RESERVED = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
NAMELESS = "upload"


def safe_name(sent: str) -> str:
    """The last part of a path, without what a file system, a terminal or a page may misread.

    Control and direction marks go, reserved characters become underscores, leading dots go, and a
    long name is cut before its ending.
    """
    last = sent.replace("\\", "/").rsplit("/", 1)[-1]
    plain = unicodedata.normalize("NFC", last.encode("utf-8", "ignore").decode())
    visible = "".join(char for char in plain if unicodedata.category(char)[0] != "C")
    name = " ".join(visible.translate(_RESERVED).split()).lstrip(". ").rstrip(". ")
    if not name:
        return NAMELESS
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:LONGEST]
    return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"
