"""From the header rows of a file to its headings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from xinrong.collect.readers.types import FileError, Note
from xinrong.domain import dates, uscc
from xinrong.domain.errors import Place
from xinrong.domain.text import Text


def tidy_heading(text: str) -> str:
    """A heading without line breaks, marks of invisible kind and spaces around it."""
    bare = text.replace("\ufeff", "").replace("\u200b", "").replace("\u3000", " ")
    lines = (line.strip() for line in bare.replace("\r", "\n").split("\n"))
    return " ".join("".join(lines).split())


def join_header_rows(rows: Sequence[Sequence[str]], *, spread: bool) -> list[str]:
    """One heading for each column out of one or more header rows, joined with a space.

    In delimited text, where a merged cell leaves its text in the first column only, `spread`
    repeats it to the right over empty cells that have something below and whose left neighbour
    has something below, too.
    """
    width = max((len(row) for row in rows), default=0)
    grid = [[tidy_heading(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    if spread:
        for row, below in pairwise(grid):
            for column in range(1, width):
                if not row[column] and below[column] and below[column - 1]:
                    row[column] = row[column - 1]
    joined = []
    for column in range(width):
        parts = dict.fromkeys(row[column] for row in grid if row[column])
        joined.append(" ".join(parts))
    while joined and not joined[-1]:
        joined.pop()
    return joined


def check_headings(headings: list[str], file: str, row: int) -> tuple[tuple[str, ...], list[Note]]:
    """The headings as column names, unnamed ones numbered; notes on them.

    Raises FileError when there are none, when one is there twice, or when they look like data.
    """
    place = Place(file=file, row=row)
    if not headings:
        raise FileError(
            "no_header",
            Text(zh=f"第{row}行没有表头。", en=f"There are no headings in row {row}."),
            Text(
                zh="请核对数据源配置中的表头行号，或在文件中补上表头。",
                en="Check `header_rows` of the feed, or add the headings to the file.",
            ),
            place=place,
        )
    _refuse_data(headings, place)
    unnamed = [number for number, heading in enumerate(headings, 1) if not heading]
    named = tuple(heading or f"第{number}列" for number, heading in enumerate(headings, 1))
    _refuse_twice(named, place)
    if not unnamed:
        return named, []
    listed = "、".join(map(str, unnamed))
    text = Text(zh=f"第{listed}列没有列名。", en=f"Columns without a heading: {listed}.")
    return named, [Note("unnamed_columns", text, len(unnamed))]


def name_fields(
    names: Sequence[str], limit: int, place: Place
) -> tuple[tuple[str, ...], list[Note]]:
    """Names of fields that the file states itself (JSON, Parquet) as column names.

    Raises FileError when there is none, when one is there twice, or when there are too many.
    """
    if not names:
        raise FileError(
            "no_header",
            Text(zh="文件中没有任何字段。", en="The file has no field at all."),
            Text(zh="请核对导出是否成功。", en="Check that the export succeeded."),
            place=place,
        )
    if len(names) > limit:
        raise FileError(
            "too_many_columns",
            Text(
                zh=f"字段过多：{len(names)} 个，上限 {limit} 个。可能把数据当成了字段名。",
                en=f"There are too many fields: {len(names)} of {limit} allowed. "
                "Perhaps values stand where names belong.",
            ),
            Text(zh="请改为每条记录一行。", en="Write one record for each row."),
            place=place,
        )
    tidied = [tidy_heading(name) for name in names]
    unnamed = sum(not name for name in tidied)
    named = tuple(name or f"第{number}列" for number, name in enumerate(tidied, 1))
    _refuse_twice(named, place)
    if not unnamed:
        return named, []
    text = Text(zh=f"有{unnamed}个字段没有名称。", en=f"Fields without a name: {unnamed}.")
    return named, [Note("unnamed_columns", text, unnamed)]


def _refuse_data(headings: list[str], place: Place) -> None:
    for heading in headings:
        dated = len(heading) >= 8 and dates.read_date(heading).value is not None
        if not dated and not uscc.is_lawful(heading):
            continue
        raise FileError(
            "no_header",
            Text(
                zh=f"表头行里是数据（“{heading}”），文件可能没有表头。",
                en=f"The header row holds data ({heading}): the file seems to have no headings.",
            ),
            Text(
                zh="请补上表头；若约定不带表头，请在数据源配置中写明 header_rows: [] 和 columns。",
                en="Add headings; if none were agreed, set `header_rows: []` and `columns` "
                "in the feed.",
            ),
            place=place,
        )


def _refuse_twice(headings: tuple[str, ...], place: Place) -> None:
    first: dict[str, int] = {}
    for number, heading in enumerate(headings, 1):
        if heading not in first:
            first[heading] = number
            continue
        raise FileError(
            "duplicate_heading",
            Text(
                zh=f"列名“{heading}”重复：第{first[heading]}列和第{number}列。",
                en=f"The heading {heading} is there twice: columns {first[heading]} and {number}.",
            ),
            Text(
                zh="请改名或删去其中一列后重新报送。",
                en="Rename or remove one of them and send the file again.",
            ),
            place=Place(file=place.file, row=place.row, field=heading),
        )
