"""What a file of the business register says about all enterprises, and about one since when.

Part of a feed (`register_file`), beside `register_feed: true`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from xinrong.catalogue.contract import Strict

#: The kinds of enterprise there are (subjects.EnterpriseKind).
KINDS = (
    "company",
    "branch",
    "sole_trader",
    "cooperative",
    "farm_household",
    "public_body",
    "prospective",
)

Change = Literal["new", "changed", "cancelled"]


class ChangeColumn(Strict):
    """The column that says what happened to the enterprise; `values` translates its words."""

    column: str
    values: dict[str, Change]


class OrderColumn(Strict):
    """The column that says as of which day a row holds, or the running number of its file."""

    column: str
    kind: Literal["day", "number"] = "day"


class Status(Strict):
    """The field of the contract whose values in `cancelled` say that it was deregistered.

    `since` is the field with the day of that.
    """

    field: str
    cancelled: tuple[str, ...] = Field(min_length=1)
    since: str = ""


class RegisterFile(Strict):
    """How the files of a register feed are meant.

    `mode`: `rows` says something about the enterprises in it and nothing about others; `full` has
    every enterprise there is; `delta` has what changed, which `change` tells; `either` is a delta
    where the column of `change` is there, else full. A full file is refused when more than
    `missing_percent` of the enterprises known are not in it. `kind` is the contract's field for
    the kind of enterprise, whose values `kinds` translates where they are not KINDS themselves.
    """

    mode: Literal["rows", "full", "delta", "either"] = "rows"
    kind: str = ""
    kinds: dict[str, str] = Field(default_factory=dict)
    status: Status | None = None
    change: ChangeColumn | None = None
    order: OrderColumn | None = None
    missing_percent: int = Field(default=5, ge=0, le=100)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads beside those of the mapping."""
        return tuple(one.column for one in (self.change, self.order) if one is not None)
