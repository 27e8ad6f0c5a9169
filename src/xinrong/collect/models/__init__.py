"""The tables of the intake, a module for each of its parts."""

from __future__ import annotations

from xinrong.collect.models.erasure import ErasureOrder
from xinrong.collect.models.pull import PullMark, PullStep
from xinrong.collect.models.push import Push
from xinrong.collect.models.quality import (
    Alarm,
    AlarmKind,
    BatchQuality,
    Coverage,
    FieldQuality,
    RuleQuality,
)
from xinrong.collect.models.receipts import QuarantinedRow, Receipt
from xinrong.collect.models.register import (
    RegisterAcceptance,
    RegisterEntry,
    RegisterFile,
    RegisterMissing,
)
from xinrong.collect.models.uploads import Upload

__all__ = [
    "Alarm",
    "AlarmKind",
    "BatchQuality",
    "Coverage",
    "ErasureOrder",
    "FieldQuality",
    "PullMark",
    "PullStep",
    "Push",
    "QuarantinedRow",
    "Receipt",
    "RegisterAcceptance",
    "RegisterEntry",
    "RegisterFile",
    "RegisterMissing",
    "RuleQuality",
    "Upload",
]
