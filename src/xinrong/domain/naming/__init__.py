from xinrong.domain.naming.comparing import (
    DIFFERENCES,
    FORM_ONLY,
    FoldedForms,
    branch_wording,
    difference,
    folded_forms,
    short_region,
)
from xinrong.domain.naming.parsing import parse, parse_many
from xinrong.domain.naming.types import ParsedName

__all__ = [
    "DIFFERENCES",
    "FORM_ONLY",
    "FoldedForms",
    "ParsedName",
    "branch_wording",
    "difference",
    "folded_forms",
    "parse",
    "parse_many",
    "short_region",
]
