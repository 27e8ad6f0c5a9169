"""What a person chooses to be told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinrong.accounts.services import Person
from xinrong.notices.enums import Channel, Language, Wanted
from xinrong.notices.errors import refused
from xinrong.notices.models import Preference
from xinrong.store import services as store

#: The journal's name for the wish to get no messages by a channel any more.
MESSAGES_OFF = "messages_off"
#: The journal's name for the wish that a mobile number be kept no longer.
NUMBER_FORGOTTEN = "number_forgotten"
NO_NUMBER = {
    "number": "", "number_at": None, "code_at": None, "code_tries": 0, "number_refused": False,
}  # fmt: skip


def preference_of(person: int) -> Preference:
    """What the person chose; the defaults where nothing was chosen."""
    found = Preference.objects.filter(person=person).first()
    return found or Preference(person_id=person)


def prefer(
    person: int,
    *,
    language: str,
    mail: str,
    sms: str,
    quiet: tuple[int, int] | None,
    digest_hour: int,
    now: datetime,
) -> Preference:
    """Keep what a person chose. `quiet`: from which hour to which, in China; None: never quiet.

    Who wants no messages any more gets none after a restore either: that is in the journal
    first. Raises NoticeError (preference_wrong).
    """
    hours = (*(quiet or ()), digest_hour)
    lawful = language in Language.values and mail in Wanted.values and sms in Wanted.values
    if not lawful or not all(0 <= hour <= 23 for hour in hours):
        raise refused(
            "preference_wrong", "所选内容无效。", "that cannot be chosen",
            do_zh="请从列出的选项中选择。", do_en="Choose one of what is listed.",
        )  # fmt: skip
    first, last = quiet or (None, None)
    with transaction.atomic():
        before = preference_of(person)
        for channel, was, wanted in (
            (Channel.MAIL, before.mail, mail),
            (Channel.SMS, before.sms, sms),
        ):
            if wanted == Wanted.OFF != was:
                store.record(MESSAGES_OFF, {"person": person, "channel": channel.value}, now)
        row, _made = Preference.objects.update_or_create(
            person_id=person,
            defaults={
                "language": language,
                "mail": mail,
                "sms": sms,
                "quiet_from": first,
                "quiet_to": last,
                "digest_hour": digest_hour,
            },
        )
    return row


def forget_number(person: int, *, now: datetime) -> None:
    """The person has no number here any more, nor after a restore."""
    with transaction.atomic():
        held = Preference.objects.filter(person=person).exclude(number="")
        if held.select_for_update().first() is None:
            return
        store.record(NUMBER_FORGOTTEN, {"person": person}, now)
        held.update(**NO_NUMBER)


@store.replayer(MESSAGES_OFF)
def off_again(entry: store.Entry) -> store.Outcome:
    """Who wanted no messages any more since the backup gets none by that channel."""
    person, channel = entry.payload["person"], Channel(entry.payload["channel"])
    if not Person.objects.filter(pk=person).exists():
        return store.Outcome.ABSENT
    if getattr(preference_of(person), channel.value) == Wanted.OFF:
        return store.Outcome.PRESENT
    Preference.objects.update_or_create(person_id=person, defaults={channel.value: Wanted.OFF})
    return store.Outcome.APPLIED


@store.replayer(NUMBER_FORGOTTEN)
def forgotten_again(entry: store.Entry) -> store.Outcome:
    """A number that was deleted since the backup is not there again."""
    held = Preference.objects.filter(person=entry.payload["person"]).exclude(number="")
    return store.Outcome.APPLIED if held.update(**NO_NUMBER) else store.Outcome.ABSENT


def try_again(person: int) -> None:
    """Messages go to the address again that refused them: its holder says that it works."""
    Preference.objects.filter(person=person).update(mail_refused="", number_refused=False)
