"""Why the display of a negative record ends on its day."""

from __future__ import annotations

from dataclasses import dataclass

from xinrong.domain.law import Until


@dataclass(frozen=True)
class ShownBy:
    """The rule by which the display of a record ends.

    `rule` is that of a law pack, empty where the contract of the category says it; `source` names
    the document and its article; `evidence` is how well it is known that the law says so.
    """

    rule: str
    source: str
    evidence: str


def shown_by(until: Until) -> ShownBy | None:
    """The rule that ends a display; None where nothing does."""
    if until.limit is None:
        return None
    rule = until.limit.rule
    return ShownBy(until.limit.name, until.limit.words, str(rule.evidence) if rule else "")
