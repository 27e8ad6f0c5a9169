"""The chain read back from the database, block by block, as it stands there now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from xinrong.trust.audit.spelling import FORMATS, NEWEST, spell_sealed
from xinrong.trust.sealing.chain import block_body
from xinrong.trust.sealing.models import AuditBlock, AuditSeal

#: Rows in memory at a time.
ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class ReadBlock:
    """A block with its rows: (row id, digest as sealed, row as it is spelled now)."""

    block: AuditBlock
    rows: list[tuple[int, str, bytes]]

    def body(self) -> dict[str, Any]:
        """The block as it is digested."""
        one = self.block
        digests = [(number, digest) for number, digest, _ in self.rows]
        return block_body(one.number, one.previous, one.at, one.format, one.total, digests)


def read_blocks(first: int, last: int) -> Iterator[ReadBlock]:
    """The blocks from first to last, in order, a few thousand rows at a time."""
    group: list[AuditBlock] = []
    blocks = AuditBlock.objects.filter(number__gte=first, number__lte=last).order_by("number")
    for block in blocks.iterator(chunk_size=2_000):
        held = sum(one.count for one in group)
        if group and (held + block.count > ROWS_AT_ONCE or block.format != group[0].format):
            yield from _with_rows(group)
            group = []
        group.append(block)
    if group:
        yield from _with_rows(group)


def _with_rows(blocks: list[AuditBlock]) -> Iterator[ReadBlock]:
    form = blocks[0].format
    columns = [f"row__{name}" for name in FORMATS[NEWEST]]
    seals = (
        AuditSeal.objects.filter(block__gte=blocks[0].number, block__lte=blocks[-1].number)
        .order_by("block_id", "position")
        .values_list("block_id", "row_id", "digest", *columns)
    )
    rows = {
        number: [(seal[1], seal[2], spell_sealed(seal[3:], form)) for seal in found]
        for number, found in groupby(seals, key=itemgetter(0))
    }
    for block in blocks:
        yield ReadBlock(block, rows.get(block.number, []))
