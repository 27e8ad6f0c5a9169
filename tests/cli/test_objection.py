"""`xinrong objection`: each command as a person runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.remedy.objecting.support import CATEGORY, Cast
from xinrong.cli.objection import command
from xinrong.domain.errors import XinrongError


def run(*words: str) -> Any:
    return CliRunner().invoke(command, list(words))


@pytest.mark.django_db
def test_open_ones_are_listed_and_nothing_is_adrift(store_root: Path, settings: Any) -> None:
    settings.REGION = "taizhou"
    cast = Cast()
    assert run("list").output == "0 open\n"
    case = cast.objects()
    assert f"{case.number} {cast.ref()} marked, due" in run("list").output
    assert run("adrift").output == "0 adrift\n"
    assert run("follow").output == "0 closed\n"
    refused = run("free", f"{CATEGORY}/10", "--reason", "x").exception
    assert isinstance(refused, XinrongError)
    assert refused.code == "objection_adrift"
