"""The review queue: its order, its end, and two who decide the same at once."""

from __future__ import annotations

import pytest

from tests.apart import SET_UP, place, run  # noqa: F401
from tests.subjects.judging.names import WHO, decide, doubtful, item, link, state
from tests.subjects.people import code, known
from xinrong.subjects.errors import UnknownSubject
from xinrong.subjects.services import judging


def order(department: str = "") -> list[int]:
    return [one.subject_id for one in judging.open_items(department)]


@pytest.mark.django_db
@pytest.mark.usefixtures("store_root")
class TestQueue:
    def test_most_records_come_first(self) -> None:
        few, *_ = doubtful(1, first=11)
        many, *_ = doubtful(5, first=21)
        some, *_ = doubtful(3, first=31)
        assert order() == [many, some, few]

    def test_a_department_can_be_chosen(self) -> None:
        doubtful(1, "tax", first=11)
        of_court, *_ = doubtful(2, "court", first=21)
        assert order("court") == [of_court]
        assert judging.departments_waiting() == {"court": 1, "tax": 1}

    def test_unsure_goes_to_the_end_and_stays_open(self) -> None:
        first, *_ = doubtful(5, first=11)
        second, *_ = doubtful(1, first=21)
        decide(first, "unsure")
        assert order() == [second, first]
        assert state(first) == "review"
        decide(second, "unsure")
        assert order() == [first, second]

    def test_an_unsure_word_ends_with_a_sure_one(self) -> None:
        subject, *_ = doubtful()
        decide(subject, "unsure")
        decide(subject, "same", code(11))
        acts = judging.recent_acts(5)
        assert [(act.row.verdict, act.standing) for act in acts] == [
            ("same", True), ("unsure", False),
        ]  # fmt: skip

    def test_the_second_who_decides_is_told_by_whom_it_was(self) -> None:
        subject, *_ = doubtful()
        seen = item(subject).named
        decide(subject, "different")
        for verdict in ("same", "different", "unsure"):
            with pytest.raises(judging.AlreadyJudged, match="by 李四"):
                judging.decide(
                    seen.pk, seen.revision, judging.Judged(verdict), code=code(11), **WHO
                )
        assert len(judging.recent_acts(5)) == 1

    def test_who_looks_at_old_candidates_is_told_as_well(self) -> None:
        subject, *_ = doubtful()
        seen = item(subject).named
        known(13, item(subject).subject.name)
        link()
        with pytest.raises(judging.AlreadyJudged):
            judging.decide(seen.pk, seen.revision, judging.Judged.DIFFERENT, **WHO)

    def test_an_item_that_is_not_there_is_told_in_words(self) -> None:
        with pytest.raises(UnknownSubject, match="no item number 4711"):
            judging.decide(4711, 0, judging.Judged.DIFFERENT, **WHO)

    def test_none_of_them_is_taken_back_in_one_go(self) -> None:
        subject, *_ = doubtful()
        decide(subject, "different")
        [act] = judging.recent_acts(5)
        assert act.judgements == 2
        assert judging.take_back(act.row.act, **WHO) == 2
        assert order() == [subject]


SCRIPT = """
from tests.apart import together
from tests.subjects.judging.names import WHO, doubtful, item
from tests.subjects.people import code
from xinrong.subjects.services import judging, subjects_of
subject, one, other = doubtful()
seen = item(subject).named
def decide(verdict, chosen):
    judging.decide(seen.pk, seen.revision, judging.Judged(verdict), code=chosen, **WHO)
ways = [("same", code(11)), ("same", code(12)), ("different", "")] * 2
told = together(*[lambda way=way: decide(*way) for way in ways], says=str)
links = [subject in found for found in subjects_of([one, other]).values()]
print(json.dumps({"told": told, "links": links, "acts": len(judging.recent_acts(9))}))
"""


@pytest.mark.timeout(120)
def test_of_operators_who_decide_the_same_at_once_one_does_and_the_others_are_told(
    place: dict[str, str],  # noqa: F811
) -> None:
    found = run(SET_UP + SCRIPT, place)
    assert found["told"].count("done") == 1
    assert sum("decided meanwhile" in words for words in found["told"]) == 5
    assert sum(found["links"]) <= 1
    assert found["acts"] == 1
