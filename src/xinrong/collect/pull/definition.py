"""What is pulled: a table of a department's database, as data beside the feed that it fills.

    regions/<region>/pulls/tax_payments.yaml

    feed: tax_payments
    server: postgresql            # or mysql, which is MariaDB too
    connection: tax_db            # XINRONG_PULL_TAX_DB_FILE names the file with its address
    schema: dw
    table: tax_payment
    columns: {税票号: voucher_no, 入库日期: paid_on}
    watermark: {column: updated_at, kind: moment, tie: [id], lag_seconds: 300}

Names are quoted as they stand; there is no place for SQL.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, ValidationError, model_validator

from xinrong.catalogue.contract import Strict
from xinrong.catalogue.region import Region, read_yaml, regions_root
from xinrong.collect.errors import PullError
from xinrong.domain.errors import Place

NAME = Field(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")


class Watermark(Strict):
    """The column that grows with every row added or changed, and what settles equal values.

    `moment` is a timestamp: rows younger than the lag are left for the next pull, since an older
    one may still be on its way. `number` is a growing id: it is read up to the largest number
    that was seen at least the lag ago. Watermark and tie-breaker together are unique.
    """

    column: str = NAME
    kind: Literal["moment", "number"] = "moment"
    tie: tuple[str, ...] = ()
    lag_seconds: int = Field(default=60, ge=0, le=7 * 86_400)

    @model_validator(mode="after")
    def _settled(self) -> Watermark:
        if self.kind == "moment" and (not self.tie or not self.lag_seconds):
            raise ValueError(
                "a moment needs a tie-breaker (tie: [id]) and a lag of at least a second"
                "（时间水位列须有唯一列和至少一秒的滞后）"
            )
        return self


class Limits(Strict):
    """How long the department's server may take, and what one pull reads at most."""

    connect_seconds: int = Field(default=10, ge=1, le=120)
    statement_seconds: int = Field(default=900, ge=1, le=86_400)  # any one answer
    idle_seconds: int = Field(default=60, ge=1, le=3_600)  # then the server ends our session
    rows: int = Field(default=1_000_000, ge=1, le=20_000_000)


class PullSource(Strict):
    """One table that one feed is pulled from."""

    feed: str
    server: Literal["postgresql", "mysql"]
    connection: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    tls: Literal["verify", "encrypt", "off"] = "verify"
    time_zone: str = "Asia/Shanghai"  # of moments that are kept without one
    schema_name: str = Field(default="", alias="schema", max_length=128)
    table: str = NAME
    columns: dict[str, str] = Field(min_length=1)  # heading of the feed -> column of the table
    watermark: Watermark
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _known_zone(self) -> PullSource:
        if self.time_zone not in available_timezones():
            raise ValueError("write the time zone like Asia/Shanghai (时区写作 Asia/Shanghai)")
        return self


def pull_sources(region: Region, root: Path | None = None) -> dict[str, PullSource]:
    """The sources of a region by their feeds. Raises PullError for a file that is wrong."""
    folder = (root or regions_root()) / region.info.region / "pulls"
    found: dict[str, PullSource] = {}
    for path in sorted(folder.glob("*.yaml")):
        source = _read(path)
        if source.feed not in region.feeds or source.feed in found:
            twice = source.feed in found
            raise PullError(
                f"there {'are two sources for' if twice else 'is no'} feed {source.feed!r}",
                place=Place(file=path.name, field="feed"),
                remedy="Keep one file for each feed." if twice else "Name a feed of the region.",
                code="pull_definition",
            )
        found[source.feed] = source
    return found


def pull_source_of(region: Region, feed: str) -> PullSource:
    """From where a feed is pulled. Raises PullError when nothing says so."""
    source = pull_sources(region).get(feed)
    if source is None:
        raise PullError(
            f"nothing says from where the feed {feed!r} is pulled",
            remedy=f"Describe its table in regions/{region.info.region}/pulls/{feed}.yaml.",
            code="pull_unknown",
        )
    return source


def _read(path: Path) -> PullSource:
    try:
        return PullSource.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        raise PullError(
            str(first["msg"]),
            place=Place(file=path.name, field=".".join(map(str, first["loc"]))),
            remedy="docs/how-to/push-and-pull.md says what stands in this file.",
            code="pull_definition",
        ) from error
