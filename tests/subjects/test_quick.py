"""What is asked in plain SQL is what the models would answer."""

from __future__ import annotations

import pytest

from tests.subjects.people import NOW, code, known
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
