"""Of two merges of one enterprise at once, one is done and the other is told about it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.test_processes import environment, place  # noqa: F401

PROJECT = Path(__file__).resolve().parents[2]

SCRIPT = """
import json, threading
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from tests.subjects.people import NOW, known
from xinrong.subjects import services as subjects
from xinrong.subjects.errors import IdentityRefused
firms = [known(number, f"firm {number}")[0] for number in range(1, 8)]
barrier = threading.Barrier(6)
told = []
def decide(absorbed, survivor):
    barrier.wait()
    try:
        subjects.merge(absorbed, survivor, by="x", why="y", at=NOW)
        told.append("done")
    except IdentityRefused as refused:
        told.append(str(refused))
    finally:
        connection.close()
hub = firms[0]
pairs = [(hub, other) for other in firms[1:4]] + [(other, hub) for other in firms[4:]]
threads = [threading.Thread(target=decide, args=pair) for pair in pairs]
for thread in threads: thread.start()
for thread in threads: thread.join()
found = subjects.subjects_of(firms)
print(json.dumps({"told": told, "subjects": sorted(one for of in found.values() for one in of)}))
"""


@pytest.mark.timeout(120)
def test_of_merges_that_contradict_each_other_the_losers_are_told_in_words(
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
    refused = [words for words in found["told"] if words != "done"]
    assert len(found["told"]) == 6
    # Of the three into which the hub would go one wins; nothing goes into the hub after that.
    assert len(refused) >= 2
    assert all("is part of" in words and "since decision" in words for words in refused)
    assert len(found["subjects"]) == len(set(found["subjects"])) == 7
