"""Verbs of the audit chain: seal, and name the last head."""

from __future__ import annotations

from xinrong.trust.sealing.head import head
from xinrong.trust.sealing.models import AuditBlock, AuditCheckpoint, AuditSeal
from xinrong.trust.sealing.sealer import Sealer, keep_sealing, sealing_beside

__all__ = [
    "AuditBlock",
    "AuditCheckpoint",
    "AuditSeal",
    "Sealer",
    "head",
    "keep_sealing",
    "sealing_beside",
]
