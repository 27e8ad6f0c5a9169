"""The stories of the docs: told by clicks and keys in Chromium, for pictures and for tests.

from scripts.stories import STORIES
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from scripts.stories.appeal import appeal
from scripts.stories.camera import Camera
from scripts.stories.day import day
from scripts.stories.ramen import ramen

__all__ = ["STORIES"]

#: In this order: what the last one finds on the desk was applied for before the first.
STORIES: dict[str, Callable[[Camera, Mapping[str, Any]], object]] = {
    "ramen": ramen,
    "appeal": appeal,
    "day": day,
}
