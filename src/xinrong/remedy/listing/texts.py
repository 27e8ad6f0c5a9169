"""What people type, before it is kept or searched for."""

from __future__ import annotations


def one_line(text: str) -> str:
    """Without line breaks, repeated blanks and signs that nobody sees or databases refuse."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def lines(text: str) -> str:
    """The same line by line, without empty lines at either end."""
    return "\n".join(one_line(line) for line in text.strip().splitlines()).strip()
