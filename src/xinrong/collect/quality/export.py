"""The board as CSV: a row for each day and feed, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

from xinrong.collect.quality.figures import Figures, Scope, by
from xinrong.domain.cells import safe_cell

HEADINGS = (
    "日期 day",
    "部门 department",
    "数据源 feed",
    "数据类目 category",
    "批次 batches",
    "收到行数 rows_in",
    "入库 accepted",
    "更正 corrected",
    "重复 duplicates",
    "隔离 quarantined",
    "批内冲突 conflicts",
    "未关联 unlinked",
    "合格率 validity",
    "平均时滞（天） mean_lag_days",
    "按时到达率 punctuality",
)


def export_board(scope: Scope) -> bytes:
    """UTF-8 with its mark, so that Excel shows Chinese; shares with four places."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for key, figures in by(scope, "day", "department", "feed", "category").items():
        writer.writerow([*(safe_cell(str(part)) for part in key), *_cells(figures)])
    return out.getvalue().encode("utf-8-sig")


def _cells(one: Figures) -> list[str]:
    counts = (
        one.batches,
        one.rows_in,
        one.accepted,
        one.corrected,
        one.duplicates,
        one.quarantined,
        one.conflicts,
        one.unlinked,
    )
    shares = (one.validity, one.mean_lag, one.punctuality)
    return [*map(str, counts), *("" if part is None else f"{part:.4f}" for part in shares)]
