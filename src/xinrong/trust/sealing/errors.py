"""What can go wrong with the audit chain."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class ChainError(XinrongError):
    """Something asked of the audit chain cannot be done. Codes: chain_empty, folder_not_empty."""

    code = "chain"


class CheckpointFailed(XinrongError):
    """A checkpoint could not be signed or written. Codes: checkpoint_key, checkpoint_folder."""

    code = "checkpoint_folder"
