"""Where the states of a process stand in its picture, and how its arrows run."""

from __future__ import annotations

from itertools import combinations

import pytest
from django.utils.module_loading import autodiscover_modules

from xinrong.domain.process import NEW, PLATFORM, Move, Process, registered
from xinrong.domain.process.picture import HEIGHT, WIDTH, picture, wrapped

autodiscover_modules("processes")
ONE, CLOCK = frozenset({"representative"}), frozenset({PLATFORM})
LITTLE = Process(
    "little",
    (
        Move("ask", NEW, "asked", ONE),
        Move("add", "asked", "asked", ONE),
        Move("answer", "asked", "answered", ONE),
        Move("end", "asked", "answered", CLOCK),
        Move("check", "asked", "checked", ONE),
        Move("lapse", "checked", "asked", CLOCK),
        Move("close", "checked", "closed", CLOCK),
    ),
    final=frozenset({"answered", "closed"}),
)


def test_states_stand_in_rows_by_the_moves_that_lead_to_them() -> None:
    rows = {box.state: box.y for box in picture(LITTLE, "en").boxes}
    assert rows["asked"] < rows["checked"] == rows["answered"] < rows["closed"]


def test_an_arrow_for_each_way_and_none_for_what_stays() -> None:
    ways = {(one.source, one.target): one.clock for one in picture(LITTLE, "en").arrows}
    assert ways == {
        (NEW, "asked"): False,
        ("asked", "answered"): False,  # somebody can go it, too
        ("asked", "checked"): False,
        ("checked", "asked"): True,
        ("checked", "closed"): True,
    }


@pytest.mark.parametrize("process", list(registered()), ids=lambda one: one.name)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_box_of_a_process_hides_another_or_leaves_the_picture(
    process: Process, language: str
) -> None:
    found = picture(process, language)
    assert {box.state for box in found.boxes} == set(process.states)
    for one, other in combinations(found.boxes, 2):
        assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT
    for box in found.boxes:
        assert 0 <= box.x <= found.width - WIDTH
        assert 0 <= box.y <= found.height - HEIGHT


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("待企业答复", ("待企业答复",)),
        ("waiting for the enterprise", ("waiting for the", "enterprise")),
        ("已受理并且等待登记机关作出答复的更正申请", ("已受理并且等待登记", "机关作出答复的更正…")),
        ("a b c d e f g h i j k l m n o p q r s t u v w x y", ("a b c d e f g h i", "j k l m n o p q r…")),
    ],
)  # fmt: skip
def test_words_are_wrapped_into_the_lines_of_a_box(text: str, lines: tuple[str, ...]) -> None:
    assert wrapped(text) == lines
