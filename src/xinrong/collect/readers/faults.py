"""The words for rows that cannot be tabulated."""

from __future__ import annotations

from collections.abc import Sequence

from xinrong.collect.readers.types import RowFault
from xinrong.domain.text import Text

#: So many columns are named in words.
NAMED = 5
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
    "nested_value": Text(
        zh="本条记录有字段的值是嵌套的对象或数组，不是单个值。请把它拆成单独的字段。",
        en="A field of the record holds an object or a list where a single value belongs. "
        "Give each of its values a field of its own.",
    ),
    "duplicate_key": Text(
        zh="本条记录里同一个字段出现了两次，无法判断哪个值正确。请只保留一个。",
        en="A field is there twice in the record, and nothing says which value is right. Keep one.",
    ),
    "not_an_object": Text(
        zh="本条不是对象（字段名和值），不能当作一条记录。请写成 {“字段”: “值”} 的形式。",
        en="This is no object with named fields, so it is no record. Write it as an object.",
    ),
    "broken_json": Text(
        zh="本行不是完整的 JSON 对象，可能被截断或引号、括号不成对。"
        "每行应是一个对象，请重新导出本行。",
        en="The line is no complete JSON object: it was cut off, or quotes or brackets do not "
        "pair. Each line holds one object; export it again.",
    ),
    "error_cell": Text(
        zh="单元格是公式出错的结果（如 #REF!、#N/A），没有真实内容。请修正公式或直接填写数值。",
        en="This is a formula's error (such as #REF! or #N/A), not a value. "
        "Mend the formula or type the value.",
    ),
    "no_stored_value": Text(
        zh="本行有公式单元格没有保存计算结果，而我们不运行公式。请用表格软件打开后另存，再重新报送。",
        en="A formula of the row has no stored result, and no formula is evaluated here. Open the "
        "workbook in a spreadsheet program, save it and send it again.",
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


def fault(
    row_no: int,
    problem: str,
    cells: list[str],
    keep: int,
    named: Sequence[tuple[str, str]] = (),
) -> RowFault:
    """A fault with its words; of the original, `keep` characters are kept in all.

    `named` are the columns that it lies in, with what stands there: the words begin with them.
    """
    kept, left = [], keep
    for cell in cells:
        if left <= 0:
            break
        kept.append(cell[:left].replace("\x00", "\ufffd"))
        left -= len(kept[-1]) + 1
    words = _WORDS[problem]
    if named:
        some = named[:NAMED]
        zh = "、".join(f"“{column}”列为 {text}" for column, text in some)
        en = ", ".join(f"the column “{column}” holds {text}" for column, text in some)
        more = len(named) - len(some)
        zh += f"，另有 {more} 列" if more else ""
        en += f", and {more} more" if more else ""
        words = Text(zh=f"{zh}。{words.zh}", en=f"{en[0].upper()}{en[1:]}. {words.en}")
    return RowFault(row_no, problem, words, kept, named[0][0] if named else "")
