"""Values of JSON, changed at random."""

from __future__ import annotations

from random import Random
from typing import Any


def change(value: Any, random: Random) -> None:
    """One value somewhere inside becomes another."""
    places: list[tuple[Any, Any]] = []

    def walk(inside: Any) -> None:
        for key in inside if isinstance(inside, dict) else range(len(inside)):
            places.append((inside, key))
            if isinstance(inside[key], dict | list):
                walk(inside[key])

    walk(value)
    inside, key = random.choice(places)
    old = inside[key]
    if isinstance(old, bool) or old is None:
        inside[key] = random.choice([True, 0, "x"]) if not old else None
    elif isinstance(old, int):
        inside[key] = old + random.choice([-1, 1, 10])
    elif isinstance(old, str):
        inside[key] = random.choice([old + "0", old[:-1], "", old.swapcase() + "x"])
    elif isinstance(old, list):
        inside[key] = old[:-1] if old else [0]
    else:
        inside[key] = {}


def shuffled(value: Any, random: Random) -> Any:
    """The same with the keys of every object in another order."""
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        return {key: shuffled(value[key], random) for key in keys}
    return [shuffled(one, random) for one in value] if isinstance(value, list) else value
