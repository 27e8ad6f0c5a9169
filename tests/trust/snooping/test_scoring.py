"""Surprise is measured against peers and the own past, never against a fixed number."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from math import comb, log10
from pathlib import Path

import numpy as np
import pytest

from xinrong.trust.snooping.counting import PersonWeek
from xinrong.trust.snooping.rules import RulesFault, load_rules
from xinrong.trust.snooping.scoring import History, surprise_of

RULES = load_rules()
FIRST = date(2025, 1, 6)


def history(odd: dict[int, int], *, weeks: int = 12, usual: int = 1) -> History:
    """Forty people with ten visits a week; `odd`: person -> strange visits in the last two."""
    made = History(RULES)
    for n in range(weeks):
        late = n >= weeks - 2
        made.add(
            FIRST + timedelta(weeks=n),
            [
                PersonWeek(
                    person, 10, 1, "loan_officer", 10,
                    {"no_business": odd.get(person, usual) if late else usual},
                )
                for person in range(1, 41)
            ],
        )  # fmt: skip
    return made


def test_more_than_was_expected_surprises_and_less_never_does() -> None:
    counts, expected = np.array([0, 3, 9]), np.array([3.0, 3.0, 3.0])
    below = sum(comb(k + 4, k) * (5 / 8) ** 5 * (3 / 8) ** k for k in range(9))
    found = surprise_of(counts, expected, 5.0)
    assert found.tolist() == [0, 0, pytest.approx(-log10(1 - below))]


def test_who_stands_out_among_peers_is_found_with_its_reason() -> None:
    made = dataclasses.replace(RULES, threshold=1.0)
    found = History(made)
    found.__dict__.update({**history({7: 10}).__dict__, "_rules": made})
    (finding,) = found.findings({})
    assert finding.person == 7
    assert finding.reasons[0].rule == "no_business"
    assert finding.reasons[0].count == 20
    assert finding.reasons[0].weeks == 2


def test_nobody_stands_out_when_everybody_does_the_same() -> None:
    everybody = dict.fromkeys(range(1, 41), 9)
    assert history(everybody).findings({}) == []


def test_what_is_in_an_alert_already_is_not_counted_again() -> None:
    made = dataclasses.replace(RULES, threshold=1.0)
    found = History(made)
    found.__dict__.update({**history({7: 10}).__dict__, "_rules": made})
    assert found.findings({7: FIRST + timedelta(weeks=12)}) == []


def test_nobody_is_judged_before_a_past_of_their_own() -> None:
    assert history({7: 10}, weeks=5).findings({}) == []


def test_every_shipped_rule_has_words_windows_and_a_known_weight() -> None:
    for rule in RULES.rules:
        assert rule.title.zh
        assert rule.title.en
        assert rule.windows
        assert rule.weight >= 0


def test_rules_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("rules: {x: {zh: 甲}}\n", encoding="utf-8")
    with pytest.raises(RulesFault):
        load_rules(path)
