"""Verbs of resolution, for other packages: `subjects.services.resolution`."""

from __future__ import annotations

from xinrong.subjects.resolution.live import (
    LiveDirectory,
    prepare,
    resolve_names,
    resolve_subjects,
    resolve_text,
    version,
)
from xinrong.subjects.resolution.verdicts import (
    Candidate,
    Named,
    Resolved,
    Verdict,
    sentence,
    sentences,
)

__all__ = [
    "Candidate",
    "LiveDirectory",
    "Named",
    "Resolved",
    "Verdict",
    "prepare",
    "resolve_names",
    "resolve_subjects",
    "resolve_text",
    "sentence",
    "sentences",
    "version",
]
