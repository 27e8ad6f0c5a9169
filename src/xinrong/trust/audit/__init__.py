"""Audit rows: written by the gate, read by those whom they concern, sealed by `trust.sealing`."""

from __future__ import annotations

from xinrong.trust.audit.looks import Look, look_of, looked_since, who_looked
from xinrong.trust.audit.noting import note, noted
from xinrong.trust.audit.parameters import Parameters, kept, words_digest
from xinrong.trust.audit.rows import canonical_json, committed, digest_of, insert

__all__ = [
    "Look",
    "Parameters",
    "canonical_json",
    "committed",
    "digest_of",
    "insert",
    "kept",
    "look_of",
    "looked_since",
    "note",
    "noted",
    "who_looked",
    "words_digest",
]
