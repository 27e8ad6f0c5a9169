"""A receipt on the terminal: in words, or as JSON."""

from __future__ import annotations

import json
from collections import Counter

import click
from django.utils.timezone import localtime

from xinrong.cli.terminal import language_of_terminal
from xinrong.collect.services import Receipt, quarantine_of, receipt_as_dict

REPEATED = {
    "zh": "  与 {} 收到的文件字节完全相同：这是当时的回执，没有写入任何内容。",
    "en": "  These very bytes came on {}: this is their first receipt, nothing was written.",
}
COUNTS = {
    "zh": "  收到 {receipt.rows_in:,} 行 = 入库 {receipt.accepted:,} "
    "+ 隔离 {receipt.quarantined:,} + 重复 {receipt.duplicates:,}\n"
    "  入库中：更正 {receipt.corrected:,}，代码修复 {receipt.repaired:,}，"
    "仅有名称未关联 {receipt.unlinked:,}；用时 {receipt.seconds:.1f} 秒，每秒 {rate:,.0f} 行",
    "en": "  {receipt.rows_in:,} rows in = {receipt.accepted:,} accepted "
    "+ {receipt.quarantined:,} quarantined + {receipt.duplicates:,} duplicates\n"
    "  of the accepted: {receipt.corrected:,} corrections, {receipt.repaired:,} repaired "
    "codes, {receipt.unlinked:,} by name only, not linked; "
    "{receipt.seconds:.1f} s, {rate:,.0f} rows/s",
}
#: Kinds of reason that are printed with a receipt; all of them are in the file of rejects.
REASONS_SHOWN = 5


def show(receipt: Receipt, *, as_json: bool) -> None:
    """Print it, in the language of the terminal or for a program."""
    if as_json:
        click.echo(json.dumps(receipt_as_dict(receipt), ensure_ascii=False))
        return
    for line in words(receipt, language_of_terminal()):
        click.echo(line)


def words(receipt: Receipt, language: str) -> list[str]:
    """A receipt in words, with the most frequent reasons for which rows were not accepted."""
    chinese = language == "zh"
    lines = [
        f"{'批次' if chinese else 'Batch'} {receipt.batch}: {receipt.source_name} → {receipt.feed}"
    ]
    if receipt.repeated:
        day = f"{localtime(receipt.received_at):%Y-%m-%d %H:%M}"
        lines.append(REPEATED[language].format(day))
    rate = receipt.rows_in / receipt.seconds if receipt.seconds else 0.0
    lines += COUNTS[language].format(receipt=receipt, rate=rate).splitlines()
    lines += [f"  · {note[language]}" + counted(note["count"]) for note in receipt.notes]
    problems = [problem for row in quarantine_of(receipt) for problem in row.problems]
    kinds = Counter((problem["rule"], problem["field"]) for problem in problems)
    for (rule, field), count in kinds.most_common(REASONS_SHOWN):
        example = next(one for one in problems if (one["rule"], one["field"]) == (rule, field))
        place = f"{field}: " if field else ""
        lines.append(f"  ✗ {count:,} × {place}{example[f'reason_{language}']}")
    if problems:
        lines.append(f"    xinrong collect rejects {receipt.batch} --out rejects.csv")
    return lines


def counted(count: int) -> str:
    """How often a note holds, in brackets; nothing when it holds of the file as a whole."""
    return f" ({count:,})" if count else ""
