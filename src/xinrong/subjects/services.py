"""Verbs on subjects and enterprises.

A *subject* is an identity as a source sent it. `ensure_subjects` makes them, in bulk and
idempotently; `link_new`, inside the commit's transaction, links those with a code to their
enterprise, and makes the enterprise: in full from a register feed, provisional from any other.
A subject with only a name stays unlinked, is counted on the receipt and shown in no file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from xinrong.domain.names import fold
from xinrong.domain.uscc import read_code
from xinrong.subjects.errors import UnknownEnterprise
from xinrong.subjects.models import (
    Enterprise,
    EnterpriseKind,
    EnterpriseName,
    IdentityLink,
    Subject,
)

CHUNK = 500


@dataclass(frozen=True)
class Identity:
    """Whose record a row is, as its department wrote it: a checked code, else a name."""

    code: str
    name: str
    department: str

    @property
    def key(self) -> str:
        """The permanent key of the subject."""
        if self.code:
            return f"code:{self.code}"
        return f"name:{self.department}:{fold(self.name)}"


@dataclass(frozen=True)
class Linked:
    """What `link_new` did."""

    created: int  # enterprises made in full
    provisional: int  # enterprises made because another feed sent a valid code
    confirmed: int  # provisional ones that the register now knows
    unlinked: int  # subjects with a name only


@dataclass(frozen=True)
class Hit:
    """One answer of a search."""

    enterprise: int
    code: str
    name: str
    kind: str
    provisional: bool
    matched: str  # code, name, former_name
    matched_text: str


def ensure_subjects(identities: Sequence[Identity]) -> list[int]:
    """The subject number of each identity, in order; missing subjects are made."""
    wanted = {identity.key: identity for identity in identities}
    found = _numbers(wanted)
    missing = [identity for key, identity in wanted.items() if key not in found]
    if missing:
        rows = [
            Subject(
                key=identity.key,
                code=identity.code,
                name=identity.name[:200],
                department="" if identity.code else identity.department,
            )
            for identity in missing
        ]
        # Another upload may make the same subject at the same moment: its row is then ours too.
        Subject.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)
        found |= _numbers([identity.key for identity in missing])
    return [found[identity.key] for identity in identities]


def _numbers(keys: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in _chunks(list(keys)):
        found.update(Subject.objects.filter(key__in=part).values_list("key", "pk"))
    return found


def link_new(
    names: Mapping[int, str], seq: int, *, register: bool, kinds: Mapping[int, str] | None = None
) -> Linked:
    """Link subjects (number → the name that this batch gives them) as of `seq`.

    `kinds` (number → EnterpriseKind value) is read when a register feed says what they are.
    """
    with transaction.atomic():
        subjects = _load(list(names))
        coded = {pk: subject for pk, subject in subjects.items() if subject.code}
        enterprises = _enterprises([subject.code for subject in coded.values()])
        made = _create(coded, names, enterprises, kinds or {}, register=register)
        confirmed = _confirm(coded, names, enterprises, kinds or {}) if register else 0
        _link(coded, enterprises | made, seq, "register" if register else "code")
        _remember_names(coded, names, enterprises | made, seq)
    return Linked(
        created=len(made) if register else 0,
        provisional=0 if register else len(made),
        confirmed=confirmed,
        unlinked=len(subjects) - len(coded),
    )


def _load(numbers: Sequence[int]) -> dict[int, Subject]:
    found: dict[int, Subject] = {}
    for part in _chunks(numbers):
        found.update(Subject.objects.in_bulk(part))
    return found


def _enterprises(codes: Sequence[str]) -> dict[str, Enterprise]:
    found: dict[str, Enterprise] = {}
    for part in _chunks(codes):
        found.update({row.code: row for row in Enterprise.objects.filter(code__in=part)})
    return found


def _create(
    coded: Mapping[int, Subject],
    names: Mapping[int, str],
    known: Mapping[str, Enterprise],
    kinds: Mapping[int, str],
    *,
    register: bool,
) -> dict[str, Enterprise]:
    rows = {
        subject.code: Enterprise(
            code=subject.code,
            name=names[pk][:200] or subject.code,
            folded_name=fold(names[pk])[:200],
            kind=kinds.get(pk) or kind_of_code(subject.code),
            provisional=not register,
        )
        for pk, subject in coded.items()
        if subject.code not in known
    }
    Enterprise.objects.bulk_create(rows.values(), batch_size=CHUNK, ignore_conflicts=True)
    return _enterprises(list(rows))


def _confirm(
    coded: Mapping[int, Subject],
    names: Mapping[int, str],
    known: Mapping[str, Enterprise],
    kinds: Mapping[int, str],
) -> int:
    """What the register says replaces what other feeds guessed; a new name becomes the name."""
    changed, confirmed = [], 0
    for pk, subject in coded.items():
        enterprise = known.get(subject.code)
        if enterprise is None or not names[pk]:
            continue
        if enterprise.provisional:
            confirmed += 1
        if enterprise.provisional or enterprise.name != names[pk]:
            enterprise.name, enterprise.folded_name = names[pk][:200], fold(names[pk])[:200]
            enterprise.kind = kinds.get(pk) or enterprise.kind
            enterprise.provisional = False
            changed.append(enterprise)
    Enterprise.objects.bulk_update(
        changed, ["name", "folded_name", "kind", "provisional"], batch_size=CHUNK
    )
    return confirmed


def _link(
    coded: Mapping[int, Subject], enterprises: Mapping[str, Enterprise], seq: int, reason: str
) -> None:
    linked: set[int] = set()
    for part in _chunks(list(coded)):
        open_links = IdentityLink.objects.filter(subject__in=part, to_seq=None)
        linked.update(open_links.values_list("subject_id", flat=True))
    IdentityLink.objects.bulk_create(
        [
            IdentityLink(
                subject=subject, enterprise=enterprises[subject.code], from_seq=seq, reason=reason
            )
            for pk, subject in coded.items()
            if pk not in linked
        ],
        batch_size=CHUNK,
    )


def _remember_names(
    coded: Mapping[int, Subject],
    names: Mapping[int, str],
    enterprises: Mapping[str, Enterprise],
    seq: int,
) -> None:
    rows = [
        EnterpriseName(
            enterprise=enterprises[subject.code],
            name=names[pk][:200],
            folded_name=fold(names[pk])[:200],
            seq=seq,
        )
        for pk, subject in coded.items()
        if names[pk]
    ]
    EnterpriseName.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)


def kind_of_code(code: str) -> str:
    """The kind that a code's first two characters name (GB 32100-2015, table 1)."""
    if code[:2] == "92":
        return EnterpriseKind.SOLE_TRADER
    if code[:2] == "93":
        return EnterpriseKind.COOPERATIVE
    if code[0] in "15":
        return EnterpriseKind.PUBLIC_BODY
    return EnterpriseKind.COMPANY


def subjects_of(
    enterprises: Sequence[int], *, seq: int | None = None, using: str = "default"
) -> dict[int, list[int]]:
    """Enterprise → the subjects that it is, by the identity map as of `seq` (now when None)."""
    links = IdentityLink.objects.using(using).filter(enterprise__in=list(enterprises))
    if seq is None:
        links = links.filter(to_seq=None)
    else:
        links = links.filter(Q(to_seq=None) | Q(to_seq__gt=seq), from_seq__lte=seq)
    found: dict[int, list[int]] = {enterprise: [] for enterprise in enterprises}
    for enterprise, subject in links.order_by("subject").values_list("enterprise", "subject"):
        found[enterprise].append(subject)
    return found


def enterprise_by_code(code: str) -> Enterprise:
    """The enterprise with that unified social credit code. Raises UnknownEnterprise."""
    reading = read_code(code)
    found = Enterprise.objects.filter(code=reading.code).first() if reading.code else None
    if found is None:
        raise UnknownEnterprise(
            f"no enterprise here has the code {code!r}",
            remedy="Check the 18 characters, or search by name.",
        )
    return found


def enterprise_by_id(number: int, *, using: str = "default") -> Enterprise:
    """The enterprise with that number. Raises UnknownEnterprise."""
    found = Enterprise.objects.using(using).filter(pk=number).first()
    if found is None:
        raise UnknownEnterprise(f"there is no enterprise number {number}")
    return found


def enterprises_of_subjects(subjects: Sequence[int]) -> list[Enterprise]:
    """The enterprises that these subjects are now, in the subjects' order, each once."""
    linked: dict[int, Enterprise] = {}
    for part in _chunks(subjects):
        links = IdentityLink.objects.filter(subject__in=part, to_seq=None)
        linked |= {link.subject_id: link.enterprise for link in links.select_related("enterprise")}
    found = {linked[number].pk: linked[number] for number in subjects if number in linked}
    return list(found.values())


def names_of_enterprise(
    enterprise: int, *, seq: int, using: str = "default"
) -> list[tuple[str, int]]:
    """(name, seq of the commit that brought it first), oldest first, as known at `seq`."""
    found = EnterpriseName.objects.using(using).filter(enterprise=enterprise, seq__lte=seq)
    return list(found.order_by("seq", "pk").values_list("name", "seq"))


def names_of_subjects(subjects: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Subject → (code, name) as first sent: for counterparties on a page."""
    found: dict[int, tuple[str, str]] = {}
    for part in _chunks(list(subjects)):
        rows = Subject.objects.filter(pk__in=part).values_list("pk", "code", "name")
        found.update({pk: (code, name) for pk, code, name in rows})
    return found


def count_enterprises() -> dict[str, int]:
    """How many enterprises there are, and how many subjects are linked to none."""
    linked = IdentityLink.objects.filter(to_seq=None).values("subject")
    return {
        "enterprises": Enterprise.objects.count(),
        "provisional": Enterprise.objects.filter(provisional=True).count(),
        "unlinked_subjects": Subject.objects.filter(code="").exclude(pk__in=linked).count(),
    }


def search(text: str, limit: int = 20) -> list[Hit]:
    """Enterprises whose code begins with, or whose name or former name contains, the text.

    Ranked: exact name, name that begins with the text, name that contains it, former names.
    """
    folded = fold(text)
    if not folded:
        return []
    hits: dict[int, Hit] = {}
    for row in _by_code(folded, limit) + _by_name(folded, limit):
        hits.setdefault(row.enterprise, row)
    if len(hits) < limit:
        for row in _by_former_name(folded, limit):
            hits.setdefault(row.enterprise, row)
    return list(hits.values())[:limit]


def _by_code(folded: str, limit: int) -> list[Hit]:
    if len(folded) < 4 or not folded.isascii():
        return []
    found = Enterprise.objects.filter(code__startswith=folded).order_by("code")[:limit]
    return [_hit(row, "code", row.code) for row in found]


def _by_name(folded: str, limit: int) -> list[Hit]:
    begins = Enterprise.objects.filter(folded_name__startswith=folded)
    contains = Enterprise.objects.filter(folded_name__contains=folded)
    found = list(begins.order_by("folded_name")[:limit])
    if len(found) < limit:
        found += list(contains.order_by("folded_name")[:limit])
    found.sort(key=lambda row: (row.folded_name != folded, len(row.folded_name)))
    found.sort(key=lambda row: not row.folded_name.startswith(folded))
    return [_hit(row, "name", row.name) for row in found]


def _by_former_name(folded: str, limit: int) -> list[Hit]:
    found = EnterpriseName.objects.filter(folded_name__contains=folded)
    rows = found.select_related("enterprise").order_by("folded_name")[:limit]
    return [_hit(row.enterprise, "former_name", row.name) for row in rows]


def _hit(row: Enterprise, matched: str, text: str) -> Hit:
    return Hit(row.pk, row.code, row.name, row.kind, row.provisional, matched, text)


def _chunks[T](items: Sequence[T]) -> list[Sequence[T]]:
    return [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
