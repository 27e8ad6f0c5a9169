"""What a task of the inbox is, and where its kinds come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from xinrong.accounts.services import Viewer

#: Tasks of one source that are looked at; who has more begins with the most urgent.
MOST = 300


@dataclass(frozen=True)
class Task:
    """One thing that waits for the viewer.

    `otherwise` says what happens if nobody acts; `act` are the words of the link. `due` is the
    first moment that is too late. `escalated`: it is here because others did not act.
    """

    source: str
    title: str
    about: str
    state: str
    since: datetime | None
    due: datetime | None
    otherwise: str
    link: str
    act: str
    number: str = ""
    escalated: bool = False
    provisional: bool = False
    taken_by: str = ""


@dataclass(frozen=True)
class Source:
    """One kind of tasks. `counted` are its rows for the navigation, None where it gives none."""

    name: str
    words: Promise
    tasks: Callable[[Viewer, datetime], list[Task]]
    counted: Callable[[Viewer, datetime], QuerySet[Any] | None]


def not_counted(who: Viewer, now: datetime) -> None:
    """Queues stand in the inbox as one entry; the number beside the navigation is of tasks."""
