"""Entries on lists as the gate releases them: to everybody, to the enterprise, to departments.

What is released is read anew: an entry whose record is hidden, or whose days are over, is not in
it, however far the worker has come. A release draws on the category of the record on which each
entry rests, so that no list shows what the category does not open to the viewer. Of the record
itself nothing is in it; the persons responsible stand in it where the list publishes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from xinrong.catalogue.lists import CreditList
from xinrong.files import services as files
from xinrong.remedy.listing.basis import Basis, Standing, standings
from xinrong.remedy.listing.catalogue import book
from xinrong.remedy.listing.models import DECIDED, AppliedMeasure, ListEntry
from xinrong.store.services import Snapshot
from xinrong.trust.services import Permits
from xinrong.trust.types import Piece


class Way(StrEnum):
    """For whom entries are released, which says what stands in them."""

    PUBLIC = "public"  # what the list publishes
    OWN = "own"  # the enterprise itself: everything
    OFFICE = "office"  # a department that decides or applies measures
    WATCH = "watch"  # the operator: no persons


@dataclass(frozen=True)
class ShownMeasure:
    """A measure on an entry."""

    number: int
    measure: str
    catalogue: str
    department: str
    state: str
    from_on: date
    until_on: date
    why: str
    effect: str
    reported_on: date | None
    ended_on: date | None


@dataclass(frozen=True)
class ShownEntry:
    """An entry as it is released; what the way does not show is None or empty."""

    case: str
    list: str
    enterprise: int
    name: str
    code: str
    state: str
    ground: str
    department: str
    noticed_on: date | None
    statement_until: date | None
    entered_on: date | None
    shown_until: date | None
    ended_on: date | None
    ended_by: str
    responsible: tuple[tuple[str, str], ...]
    measures: tuple[ShownMeasure, ...]
    basis: tuple[str, str, date | None]  # category, the department that sent it, its day

    def as_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class ShownEntries:
    """The content of a release."""

    entries: tuple[ShownEntry, ...]

    def drawn_from(self) -> set[tuple[int, str]]:
        """The category of each basis."""
        return {(one.enterprise, one.basis[0]) for one in self.entries}

    def shown_fields(self) -> set[tuple[int, str, str]]:
        """None: of the record nothing is shown but that it is there."""
        return set()

    def pieces(self) -> Iterator[Piece]:
        """Each basis with its sender and its day."""
        for one in self.entries:
            category, sender, day = one.basis
            yield Piece(one.enterprise, category, sender, day, day)

    def payload(self) -> Any:
        """JSON-ready; the audit row keeps its digest."""
        return [one.as_json() for one in self.entries]


@dataclass(frozen=True)
class Entries:
    """The product: entries of the enterprises asked about, on one list ("": on all), on a day."""

    way: Way
    today: date
    list: str = ""
    words: str = ""  # digest of what was searched for
    name: ClassVar[str] = "list_entries"

    @property
    def kind(self) -> str:
        """Records: an entry says that one is there."""
        return "record"

    @property
    def parameters(self) -> dict[str, str | int]:
        """What the audit row keeps: never what somebody typed."""
        kept: dict[str, str | int] = {
            "product": self.name, "way": str(self.way), "day": self.today.isoformat(),
        }  # fmt: skip
        if self.list:
            kept["list"] = self.list
        if self.words:
            kept["words"] = self.words
        return kept

    def read(self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits) -> ShownEntries:
        """The entries that may be shown, the newest first."""
        rows = ListEntry.objects.select_related("enterprise").filter(enterprise__in=about)
        if self.list:
            rows = rows.filter(list=self.list)
        if self.way in (Way.PUBLIC, Way.WATCH):
            rows = rows.filter(state__in=DECIDED)
        known = book().lists
        wanted = [
            one
            for one in rows.order_by("-decided_on", "-pk")
            if one.list in known
            and permits.permit(one.enterprise_id, one.basis_category).allowed
            and (self.way is not Way.PUBLIC or public(known[one.list], one, self.today))
        ]
        found = standings(wanted, snapshot, self.today)
        shown = [
            self._shown(one, known[one.list], found[one.pk], snapshot)
            for one in wanted
            if self._may(one, found[one.pk], permits, snapshot)
        ]
        return ShownEntries(tuple(shown))

    def _may(
        self, one: ListEntry, standing: Standing, permits: Permits, snapshot: Snapshot
    ) -> bool:
        """Whether an entry is released: what is over only to those whose business it was."""
        if standing.row is None:
            return self.way is Way.OWN
        permit = permits.permit(one.enterprise_id, one.basis_category)
        _category, sender, day = _basis(one, standing, snapshot)
        if permit.partial and not permit.level_of(sender, day, day):
            return False
        return self.way is not Way.PUBLIC or stood(one, self.today)

    def _shown(
        self, one: ListEntry, on: CreditList, standing: Standing, snapshot: Snapshot
    ) -> ShownEntry:
        fields = set(on.publicity.fields) if self.way is Way.PUBLIC else None

        def field(name: str, value: Any, otherwise: Any) -> Any:
            return value if fields is None or name in fields else otherwise

        persons = () if self.way is Way.WATCH else one.responsible
        public_way = self.way is Way.PUBLIC
        state = one.state
        if state == "entered" and standing.basis is not Basis.STANDS:
            state = "suspended" if standing.basis is Basis.SUSPENDED else "ended"
        return ShownEntry(
            case="" if public_way else one.case,
            list=one.list,
            enterprise=one.enterprise_id,
            name=field("enterprise", one.enterprise.name, ""),
            code=field("code", one.enterprise.code, ""),
            state=state,
            ground=field("ground", one.ground, ""),
            department=field("department", one.department, ""),
            noticed_on=None if public_way else one.noticed_on,
            statement_until=None if public_way else one.statement_until,
            entered_on=field("entered_on", one.decided_on, None),
            shown_until=field("shown_until", one.shown_until, None),
            ended_on=one.ended_on,
            ended_by=one.ended_by or "",
            responsible=field(
                "responsible", tuple((each["name"], each["post"]) for each in persons), ()
            ),
            measures=() if public_way else _measures(one),
            basis=_basis(one, standing, snapshot),
        )


def stood(one: ListEntry, on: date) -> bool:
    """Whether an entry stood on a day, as far as its own days say."""
    if one.decided_on is None or one.shown_until is None or one.state == "suspended":
        return False
    return one.decided_on <= on <= one.shown_until and (one.ended_on is None or on < one.ended_on)


def public(on: CreditList, one: ListEntry, today: date) -> bool:
    """Whether an entry is for everybody to see: by its list, and by whose it is."""
    persons = not one.enterprise.personal or on.publicity.persons is not None
    return on.publicity.shown and persons and stood(one, today)


def _basis(one: ListEntry, standing: Standing, snapshot: Snapshot) -> tuple[str, str, date | None]:
    if standing.row is None:
        return one.basis_category, "", None
    batch = standing.row["batch"]
    info = snapshot.batch_infos([batch])[batch]
    return one.basis_category, info.department, standing.row["event_date"]


def _measures(one: ListEntry) -> tuple[ShownMeasure, ...]:
    rows = AppliedMeasure.objects.filter(entry=one).order_by("pk")
    return tuple(
        ShownMeasure(
            row.pk, row.measure, row.catalogue, row.department, row.state, row.from_on,
            row.until_on, row.why, row.effect, row.reported_on, row.ended_on,
        )
        for row in rows
    )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, ShownMeasure):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def _again(kept: Mapping[str, Any]) -> Entries:
    """The product of an audit row."""
    day = date.fromisoformat(kept["day"])
    return Entries(Way(kept["way"]), day, kept.get("list", ""), kept.get("words", ""))


files.reproduces(Entries.name, _again)
