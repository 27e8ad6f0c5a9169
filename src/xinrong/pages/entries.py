"""Entries of the navigation: the name of a page, its words, its address."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

Entry = tuple[str, str, str]


def allowed(offered: Iterable[tuple[bool, str, str]]) -> list[Entry]:
    """The entries whose pages the viewer may open."""
    return [(name, words, reverse(name)) for may, name, words in offered if may]
