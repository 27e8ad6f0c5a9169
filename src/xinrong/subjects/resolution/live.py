"""Resolution against the names that the database holds: for subjects that came without a code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.conf import settings

from xinrong.catalogue.region import load_region
from xinrong.domain.uscc import read_code
from xinrong.subjects.bulk import run
from xinrong.subjects.mapping import links_at
from xinrong.subjects.models import Enterprise, Subject
from xinrong.subjects.nameindex import NameIndex, open_index
from xinrong.subjects.register.names import name_periods
from xinrong.subjects.resolution.comparing import CODE
from xinrong.subjects.resolution.directory import Held
from xinrong.subjects.resolution.keyindex import keys_of_segment
from xinrong.subjects.resolution.single import resolve_one
from xinrong.subjects.resolution.verdicts import Candidate, Named, Resolved
from xinrong.subjects.resolution.weights import weights

#: Names for which a batch takes as long as one look-up after the other, and how many more they
#: must be for each name of the register: a batch takes the whole register apart.
FEW, SHARE = 15_000, 1 / 12

_CODES = "SELECT e.id, e.code FROM {rows} CROSS JOIN subjects_enterprise AS e WHERE e.id = r.id"
# Whoever has the subject of an enterprise's own code answers for it.
_ANSWERING = (
    "SELECT r.id, l.enterprise_id FROM {rows} CROSS JOIN subjects_enterprise AS e "
    "JOIN subjects_subject AS s ON s.key = 'code:' || e.code "
    "JOIN subjects_identitylink AS l ON l.subject_id = s.id AND l.to_seq IS NULL "
    "WHERE e.id = r.id AND l.enterprise_id <> r.id"
)


class LiveDirectory:
    """Codes, periods and identity map of the database, as of now."""

    def codes(self, enterprises: Collection[int]) -> Mapping[int, str]:
        return dict(run(_CODES, {"id": "bigint"}, _rows(enterprises)))

    def held(self, enterprises: Collection[int], on: date | None) -> Held:
        found: dict[tuple[int, str], bool] = {}
        for one in name_periods(enterprises):
            if one.since is None and one.until is None:
                continue  # only other sources gave it: nobody knows when
            began = one.since is None or on is None or one.since <= on
            ended = one.until is not None and (on is None or one.until <= on)
            key = (one.enterprise, one.folded)
            found[key] = found.get(key, False) or (began and not ended)
        return found

    def answering(self, enterprises: Collection[int]) -> Mapping[int, int]:
        return dict(run(_ANSWERING, {"id": "bigint"}, _rows(enterprises)))


def _rows(numbers: Iterable[int]) -> list[tuple[int]]:
    return [(number,) for number in sorted(numbers)]


def version() -> str:
    """Which rules and weights these are: another version may say otherwise of the same names."""
    return weights().version


def home_region() -> str:
    """The GB/T 2260 code of what this deployment serves: its departments answer for that."""
    *_, last = load_region(settings.REGION).info.jurisdictions
    code = last.partition("-")[2]
    return code.ljust(6, "0") if code.isdigit() else ""


def prepare() -> None:
    """Make the keys of the index of names where they are missing, so that nobody waits for them."""
    for segment in open_index().segments:
        keys_of_segment(segment)


def resolve_names(
    named: Sequence[Named], *, on: date | None = None, index: NameIndex | None = None
) -> Iterator[Resolved]:
    """The outcome for each name, in order, one by one or, when they are many, in batch.

    A name without a region is taken as sent from the region that this deployment serves. `on`:
    the day on which the names were used, today when None.
    """
    home = home_region()
    asked = [one if one.region else replace(one, region=home) for one in named]
    index = index or open_index()
    directory = LiveDirectory()
    if len(asked) < FEW + SHARE * len(index):
        return (resolve_one(one, index, directory, on) for one in asked)
    from xinrong.subjects.resolution.batch import resolve_many  # Splink takes long to import

    return resolve_many(asked, list(_names(index)), directory=directory, on=on)


def resolve_subjects(subjects: Sequence[int], *, on: date | None = None) -> Iterator[Resolved]:
    """`resolve_names` for subjects by number, with the names as they were sent.

    Subjects with a code are passed over: they need no name. So are numbers that are none.
    """
    found = Subject.objects.in_bulk(list(subjects))
    named = [
        Named(one.pk, one.name, one.department)
        for number in subjects
        if (one := found.get(number)) is not None and not one.code
    ]
    return resolve_names(named, on=on)


def resolve_text(text: str, *, region: str = "", on: date | None = None) -> Resolved:
    """Who is meant by what somebody wrote: a code or, else, a name."""
    named = Named(0, text, region=region)
    reading = read_code(text)
    if reading.code:
        links = links_at(None, "default").filter(subject__key=f"code:{reading.code}")
        link = links.select_related("enterprise").first()
        found = link.enterprise if link else Enterprise.objects.filter(code=reading.code).first()
        if found is not None:
            return Resolved(named, CODE, Candidate(found.pk, found.name, CODE))
    (resolved,) = resolve_names([named], on=on)
    return resolved


def _names(index: NameIndex) -> Iterator[tuple[int, str]]:
    for segment in index.segments:
        for number in range(len(segment)):
            yield int(segment.enterprises[number]), segment.name(number)
