"""The chain checked against the database's own rows: what `xinrong audit verify` does.

It trusts this program and the public keys on this machine; outsiders verify an export with
scripts/verify_audit.py and a key that they were handed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Min

from xinrong.domain.signatures import SignatureError, open_envelope
from xinrong.trust.audit.spelling import row_digest
from xinrong.trust.sealing.chain import BEGINNING, head_of
from xinrong.trust.sealing.keys import public_keys
from xinrong.trust.sealing.models import AuditBlock, AuditCheckpoint
from xinrong.trust.sealing.reading import ReadBlock, read_blocks

#: Faults that are told; the chain is broken after the first.
MOST_FAULTS = 20


@dataclass
class Verified:
    """What was checked and what does not fit."""

    rows: int = 0
    blocks: int = 0
    checkpoints: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, fault: str) -> None:
        """Keep a fault, unless there are enough."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)


def verify_chain(first: int = 1, *, progress: Callable[[int], None] | None = None) -> Verified:
    """Check every row, block and checkpoint from the block `first` on. Faults come in words."""
    found = Verified()
    before = AuditBlock.objects.filter(number=first - 1).first()
    previous, total = (before.head, before.total) if before else (BEGINNING, 0)
    number = first
    if first == 1 and (AuditBlock.objects.aggregate(least=Min("number"))["least"] or 1) != 1:
        found.add("the first block is missing")
    last = AuditBlock.objects.order_by("-number").first()
    for read in read_blocks(first, last.number if last else 0):
        if read.block.number != number:
            found.add(f"block {number} is missing")
        check_block(read, previous, total, found)
        previous, total, number = read.block.head, read.block.total, read.block.number + 1
        found.blocks += 1
        found.rows += len(read.rows)
        if progress is not None:
            progress(found.rows)
    check_checkpoints(first, found)
    return found


def verify_newest(rows: int) -> Verified:
    """Check the newest blocks with about so many rows, and the checkpoints over them."""
    last = AuditBlock.objects.order_by("-number").first()
    behind = (last.total if last else 0) - rows
    first = AuditBlock.objects.filter(total__gt=behind).order_by("number").first()
    return verify_chain(first.number if first and behind > 0 else 1)


def check_block(read: ReadBlock, previous: str, total: int, found: Verified) -> None:
    """One block against its rows and the block before."""
    block = read.block
    if block.previous != previous:
        found.add(f"block {block.number} does not follow the block before it")
    if head_of(read.body()) != block.head:
        found.add(f"block {block.number} is not what its head was made for")
    if len(read.rows) != block.count or block.total != total + block.count:
        found.add(f"block {block.number} has {len(read.rows)} rows; {block.count} were sealed")
    for number, digest, spelled in read.rows:
        if row_digest(spelled) != digest:
            found.add(f"row {number} in block {block.number} was changed")


def check_checkpoints(first: int, found: Verified) -> None:
    """Every checkpoint over a block from `first` on: signature, and the head that it names."""
    keys = public_keys()
    heads = AuditCheckpoint.objects.filter(block__gte=first).order_by("block")
    for one in heads.select_related("block"):
        found.checkpoints += 1
        try:
            says = open_envelope(one.envelope, keys)
        except SignatureError as error:
            found.add(f"the checkpoint over block {one.block_id}: {error}")
            continue
        if (says["block"], says["head"]) != (one.block_id, one.block.head):
            found.add(f"the checkpoint over block {one.block_id} signed another head")
    last = AuditCheckpoint.objects.order_by("-block").first()
    if last is None and AuditBlock.objects.exists():
        found.add("no checkpoint was signed yet")
