"""Uploads that begin at the same moment share one quota, on either database."""

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
from django.conf import settings
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from tests.collect.city import CLOCK, region
from xinrong.accounts.services import create_organisation, create_person, viewer_of
from xinrong.collect import services as collect
from xinrong.collect.models import Upload

def sender(name):
    made = create_organisation(name, "department", reference=name)
    return viewer_of(create_person(f"{name}@example.cn", "a long enough passphrase 7", name=name,
                                   organisation=made, role="data_officer"))

def at_once(who, many, size):
    barrier, told = threading.Barrier(many), []
    def run(number):
        barrier.wait()
        try:
            collect.start_upload(who, "tax_csv", f"{number}.csv", size, region=region(),
                                 clock=CLOCK)
            told.append("begun")
        except collect.UploadError as error:
            told.append(error.code)
        finally:
            connection.close()
    threads = [threading.Thread(target=run, args=[number]) for number in range(many)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return told.count("begun"), sorted(set(told))

found = {}
settings.UPLOADS_OPEN = 3
found["files"] = at_once(sender("tax_bureau"), 10, 100)
settings.UPLOADS_OPEN, settings.UPLOADS_BYTES = 50, 450
found["bytes"] = at_once(sender("court"), 10, 100)
found["rows"] = Upload.objects.count()
print(json.dumps(found))
"""


@pytest.mark.timeout(300)
def test_uploads_that_begin_at_once_stay_within_the_quota(
    place: dict[str, str],  # noqa: F811
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=environment(place),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found["files"] == [3, ["begun", "upload_quota"]]
    assert found["bytes"] == [4, ["begun", "upload_quota"]]
    assert found["rows"] == 7
