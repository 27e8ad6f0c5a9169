"""docs/bad-input.md tells of tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.environment import PROJECT

PAGE = PROJECT / "docs" / "bad-input.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)?::(test_\w+)`")


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of the tests of a file, those of classes too."""
    tree = ast.parse((PROJECT / path).read_text(encoding="utf-8"))
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))


def rows() -> list[str]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("|") and not line.startswith("|--")]


ITEMS = [line for line in rows() if not line.endswith("| Test |")]


@pytest.mark.parametrize("line", ITEMS, ids=[line.split("|")[1].strip() for line in ITEMS])
def test_every_item_names_tests_that_exist(line: str) -> None:
    path, found = "", NAMED.findall(line)
    assert found, "no test holds it"
    for file, name in found:
        path = file or path
        assert name in names_in(path), f"{path} has no {name}"
    for named in re.findall(r"`(tests/[\w/]+(?:\.csv|/))`", line):
        assert (PROJECT / named).exists(), named


def test_no_item_stands_twice() -> None:
    names = [line.split("|")[1].strip() for line in ITEMS]
    sections = PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
    assert len(names) == sum(len(set(re.findall(r"^\| ([^|]+) \|", one, re.MULTILINE))) - 1
                             for one in sections)  # fmt: skip
