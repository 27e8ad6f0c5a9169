"""The trail written out, so that anybody verifies it without us: docs/reference/audit-trail.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from xinrong.domain.canonical import canonical_json
from xinrong.domain.clock import Clock
from xinrong.trust.sealing.checkpoints import last_checkpoint, write_checkpoint
from xinrong.trust.sealing.errors import ChainError
from xinrong.trust.sealing.keys import checkpoint_keys
from xinrong.trust.sealing.models import AuditCheckpoint
from xinrong.trust.sealing.reading import read_blocks
from xinrong.trust.sealing.sealer import Sealer

ROWS, BLOCKS, CHECKPOINTS = "rows.jsonl", "blocks.jsonl", "checkpoints.jsonl"


@dataclass(frozen=True)
class Exported:
    """What an export holds, and the keys to verify it with."""

    rows: int
    blocks: int
    checkpoints: int
    keys: tuple[str, ...]  # base64url; handed over by another road, so not in the folder


def export_trail(
    folder: Path, *, clock: Clock, progress: Callable[[int], None] | None = None
) -> Exported:
    """Seal, sign and write the whole trail up to that checkpoint into an empty folder.

    Raises ChainError when the folder holds something or nothing was ever sealed, CheckpointFailed
    when the end cannot be signed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ChainError(
            f"{folder} is not empty", remedy="Name a new folder.", code="folder_not_empty"
        )
    Sealer(clock).seal()
    write_checkpoint(clock)
    last = last_checkpoint()
    if last is None:
        raise ChainError("nobody has asked for anything yet", code="chain_empty")
    rows = 0
    with (folder / ROWS).open("wb") as row_file, (folder / BLOCKS).open("wb") as block_file:
        for read in read_blocks(1, last.block_id):
            row_file.writelines(spelled + b"\n" for _, _, spelled in read.rows)
            block_file.write(canonical_json(read.body()) + b"\n")
            rows += len(read.rows)
            if progress is not None:
                progress(rows)
    signed = AuditCheckpoint.objects.order_by("block")
    with (folder / CHECKPOINTS).open("wb") as file:
        file.writelines(canonical_json(one.envelope) + b"\n" for one in signed)
    keys = checkpoint_keys()
    return Exported(rows, last.block_id, signed.count(), tuple(row["public"] for row in keys))
