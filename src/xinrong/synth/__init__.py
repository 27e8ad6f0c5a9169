"""An invented city: the only generator that any benchmark, test or demo uses.

from xinrong.synth import write_city, canonical
"""

from __future__ import annotations

from xinrong.synth.canonical import SCHEMA, canonical, write_canonical
from xinrong.synth.city import UNTIL, Options, Summary, SynthError, write_city
from xinrong.synth.deltas import write_register_changes

__all__ = [
    "SCHEMA",
    "UNTIL",
    "Options",
    "Summary",
    "SynthError",
    "canonical",
    "write_canonical",
    "write_city",
    "write_register_changes",
]
