"""Forgeries of every kind, judged beside an oracle; and that the oracle sees a lax verifier."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks._report_forging import Forger
from benchmarks._report_oracle import Oracle
from benchmarks.report import forgeries
from xinrong.domain.portable import verifying
from xinrong.domain.portable.opening import Core, Opened
from xinrong.domain.portable.verifying import Finding


def test_no_forgery_passes_and_nothing_honest_is_refused() -> None:
    accepted, refused, kinds, made = forgeries(360)
    assert (accepted, refused, made) == (0, 0, 360)
    assert kinds >= 30


def test_the_oracle_calls_some_of_each_sort_honest_and_most_not() -> None:
    forger = Forger(Random(7))
    oracle = Oracle(forger.made)
    ended = forger.ended, forger.made[0].number
    honest: dict[str, bool] = {}
    for forgery in forger.forgeries(900):
        told = oracle.missing(forgery, ended) is not None
        honest[forgery.kind] = honest.get(forgery.kind, False) or told
    assert {"left_out_claims", "another_order", "escapes", "time"} <= {
        kind for kind, told in honest.items() if told
    }
    for kind in ("changed_claim", "changed_core", "another_key", "a_key_twice", "invented_claim"):
        assert not honest[kind], kind


def test_a_verifier_that_does_not_look_at_claims_would_be_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lax(opened: Opened, _core: Core) -> tuple[object, Finding]:
        return opened.claims, Finding("claims", True, "claims_whole", "0")

    monkeypatch.setattr(verifying, "_claims", lax)
    assert forgeries(360)[0] > 20
