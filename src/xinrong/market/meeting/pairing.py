"""Who talks to whom when slots are few: a stable pairing (hospitals and residents).

Gale and Shapley (1962), the enterprises asking: each asks the bank it likes best, a bank keeps the
ones it ranks first as far as its slots go. No enterprise and bank that are not paired would both
rather have each other; and among all such pairings each enterprise gets the best bank that it can
have in any. The order of asking changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Wish:
    """Who asks: the banks it wants, the best first, and its place in each one's ranking.

    `ranks[bank]` is compared by that bank, the smallest first; no two may be the same there.
    """

    name: int
    banks: tuple[str, ...]
    ranks: Mapping[str, tuple[int, ...]]


def paired(wishes: Sequence[Wish], slots: Mapping[str, int]) -> dict[int, str]:
    """Name of each that was paired → its bank. Banks without slots, or unknown, pair nobody."""
    by_name = {one.name: one for one in wishes}
    next_place = dict.fromkeys(by_name, 0)
    kept: dict[str, list[int]] = {bank: [] for bank, many in slots.items() if many > 0}
    asking = [one.name for one in reversed(wishes)]
    while asking:
        one = by_name[asking.pop()]
        while next_place[one.name] < len(one.banks):
            bank = one.banks[next_place[one.name]]
            next_place[one.name] += 1
            if bank not in kept:
                continue
            held = kept[bank]
            held.append(one.name)
            held.sort(key=lambda name, at=bank: by_name[name].ranks[at])  # type: ignore[misc]
            if len(held) <= slots[bank]:
                break
            refused = held.pop()
            if refused != one.name:
                asking.append(refused)
                break
    return {name: bank for bank, names in kept.items() for name in names}


def blocking(
    wishes: Sequence[Wish], slots: Mapping[str, int], found: Mapping[int, str]
) -> list[tuple[int, str]]:
    """The pairs that would both rather have each other than what they got: none if it is stable."""
    by_name = {one.name: one for one in wishes}
    held: dict[str, list[int]] = {}
    for name, bank in found.items():
        held.setdefault(bank, []).append(name)
    pairs = []
    for one in wishes:
        got = found.get(one.name)
        better = one.banks[: one.banks.index(got)] if got is not None else one.banks
        for bank in better:
            many = slots.get(bank, 0)
            mine = held.get(bank, [])
            room = len(mine) < many
            worse = any(by_name[name].ranks[bank] > one.ranks[bank] for name in mine)
            if many > 0 and (room or worse):
                pairs.append((one.name, bank))
    return pairs
