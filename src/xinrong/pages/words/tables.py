"""A table of words, and how a key is looked up in it."""

from __future__ import annotations

from django.utils.functional import Promise

Words = dict[str, Promise]


def of(words: Words, key: str) -> Promise | str:
    """The words of a key; a key that nobody has words for shows as itself."""
    return words.get(key, key.replace("_", " "))
