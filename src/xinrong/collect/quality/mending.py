"""What to mend first: ranked by the rows that would become acceptable."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max, Sum

from xinrong.collect.models.quality import RuleQuality
from xinrong.collect.models.receipts import QuarantinedRow
from xinrong.collect.quality.figures import Scope
from xinrong.domain.text import Text


@dataclass(frozen=True)
class Mending:
    """One rule at one field of one feed.

    `sole` rows would be acceptable if only this were mended; `rows` break it, perhaps with others.
    The example is a row of the latest batch that breaks it; `reason` is what its sender was told,
    quoting the row.
    """

    feed: str
    department: str
    rule: str
    field: str
    rows: int
    sole: int
    batch: int
    source_name: str
    example_row: int
    reason: Text


def what_to_mend(scope: Scope, most: int = 50) -> list[Mending]:
    """The rules by which rows in scope were refused, those that gain most rows first."""
    ranked = (
        RuleQuality.objects.filter(quality__in=scope.batches())
        .exclude(rule="erased")
        .values("quality__feed", "quality__department", "rule", "field")
        .annotate(all_rows=Sum("rows"), all_sole=Sum("sole"), latest=Max("pk"))
        .order_by("-all_sole", "-all_rows", "quality__feed", "rule", "field")[:most]
    )
    found = list(ranked)
    examples = RuleQuality.objects.select_related("quality__receipt").in_bulk(
        [row["latest"] for row in found]
    )
    return [_mending(row["all_rows"], row["all_sole"], examples[row["latest"]]) for row in found]


def mendable(scope: Scope) -> dict[str, int]:
    """Rows by feed that would become acceptable if what is wrong with each were mended."""
    rows = (
        RuleQuality.objects.filter(quality__in=scope.batches())
        .exclude(rule="erased")
        .values("quality__feed")
        .annotate(all_sole=Sum("sole"))
        .order_by("quality__feed")
    )
    return {row["quality__feed"]: row["all_sole"] for row in rows}


def _mending(rows: int, sole: int, example: RuleQuality) -> Mending:
    receipt = example.quality.receipt
    return Mending(
        example.quality.feed,
        example.quality.department,
        example.rule,
        example.field,
        rows,
        sole,
        receipt.batch,
        receipt.source_name,
        example.example_row,
        _reason(receipt.batch, example),
    )


def _reason(batch: int, example: RuleQuality) -> Text:
    """What the sender of the example was told about this rule."""
    row = QuarantinedRow.objects.filter(receipt=batch, row_no=example.example_row).first()
    for problem in row.problems if row else []:
        if (problem["rule"], problem["field"]) == (example.rule, example.field):
            return Text(zh=problem["reason_zh"], en=problem["reason_en"])
    return Text(zh=example.rule, en=example.rule)
