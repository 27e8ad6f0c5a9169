"""Pairing: stable, best for whoever asks, whatever the order of asking; SciPy as the judge."""

from __future__ import annotations

import random
from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from xinrong.market.meeting.pairing import Wish, blocking, paired

BANKS = ("a", "b", "c", "d")


@st.composite
def events(draw: st.DrawFn) -> tuple[list[Wish], dict[str, int]]:
    """Up to eight enterprises, four banks, any wishes and rankings."""
    many = draw(st.integers(0, 8))
    orders = {bank: draw(st.permutations(range(many))) for bank in BANKS}
    wishes = []
    for name in range(many):
        wanted = draw(st.permutations(BANKS))[: draw(st.integers(0, 4))]
        ranks = {bank: (orders[bank].index(name),) for bank in wanted}
        wishes.append(Wish(name, tuple(wanted), ranks))
    return wishes, {bank: draw(st.integers(0, 3)) for bank in BANKS}


@given(events())
def test_no_enterprise_and_bank_would_both_rather_have_each_other(
    event: tuple[list[Wish], dict[str, int]],
) -> None:
    wishes, slots = event
    found = paired(wishes, slots)
    assert blocking(wishes, slots, found) == []
    by_name = {one.name: one for one in wishes}
    assert all(bank in by_name[name].banks for name, bank in found.items())
    for bank, many in slots.items():
        assert list(found.values()).count(bank) <= many


@given(events(), st.integers(0, 99))
def test_the_order_of_asking_changes_nothing(
    event: tuple[list[Wish], dict[str, int]], seed: int
) -> None:
    wishes, slots = event
    mixed = list(wishes)
    random.Random(seed).shuffle(mixed)
    assert paired(mixed, slots) == paired(wishes, slots)


@given(events())
def test_scipy_finds_no_stable_pairing_that_is_better_for_the_enterprises(
    event: tuple[list[Wish], dict[str, int]],
) -> None:
    wishes, slots = event
    found = paired(wishes, slots)
    ours = sum(one.banks.index(found[one.name]) for one in wishes if one.name in found)
    best = judged(wishes, slots)
    assert best == (len(found), ours)


def judged(wishes: list[Wish], slots: dict[str, int]) -> tuple[int, int]:
    """By linear constraints (Rothblum 1992): how many are paired, and the sum of their places."""
    pairs = [(one, bank) for one in wishes for bank in one.banks]
    if not pairs:
        return 0, 0
    place = {(one.name, bank): k for k, (one, bank) in enumerate(pairs)}
    rows, low, high = [], [], []

    def row(names: list[tuple[int, str]], weights: float = 1.0) -> np.ndarray:
        made = np.zeros(len(pairs))
        for one in names:
            made[place[one]] = weights
        return made

    for one in wishes:
        rows.append(row([(one.name, bank) for bank in one.banks]))
        low.append(-np.inf)
        high.append(1.0)
    for bank, many in slots.items():
        rows.append(row([(one.name, at) for one, at in pairs if at == bank]))
        low.append(-np.inf)
        high.append(float(many))
    for one, bank in pairs:
        # Paired no worse oneself, or the bank is full of those that it ranks no worse.
        many = slots[bank]
        better = one.banks[: one.banks.index(bank) + 1]
        mine = row([(one.name, at) for at in better], float(many))
        for other, at in pairs:
            if at == bank and other.ranks[bank] < one.ranks[bank]:
                mine[place[other.name, bank]] += 1.0
        rows.append(mine)
        low.append(float(many))
        high.append(np.inf)
    costs = np.array([one.banks.index(bank) for one, bank in pairs], dtype=float)
    solved = milp(
        costs - 100.0,
        integrality=np.ones(len(pairs), dtype=np.int8),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(rows), low, high),
    )
    assert solved.x is not None
    taken = [pair for pair, value in zip(pairs, solved.x, strict=True) if value > 0.5]
    return len(taken), sum(one.banks.index(bank) for one, bank in taken)


def test_the_textbook_case() -> None:
    ranks = {"a": {1: 1, 2: 0, 3: 2}, "b": {1: 0, 2: 1, 3: 2}}
    wishes = [
        Wish(name, banks, {bank: (ranks[bank][name],) for bank in banks})
        for name, banks in ((1, ("a", "b")), (2, ("b", "a")), (3, ("a", "b")))
    ]
    assert paired(wishes, {"a": 1, "b": 1}) == {1: "a", 2: "b"}


def test_every_pairing_of_two_and_two_is_the_one_found_by_looking_at_all() -> None:
    """All preferences of two enterprises and two banks: compared with every possible pairing."""
    orders = [("a", "b"), ("b", "a")]
    for mine, other, of_a, of_b in product(orders, orders, [(0, 1), (1, 0)], [(0, 1), (1, 0)]):
        ranks = {"a": of_a, "b": of_b}
        wishes = [
            Wish(name, banks, {bank: (ranks[bank].index(name),) for bank in banks})
            for name, banks in ((0, mine), (1, other))
        ]
        slots = {"a": 1, "b": 1}
        every = [{0: "a", 1: "b"}, {0: "b", 1: "a"}]
        stable = [one for one in every if not blocking(wishes, slots, one)]
        assert paired(wishes, slots) in stable
