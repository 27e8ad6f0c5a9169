"""Names disturbed as departments disturb them: seeded, in every way, each said."""

from __future__ import annotations

from collections import Counter

from xinrong.domain.names import fold
from xinrong.synth.misnaming import KINDS, misname

NAMES = [f"台州市星川特{number}商贸有限公司" for number in range(2_000)]


def test_the_same_seed_writes_the_same_names_and_another_one_does_not() -> None:
    assert list(misname(NAMES, 7)) == list(misname(NAMES, 7))
    assert list(misname(NAMES, 7)) != list(misname(NAMES, 8))


def test_every_kind_comes_in_about_its_share() -> None:
    names = [name.replace("川", "(台州)州") for name in NAMES]
    met = Counter(kind for kind, _ in misname(names, 7))
    assert met.keys() == KINDS.keys()
    for kind, (share, _) in KINDS.items():
        assert abs(met[kind] / len(names) - share / 100) < 0.03, kind


def test_what_is_called_untouched_is_and_everything_else_is_not() -> None:
    for name, (kind, written) in zip(NAMES, misname(NAMES, 7), strict=True):
        assert (kind == "untouched") == (written == name)


def test_spaces_and_brackets_change_nothing_that_folding_keeps() -> None:
    for name, (kind, written) in zip(NAMES, misname(NAMES, 7), strict=True):
        if kind in {"spacing", "bracket"}:
            assert fold(written) == fold(name)


def test_a_name_to_which_nothing_can_be_done_stays_as_it_is() -> None:
    assert {written for kind, written in misname(["甲店"] * 500, 7) if kind == "untouched"} == {
        "甲店"
    }
    assert "region" not in {kind for kind, _ in misname(["甲店"] * 500, 7)}
