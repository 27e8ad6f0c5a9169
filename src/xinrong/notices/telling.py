"""Telling people: a notice in the platform, and a message where they want one.

Everything here is rows in the caller's transaction; messages leave later, by the worker.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from xinrong.notices.channels import open_channels
from xinrong.notices.enums import Channel, Wanted
from xinrong.notices.kinds import Kind, kind_of
from xinrong.notices.models import Message, Notice, Preference
from xinrong.notices.paths import check_path
from xinrong.notices.people import Recipient
from xinrong.notices.times import next_summary


def notify(
    kind: str,
    people: Iterable[Recipient],
    *,
    path: str,
    key: str,
    at: datetime,
    reference: str = "",
    label: str = "",
) -> int:
    """Tell these people of something, each once for this `key`; how many were told anew.

    `path` leads to the page where they act. Raises NoticeError (kind_unknown, path_wrong).
    """
    found = kind_of(kind)
    check_path(path)
    chosen = {one.person: one for one in reversed(list(people))}
    with transaction.atomic():
        known = Notice.objects.filter(person__in=chosen, key=key)
        for person in known.values_list("person_id", flat=True):
            del chosen[person]
        Notice.objects.bulk_create(
            (
                Notice(
                    person_id=one.person,
                    organisation_id=one.organisation,
                    role=one.role,
                    kind=found.name,
                    path=path,
                    reference=reference,
                    label=" ".join(label.split())[:200],
                    key=key,
                    at=at,
                )
                for one in chosen.values()
            ),
            ignore_conflicts=True,  # somebody told them of it at this very moment
        )
        made = Notice.objects.filter(person__in=chosen, key=key, messages=None)
        _queue(found, list(made), at)
    return len(chosen)


def _queue(kind: Kind, notices: list[Notice], at: datetime) -> None:
    """Messages of new notices, by the channels that there are and each person wants."""
    channels = open_channels()
    if not kind.mails or not channels or not notices:
        return
    rows = Preference.objects.filter(person__in=[one.person_id for one in notices])
    wanted = {row.person_id: row for row in rows}
    made = []
    for notice in notices:
        mine = wanted.get(notice.person_id) or Preference(person_id=notice.person_id)
        for channel in channels:
            choice = choice_of(mine, channel)
            if not wants(choice, kind):
                continue
            daily = choice == Wanted.DAILY and not kind.urgent
            due = next_summary(mine, at) if daily else at
            made.append(
                Message(
                    name=new_name(), person_id=notice.person_id, notice=notice, channel=channel,
                    daily=daily, made_at=at, due_at=due,
                )
            )  # fmt: skip
    Message.objects.bulk_create(made, ignore_conflicts=True)


def new_name() -> str:
    """The name of a message: 128 random bits."""
    return secrets.token_hex(16)


def choice_of(wanted: Preference, channel: str) -> str:
    """What the person wants by a channel; nothing where it cannot reach them."""
    if channel == Channel.MAIL:
        return wanted.mail
    reached = wanted.number and wanted.number_at and not wanted.number_refused
    return wanted.sms if reached else Wanted.OFF


def wants(choice: str, kind: Kind) -> bool:
    """Whether that choice includes this kind."""
    return choice in (Wanted.ALL, Wanted.DAILY) or (choice == Wanted.URGENT and kind.urgent)
