"""What somebody wanted to end stays ended when an older backup is restored."""

from __future__ import annotations

import pytest

from tests.notices.support import NOW, with_number
from xinrong.notices.models import Preference
from xinrong.notices.services import forget_number, prefer
from xinrong.store.backups.journal import position, read
from xinrong.store.backups.replaying import replay

pytestmark = pytest.mark.django_db
CHOICES = {"language": "en", "sms": "off", "quiet": None, "digest_hour": 8, "now": NOW}


@pytest.fixture
def journal(settings, tmp_path):
    settings.JOURNAL = tmp_path / "journal"
    return tmp_path / "journal"


def test_who_wants_no_messages_gets_none_after_a_restore(people, journal):
    person, before = people.lender.person_id, position(journal)
    prefer(person, mail="off", **CHOICES)
    Preference.objects.all().delete()  # the backup knows nothing of it
    replay(journal, before, NOW)
    assert Preference.objects.get(person=person).mail == "off"
    replay(journal, before, NOW)
    assert Preference.objects.count() == 1


def test_a_number_that_was_deleted_is_not_there_again(people, journal):
    kept = with_number(people.lender)
    before = position(journal)
    forget_number(people.lender.person_id, now=NOW)
    assert Preference.objects.get().number == ""
    kept.save()  # the backup has it still
    replay(journal, before, NOW)
    assert Preference.objects.get().number == ""


def test_a_choice_that_ends_nothing_is_not_in_the_journal(people, journal):
    prefer(people.lender.person_id, mail="all", **CHOICES)
    prefer(people.lender.person_id, mail="urgent", **CHOICES)
    forget_number(people.lender.person_id, now=NOW)
    assert list(read(journal)) == []
