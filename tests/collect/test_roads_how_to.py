"""docs/how-to/push-and-pull.md: its source is lawful, its codes are all that there are."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from tests.environment import PROJECT
from xinrong.collect.pull.address import SCHEMES
from xinrong.collect.pull.definition import PullSource

TEXT = (PROJECT / "docs" / "how-to" / "push-and-pull.md").read_text("utf-8")


def test_the_source_of_the_page_can_be_used_as_it_stands():
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    source = PullSource.model_validate(yaml.safe_load(block))
    shown = source.model_dump(by_alias=True)
    assert set(shown) == set(yaml.safe_load(block)), "the page shows every key"


def test_the_page_names_every_code_of_a_pull_and_no_other():
    folder = PROJECT / "src" / "xinrong" / "collect" / "pull"
    code = re.compile(r'"(pull_[a-z_]+)"')
    known = {
        found for path in Path(folder).glob("*.py") for found in code.findall(path.read_text())
    }
    assert set(re.findall(r"`(pull_[a-z_]+)`", TEXT)) == known


def test_the_page_shows_an_address_of_each_server():
    for schemes in SCHEMES.values():
        assert re.search(rf"^{schemes[0]}://\S+$", TEXT, re.MULTILINE)
