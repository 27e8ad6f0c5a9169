"""A feed: how one department sends one category.

Feeds are YAML files under `regions/<region>/feeds/`. Many feeds may fill one category.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from xinrong.catalogue.contract import Strict
from xinrong.catalogue.register import RegisterFile
from xinrong.domain.text import Text

Format = Literal["csv", "tsv", "xls", "xlsx", "json", "jsonl", "parquet"]
#: Formats whose bytes are text in some encoding.
TEXT_FORMATS: tuple[Format, ...] = ("csv", "tsv", "json", "jsonl")
#: Formats whose records name their fields: they have no header rows.
NAMED_FORMATS: tuple[Format, ...] = ("json", "jsonl", "parquet")


class Layout(Strict):
    """What the file looks like.

    `format` is what the bytes are, whatever the file's ending says. `header_rows` are counted
    from 1 as a spreadsheet does; two rows are joined with a space; an empty list means that the
    file has no header and `columns` names them in order. JSON and Parquet name their fields
    themselves: there neither says anything.

    With `members`, a pattern such as `*.csv`, the file is a ZIP archive: its members whose names
    match are read one after another, in the order of their names, each in this layout.
    """

    format: Format = "csv"
    members: str = ""
    records: str = ""  # json: the keys that lead to the array, joined with dots; "" is the whole
    encoding: Literal["utf-8", "gb18030", ""] = "utf-8"  # "" for workbooks and Parquet
    delimiter: str = ","
    sheet: str = ""  # the first when empty
    header_rows: tuple[int, ...] = (1,)
    columns: tuple[str, ...] = ()


class Source(Strict):
    """Where a field's value comes from: a column, several tried in order, or a constant.

    With both, the constant stands for empty cells.

    `unit` multiplies money: 元, 千元, 万元, 百万元, 亿元. `values` translates what the department
    writes into the contract's lawful values. `date_order` says what 3/4/2021 is where a department
    writes the day or the month first; without it (ymd) such a date is refused as unclear.
    """

    column: str | tuple[str, ...] = ()
    constant: str = ""
    unit: str = ""
    values: dict[str, str] = Field(default_factory=dict)
    date_order: Literal["ymd", "dmy", "mdy"] = "ymd"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in the order in which they are tried."""
        return (self.column,) if isinstance(self.column, str) else self.column


class SubjectColumns(Strict):
    """Which columns say whose record it is; at least one of the two."""

    code: str | tuple[str, ...] = ()
    name: str | tuple[str, ...] = ()

    @model_validator(mode="after")
    def _at_least_one(self) -> SubjectColumns:
        if not self.code and not self.name:
            raise ValueError(
                "name the column of the code, of the name, or both (写代码列、名称列或两者)"
            )
        return self


class Freshness(Strict):
    """How often it should come, in days, and after how many it counts as stale."""

    every_days: int = Field(ge=1)
    stale_after_days: int = Field(ge=1)


class Feed(Strict):
    """One department's way of sending one category."""

    feed: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: int = Field(default=1, ge=1)
    title: Text
    department: str  # id in departments.yaml
    category: str
    layout: Layout
    subject: SubjectColumns
    mapping: dict[str, Source | str]  # field name -> source; a plain string is a column
    ignore: tuple[str, ...] = ()  # columns deliberately not taken
    freshness: Freshness
    register_feed: bool = False  # only a register feed creates enterprises
    register_file: RegisterFile | None = None  # of a register feed: what its files say
    by_platform: bool = False  # the platform writes it itself: nobody sends it, nobody is late
    sample: str = ""  # a file under samples/ that this feed reads
    note: str = ""

    def source(self, field: str) -> Source | None:
        """Where `field` comes from, or None when this feed does not send it."""
        found = self.mapping.get(field)
        if found is None:
            return None
        return Source(column=found) if isinstance(found, str) else found
