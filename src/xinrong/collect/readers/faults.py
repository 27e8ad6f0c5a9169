"""The words for rows that cannot be tabulated."""

from __future__ import annotations

from xinrong.collect.readers.types import RowFault
from xinrong.domain.text import Text

_WORDS = {
    "too_few_cells": Text(
        zh="本行列数少于表头。请补齐缺少的单元格，空值也要保留分隔符。",
        en="The row has fewer cells than there are headings. Keep the separators of empty cells.",
    ),
    "too_many_cells": Text(
        zh="本行列数多于表头，可能是内容里含有分隔符。请用双引号括起该内容。",
        en="The row has more cells than there are headings; perhaps a cell holds the separator. "
        "Put double quotes around that cell.",
    ),
    "undecodable": Text(
        zh="本行含有无法按约定编码识别的字节。请统一编码后重新导出本行。",
        en="The row holds bytes that the agreed encoding does not know. "
        "Export it again in one encoding.",
    ),
    "nul": Text(
        zh="本行含有空字符（NUL），通常是文件损坏或导出中断。请重新导出。",
        en="The row holds NUL bytes: the file is damaged or its export broke off. Export again.",
    ),
    "broken_quote": Text(
        zh="本行双引号不成对。内容中的双引号应写成两个双引号。请更正后重新报送本行。",
        en="The double quotes of the row do not pair. A double quote within a cell is written "
        "twice. Correct it and send the row again.",
    ),
    "cell_too_long": Text(
        zh="本行有单元格内容过长，超过上限。请核对是否多行内容粘连。",
        en="A cell of the row is longer than allowed. Look for several rows run together.",
    ),
}


def fault(row_no: int, problem: str, cells: list[str], keep: int) -> RowFault:
    """A fault with its words; of the original, `keep` characters are kept in all."""
    kept, left = [], keep
    for cell in cells:
        if left <= 0:
            break
        kept.append(cell[:left].replace("\x00", "\ufffd"))
        left -= len(kept[-1]) + 1
    return RowFault(row_no, problem, _WORDS[problem], kept)
