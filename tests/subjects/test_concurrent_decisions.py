"""Of two merges of one enterprise at once, one is done and the other is told about it."""

from __future__ import annotations

import pytest

from tests.apart import SET_UP, place, run  # noqa: F401

SCRIPT = """
from tests.apart import together
from tests.subjects.people import NOW, known
from xinrong.subjects import services as subjects
firms = [known(number, f"firm {number}")[0] for number in range(1, 8)]
def merge(absorbed, survivor):
    subjects.merge(absorbed, survivor, by="x", why="y", at=NOW)
hub = firms[0]
pairs = [(hub, other) for other in firms[1:4]] + [(other, hub) for other in firms[4:]]
told = together(*[lambda pair=pair: merge(*pair) for pair in pairs], says=str)
found = subjects.subjects_of(firms)
print(json.dumps({"told": told, "subjects": sorted(one for of in found.values() for one in of)}))
"""


@pytest.mark.timeout(120)
def test_of_merges_that_contradict_each_other_the_losers_are_told_in_words(
    place: dict[str, str],  # noqa: F811
) -> None:
    found = run(SET_UP + SCRIPT, place)
    refused = [words for words in found["told"] if words != "done"]
    assert len(found["told"]) == 6
    # Of the three into which the hub would go one wins; nothing goes into the hub after that.
    assert len(refused) >= 2
    assert all("is part of" in words and "since decision" in words for words in refused)
    assert len(found["subjects"]) == len(set(found["subjects"])) == 7
