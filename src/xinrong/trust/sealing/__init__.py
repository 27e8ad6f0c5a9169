"""The audit chain: rows sealed into blocks, heads, signed checkpoints.

Only what models and the gate may import at any time stands here; the verbs are in `services`.
"""

from __future__ import annotations

from xinrong.trust.sealing.head import head

__all__ = ["head"]
