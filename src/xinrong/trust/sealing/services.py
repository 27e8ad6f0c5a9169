"""Verbs of the audit chain: seal, sign, export, verify, and how it stands."""

from __future__ import annotations

from xinrong.trust.sealing.checkpoints import last_checkpoint, write_checkpoint
from xinrong.trust.sealing.errors import ChainError, CheckpointFailed
from xinrong.trust.sealing.export import Exported, export_trail
from xinrong.trust.sealing.head import head
from xinrong.trust.sealing.keeping import keep_sealing, sealing_beside
from xinrong.trust.sealing.keys import checkpoint_keys
from xinrong.trust.sealing.models import AuditBlock, AuditCheckpoint, AuditSeal
from xinrong.trust.sealing.sealer import Sealer
from xinrong.trust.sealing.state import ChainState, chain_state
from xinrong.trust.sealing.verifying import Verified, verify_chain, verify_newest

__all__ = [
    "AuditBlock",
    "AuditCheckpoint",
    "AuditSeal",
    "ChainError",
    "ChainState",
    "CheckpointFailed",
    "Exported",
    "Sealer",
    "Verified",
    "chain_state",
    "checkpoint_keys",
    "export_trail",
    "head",
    "keep_sealing",
    "last_checkpoint",
    "sealing_beside",
    "verify_chain",
    "verify_newest",
    "write_checkpoint",
]
