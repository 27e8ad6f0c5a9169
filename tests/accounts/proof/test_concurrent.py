"""At once, in several threads and on either database: one proof, one representative."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.test_processes import environment, place  # noqa: F401

PROJECT = Path(__file__).resolve().parents[3]

SCRIPT = """
import json, threading
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from tests.accounts.proof import support as s
from xinrong.accounts.models import Claim, ClaimMove
from xinrong.accounts.services import proof
from xinrong.domain.errors import XinrongError

def at_once(*calls):
    barrier, told = threading.Barrier(len(calls)), []
    def run(call):
        barrier.wait()
        try:
            call()
            told.append("done")
        except XinrongError as error:
            told.append(error.code)
        finally:
            connection.close()
    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return sorted(told)

one, two, three = s.operators("op1", "op2", "op3")
found = {}

# Three operators make the first check at once, then the second.
made = s.handed_in(s.person("a"))
found["check"] = at_once(*[lambda by=by: s.check(made, by) for by in (one, one, two, three)])
found["checks"] = list(ClaimMove.objects.filter(claim=made, after="proven").values_list("by"))
found["first"] = list(ClaimMove.objects.filter(claim=made, move="check").values_list("by"))
found["proven"] = Claim.objects.filter(state="proven").count()

# Four people claim another enterprise at once.
facts = s.facts(code=s.OTHER, name="other")
people = [s.person(name) for name in "bcde"]
found["claims"] = at_once(*[
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
found["wrong"] = at_once(*[
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
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=environment(place),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["check"].count("done") == 2
    assert found["proven"] == 1
    assert len(found["checks"]) == len(found["first"]) == 1
    assert found["checks"] != found["first"], "two different operators"
    assert found["claims"] == ["done"] * 4
    assert found["frozen"] == 4
    assert found["wrong"].count("code_wrong") == 5, "five tries, however many come at once"
    assert found["after"] == "claimed"
