"""New enterprises, conversions and deregistrations by region and month (inventory row 82)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from xinrong.catalogue.region import Region
from xinrong.store import services as store
from xinrong.subjects.bulk import run
from xinrong.subjects.models import Enterprise, EnterpriseKind
from xinrong.subjects.register.models import SuccessionKind
from xinrong.subjects.succession import open_at


@dataclass(slots=True)
class RegisterCounts:
    """One region (six digits) and month (its first day).

    Raw counts, for the operator: what is shown to others goes through the gate, which rounds. A
    company that came out of a conversion is among the new companies as well.
    """

    region: str
    month: date
    companies: int = 0  # new ones: every kind but sole traders
    sole_traders: int = 0  # new ones
    converted: int = 0
    cancelled: int = 0

    @property
    def new(self) -> int:
        """All that are new."""
        return self.companies + self.sole_traders


def register_counts(region: Region, first: date, last: date) -> list[RegisterCounts]:
    """Counts from a day to a day, both included, by region and month.

    An enterprise is new on the event date of its record in the register. Its region is the one in
    its code: where it was first registered (GB 32100-2015, digits 3 to 8). Conversions count on
    the day from which they hold and in the company's region, deregistrations on theirs.
    """
    found: dict[tuple[str, date], RegisterCounts] = {}

    def at(code: str, day: date) -> RegisterCounts:
        key = (code[2:8], day.replace(day=1))
        return found.setdefault(key, RegisterCounts(*key))

    for code, kind, day in _founded(region, first, last):
        if kind == EnterpriseKind.SOLE_TRADER:
            at(code, day).sole_traders += 1
        else:
            at(code, day).companies += 1
    converted = open_at().filter(kind=SuccessionKind.CONVERSION, on__range=(first, last))
    for code, since in converted.values_list("successor__code", "on"):
        if since is not None:
            at(code, since).converted += 1
    gone = Enterprise.objects.filter(cancelled=True, cancelled_on__range=(first, last))
    for code, since in gone.values_list("code", "cancelled_on"):
        if since is not None:
            at(code, since).cancelled += 1
    return [found[key] for key in sorted(found)]


_WHO = (
    "SELECT r.place, e.code, e.kind FROM {rows} "
    "JOIN subjects_subject AS s ON s.id = r.subject "
    "JOIN subjects_enterprise AS e ON e.code = s.code"
)


def _founded(region: Region, first: date, last: date) -> Iterator[tuple[str, str, date]]:
    """(code, kind, day) of every enterprise that the register says was founded in between."""
    registers = sorted({feed.category for feed in region.feeds.values() if feed.register_feed})
    if not registers:
        return
    named = {f"c{place}": category for place, category in enumerate(registers)}
    sql = (
        "SELECT subject, min(event_date) AS day FROM record "  # noqa: S608 (names of parameters)
        f"WHERE category IN ({', '.join(f'${name}' for name in named)}) "
        "GROUP BY subject HAVING min(event_date) BETWEEN $first AND $last ORDER BY subject"
    )
    with store.snapshot() as snapshot:
        rows = snapshot.query(sql, {**named, "first": first, "last": last})
    days = rows["day"].to_pylist()
    pairs = list(enumerate(rows["subject"].to_pylist()))
    for place, code, kind in run(_WHO, {"place": "bigint", "subject": "bigint"}, pairs):
        yield code, kind, days[place]
