"""What people type into the forms of these pages, read without trust."""

from __future__ import annotations

from django.http import HttpRequest

from xinrong.accounts.services import PeopleRefused
from xinrong.pages.words import said

LONGEST_SEARCH = 100

#: What a form says beside itself; the rest has a page of its own (pages.errors.STATUSES).
ELSEWHERE = ("denied", "unknown_member", "unknown_invitation", "unknown_key", "unknown_support")


def whole(text: str) -> int:
    """A whole number, or -1, which stands for nothing."""
    plain = text.isascii() and text.isdecimal() and len(text) <= 15
    return int(text) if plain else -1


def searched(request: HttpRequest) -> str:
    """The text of a search."""
    return " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH]


def beside_the_form(error: PeopleRefused) -> str:
    """The words of a refusal that a form shows; raises what has a page of its own."""
    if error.code in ELSEWHERE:
        raise error
    return said(error.words)
