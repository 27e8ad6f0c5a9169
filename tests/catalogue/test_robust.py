"""Whatever stands in a YAML file, the answer is a list of problems, never a crash."""

from __future__ import annotations

import copy
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue.test_lint_cases import CASES, pack_of
from xinrong.catalogue.loading import problems

BASE = CASES / "base"
FILES = ("region.yaml", "departments.yaml", "catalogue/penalty.yaml", "feeds/market_penalty.yaml")
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=6),
    st.dates(),
    st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    st.sampled_from(
        ["subject", "n1", "penalty", "2024-02-30", "万元", ["subject"], {"column": []}]
    ),
)


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a document."""
    found: list[tuple[Any, Any]] = []
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        found.append((data, key))
        if isinstance(value, dict | list):
            found += places(value)
    return found


@given(file=st.sampled_from(FILES), data=st.data())
def test_any_value_anywhere_gives_problems_with_a_place_or_none(
    file: str, data: st.DataObject
) -> None:
    document = copy.deepcopy(yaml.safe_load((BASE / file).read_text(encoding="utf-8")))
    for _ in range(data.draw(st.integers(1, 3))):
        spots = places(document)
        if not spots:
            break
        container, key = data.draw(st.sampled_from(spots))
        if data.draw(st.booleans()):
            container[key] = data.draw(ODD)
        else:
            del container[key]
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(folder) / "base"
        shutil.copytree(BASE, pack)
        (pack / file).write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
        for one in problems(pack):
            assert one.code
            assert one.wrong.zh
            assert one.wrong.en
            assert one.remedy.en
            assert not one.file.startswith("/")


@given(st.text(max_size=200))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(folder) / "base"
        shutil.copytree(BASE, pack)
        (pack / "feeds" / "odd.yaml").write_bytes(text.encode("utf-8", errors="replace"))
        assert all(one.file for one in problems(pack))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "a: " + "[" * 900 + "]" * 900,
        "&a [*a]",
        "&a {x: *a}",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [" + "*c, " * 30_000 + "*c]",
        "? [a, b]\n: c",
        "? {a: b}\n: c",
        "!!python/object/apply:os.system ['true']",
        "!!binary x",
        "- a\n- b",
        "just text",
        "\tcategory: tab",
        "a: b: c",
        "a: 2024-13-45",
        "<<: {category: penalty}",
        "<<: nothing",
        "%YAML 9.9\n---\na: b",
        "a: 1\n---\nb: 2",
    ],
    ids=range(18),
)
def test_hostile_and_clumsy_yaml_is_a_problem_of_its_file(text: str, tmp_path: Path) -> None:
    pack = pack_of("base", tmp_path)
    (pack / "feeds" / "odd.yaml").write_text(text, encoding="utf-8")
    found = problems(pack)
    assert found
    assert {one.file for one in found} == {"feeds/odd.yaml"}
