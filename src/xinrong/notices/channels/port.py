"""What a channel is to the worker: something that takes one message, or says why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Outgoing:
    """One message as it leaves: where to, under which name, in which words. No content of a file.

    `link` leads to the page after sign-in; it holds no token. `settings_link` leads to where
    the person chooses what to be told.
    """

    to: str
    name: str
    language: str
    subject: str
    lines: tuple[str, ...]
    link: str
    settings_link: str


class Way(Protocol):
    """A way out of the platform. `send` raises one of the subclasses of NotSent, and no others."""

    def send(self, message: Outgoing) -> None:
        """Hand the message over; once this returns, it was taken."""
        ...

    def close(self) -> None:
        """Let go of what `send` holds open."""
        ...
