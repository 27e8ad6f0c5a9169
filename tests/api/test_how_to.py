"""What docs/how-to/use-the-api.md tells people to call, works."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.api.support import CODES
from xinrong.accounts.enums import SCOPES
from xinrong.api.errors import STATUSES

TEXT = (Path(__file__).parents[2] / "docs" / "how-to" / "use-the-api.md").read_text("utf-8")
CALLS = re.findall(r"^GET (/api/v1/\S+)$", TEXT, re.MULTILINE)


def test_there_are_calls_to_check():
    assert len(CALLS) >= 10


@pytest.mark.django_db
@pytest.mark.parametrize("call", CALLS)
def test_every_call_of_the_page_answers(client, platform, keys, call):
    path, _, query = call.format(code=CODES[0], batch=platform.batch).partition("?")
    who = "sender" if "/batches" in path or "/catalogue" in path else "bank"
    own = tuple(scope for scope in ("consents", "counts") if f"/{scope}" in path)
    key = keys(who, own) if own else keys(who)
    answer = client.get(path, dict(re.findall(r"(\w+)=([^&]+)", query)), headers=key)
    assert answer.status_code == 200, answer.content


@pytest.mark.django_db
@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_push_of_the_page_can_be_typed_as_it_stands(live_site, platform, keys):
    (command,) = re.findall(r"^```\n(curl .*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    token = keys("sender", ("records",))["Authorization"].removeprefix("Bearer ")
    typed = {**os.environ, "XINRONG": live_site, "TOKEN": token}
    for repeated in (False, True):
        done = subprocess.run(["bash", "-c", command], env=typed, capture_output=True, check=True)
        receipt = json.loads(done.stdout)
        counts = [receipt[name] for name in ("rows_in", "accepted", "quarantined", "repeated")]
        assert counts == [2, 1, 1, repeated]


def test_every_scope_and_every_code_is_on_the_page():
    for word in (*SCOPES, *(set(STATUSES) - {"denied", "gate_fault"})):
        assert f"`{word}`" in TEXT, word
