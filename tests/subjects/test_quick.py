"""What is asked in plain SQL is what the models would answer."""

from __future__ import annotations

import pytest

from tests.subjects.people import NOW, code, known, named
from xinrong.subjects import quick
from xinrong.subjects import services as subjects
from xinrong.subjects.mapping import links_at
from xinrong.subjects.models import Enterprise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


def test_plain_sql_answers_what_the_models_would_at_every_seq() -> None:
    numbers = [known(number, f"企业{number}")[0] for number in (1, 2, 3)]
    done = subjects.merge(numbers[0], numbers[1], by="李四", why="同一家", at=NOW)
    for seq in (None, done.seq - 1, done.seq):
        for number in numbers:
            links = links_at(seq, "default").filter(enterprise=number)
            expected = sorted(links.values_list("subject", flat=True))
            assert quick.subjects_of_one(number, seq, "default") == expected
        for place in (1, 2, 3):
            link = links_at(seq, "default").select_related("enterprise")
            owner = link.get(subject__key=f"code:{code(place)}").enterprise
            found = quick.answering(code(place), seq, "default")
            assert found is not None
            for field in Enterprise._meta.concrete_fields:
                assert getattr(found, field.attname) == getattr(owner, field.attname)
    assert quick.answering(code(9), None, "default") is None


def test_counterparties_asked_ahead_are_those_asked_one_by_one() -> None:
    (a, one), (b, two) = known(1, "甲公司"), known(2, "乙公司", register=False)
    nobody = named("丙")
    done = subjects.merge(a, b, by="李四", why="同一家", at=NOW)
    some = [one, two, nobody]
    for seq in (done.seq - 1, done.seq):
        links = links_at(seq, "default").select_related("enterprise")
        standing = {
            link.subject_id: (link.enterprise_id, not link.enterprise.provisional)
            for link in links.filter(subject__in=some)
        }
        assert subjects.standing_of_subjects(some, seq=seq) == standing
        names = subjects.names_of_subjects(some, seq=seq)
        assert names[nobody] == ("", "丙")
        with subjects.parties_known(some, seq, "default"):
            assert subjects.standing_of_subjects(some, seq=seq) == standing
            assert subjects.names_of_subjects(some, seq=seq) == names
    assert subjects.names_of_subjects([]) == subjects.standing_of_subjects([]) == {}
