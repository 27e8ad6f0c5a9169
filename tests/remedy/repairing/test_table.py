"""The processes of repair: their clocks are rules of the packs, and walked at random they hold."""

from __future__ import annotations

from tests.processes import walks
from xinrong.remedy.repairing.handling import DOUBT, REPAIR
from xinrong.remedy.repairing.law import clocks_of
from xinrong.remedy.repairing.table import doubt_process, repair_process

test_repair = walks(REPAIR)
test_doubt = walks(DOUBT)


def test_the_clocks_are_rules_of_the_packs():
    clocks = clocks_of(("CN", "CN-33", "CN-3310"))
    assert clocks.answer.law.id == "cn-platform-repair-answer"
    for process in (repair_process(("CN",)), doubt_process(("CN",))):
        assert {one.state for one in process.deadlines} == set(process.states) - process.ends
