"""At once, in several threads and on either database: one proof, one representative."""

from __future__ import annotations

import pytest

from tests.apart import SET_UP, place, run  # noqa: F401

SCRIPT = """
from tests.apart import together
from tests.accounts.proof import support as s
from xinrong.accounts.models import Claim, ClaimMove
from xinrong.accounts.services import proof

one, two, three = s.operators("op1", "op2", "op3")
found = {}

# Three operators make the first check at once, then the second.
made = s.handed_in(s.person("a"))
found["check"] = together(*[lambda by=by: s.check(made, by) for by in (one, one, two, three)])
found["checks"] = list(ClaimMove.objects.filter(claim=made, after="proven").values_list("by"))
found["first"] = list(ClaimMove.objects.filter(claim=made, move="check").values_list("by"))
found["proven"] = Claim.objects.filter(state="proven").count()

# Four people claim another enterprise at once.
facts = s.facts(code=s.OTHER, name="other")
people = [s.person(name) for name in "bcde"]
found["claims"] = together(*[
    lambda who=who: proof.claim_enterprise(who, facts, proof.Way.DOCUMENTS, now=s.NOW)
    for who in people
])
found["frozen"] = Claim.objects.filter(code=s.OTHER, state="frozen").count()

# The code of a letter, sent six times at once with a wrong one in between.
third = s.facts(code="91331001MA2AH9999Q", name="third")
who = s.person("f")
letter = proof.claim_enterprise(who, third, proof.Way.LETTER, now=s.NOW)
code = proof.print_letter(letter.pk, one, query=1, facts=third, now=s.NOW)[1]
proof.post_letter(letter.pk, two, receipt="x", now=s.NOW)
typed = ["AAAAAAAA"] * 12
found["wrong"] = together(*[
    lambda text=text: proof.enter_code(letter.pk, who, text, facts=third, now=s.NOW)
    for text in typed
])
found["after"] = Claim.objects.get(pk=letter.pk).state
print(json.dumps(found))
"""


@pytest.mark.timeout(180)
def test_of_what_happens_at_once_only_what_may_be_is_done(
    place: dict[str, str],  # noqa: F811
) -> None:
    found = run(SET_UP + SCRIPT, place)
    assert found["check"].count("done") == 2
    assert found["proven"] == 1
    assert len(found["checks"]) == len(found["first"]) == 1
    assert found["checks"] != found["first"], "two different operators"
    assert found["claims"] == ["done"] * 4
    assert found["frozen"] == 4
    assert found["wrong"].count("code_wrong") == 5, "five tries, however many come at once"
    assert found["after"] == "claimed"
