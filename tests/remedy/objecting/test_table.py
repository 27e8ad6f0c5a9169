"""The table of an objection and its clocks: the law of the place, and nobody sees what is checked."""

from __future__ import annotations

from tests.processes import walks
from xinrong.remedy.objecting.handling import OBJECTION
from xinrong.remedy.objecting.table import SUSPENDED, objection_process

TAIZHOU = ("CN", "CN-33", "CN-3310")

test_walk_here = walks(OBJECTION)
test_walk_taizhou = walks(objection_process(TAIZHOU))


def test_the_clocks_are_those_of_the_law_of_the_place() -> None:
    def lengths(*places: str) -> dict[str, str]:
        process = objection_process(places)
        return {one.name: one.length.in_language("en") for one in process.deadlines}

    here = lengths(*TAIZHOU)
    assert here["own_check"] == "2 working days"
    assert here["source"] == "5 working days"
    assert here["fix"] == "2 working days"
    assert here["answer"] == "5 working days"
    assert here["answer_extended"] == "20 working days"
    nation = lengths("CN")
    assert nation["answer"] == "20 days"
    assert "answer_extended" not in nation
    assert lengths("CN", "CN-31")["own_mistake"] == "5 working days"


def test_while_the_source_checks_it_is_nobody_elses_turn() -> None:
    process = objection_process(TAIZHOU)
    assert process.turns("with_source") == process.turns("extended") == {"data_officer"}
    assert process.turns("marked") == {"operator"}


def test_every_clock_names_its_article() -> None:
    for one in objection_process(TAIZHOU).deadlines:
        assert one.source.document
    sources = {one.name: str(one.source) for one in objection_process(TAIZHOU).deadlines}
    assert sources["answer"].endswith("第三十一条")
    assert objection_process(("CN",)).deadlines[0].source.agreed


def test_in_every_suspended_state_no_institution_sees_it() -> None:
    process = objection_process(TAIZHOU)
    leads = {move.target for move in process.table if "objection_suspend" in move.effects}
    assert leads <= SUSPENDED
    open_states = set(process.states) - process.ends
    assert open_states - SUSPENDED == {"marked"}
    for move in process.table:  # whoever leaves suspension for an end says what becomes of it
        if move.source in SUSPENDED and move.target in process.ends - {"withheld"}:
            assert "objection_release" in move.effects, move
