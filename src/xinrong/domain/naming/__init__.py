from xinrong.domain.naming.comparing import (
    DIFFERENCES,
    FORM_ONLY,
    FoldedForms,
    difference,
    folded_forms,
)
from xinrong.domain.naming.parsing import parse, parse_many
from xinrong.domain.naming.types import ParsedName

__all__ = [
    "DIFFERENCES",
    "FORM_ONLY",
    "FoldedForms",
    "ParsedName",
    "difference",
    "folded_forms",
    "parse",
    "parse_many",
]
