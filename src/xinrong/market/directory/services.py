"""Verbs of the directory: read it, check it, find the outlet that a need goes to."""

from __future__ import annotations

from xinrong.market.directory.definitions import (
    FEATURE_WORDS,
    KIND_WORDS,
    Feature,
    Outlet,
    OutletKind,
    Seat,
)
from xinrong.market.directory.packs import (
    Directory,
    Placed,
    has_outlets,
    lint_outlets,
    load_outlets,
)
from xinrong.market.directory.routing import RULE, Routed, route, serving

__all__ = [
    "FEATURE_WORDS",
    "KIND_WORDS",
    "RULE",
    "Directory",
    "Feature",
    "Outlet",
    "OutletKind",
    "Placed",
    "Routed",
    "Seat",
    "has_outlets",
    "lint_outlets",
    "load_outlets",
    "route",
    "serving",
]
