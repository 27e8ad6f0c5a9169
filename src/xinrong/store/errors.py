"""What can go wrong in the store, in words for the operator."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class StoreError(XinrongError):
    """The store cannot do what was asked; nothing was changed."""

    code = "store"


class PartDamaged(StoreError):
    """A part is missing or is not what the ledger says it is."""

    code = "part_damaged"


class UnknownSeq(StoreError):
    """No commit has that number."""

    code = "unknown_seq"


class Overtaken(StoreError):
    """Somebody else committed to the same category between comparing and committing."""

    code = "overtaken"


class BatchNotRetractable(StoreError):
    """The batch is open, or was retracted before."""

    code = "batch_not_retractable"


class CompactionOvertaken(StoreError):
    """Another compaction replaced the same parts first."""

    code = "compaction_overtaken"
