"""Making subjects and linking them to their enterprises, in bulk.

`ensure_subjects` runs before the commit. `link_new` runs inside it, while every other writer
waits: it asks the database in one statement which subjects need anything at all, and writes only
what is new. Nothing is to be gained by calling it more often with less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from xinrong.domain.names import fold
from xinrong.subjects.bulk import do, run
from xinrong.subjects.judging.due import ask
from xinrong.subjects.models import EnterpriseKind, RegisterChange

LONGEST = 200
BATCH = 1_000


@dataclass(frozen=True, slots=True)
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


@dataclass(slots=True)
class _Needy:
    """A subject with a code about which something is to be written."""

    subject: int
    code: str
    given: str  # the name that this batch gives it; "" when none
    said: str  # the kind that the register says; "" when it does not
    enterprise: int | None
    name: str
    kind: str
    provisional: bool
    linked: bool
    remembered: bool
    folded: str = ""


_KNOWN = "SELECT r.place, s.id FROM {rows} CROSS JOIN subjects_subject AS s WHERE s.key = r.key"
# Sorted by key: two uploads that make the same subjects at once then wait for each other in one
# order. Where another upload was first, nothing is returned and its row is read instead.
_MAKE = (
    "INSERT INTO subjects_subject (key, code, name, department) "
    "SELECT r.key, r.code, r.name, r.department FROM {rows} WHERE true "
    "ON CONFLICT (key) DO NOTHING RETURNING key, id"
)


def ensure_subjects(identities: Sequence[Identity]) -> list[int]:
    """The subject number of each identity, in order; missing subjects are made."""
    keys = [identity.key for identity in identities]
    wanted = dict(zip(keys, identities, strict=True))
    found = numbers_of(list(wanted))
    if len(found) < len(wanted):
        rows = sorted(
            (key, one.code, one.name[:LONGEST], "" if one.code else one.department)
            for key, one in wanted.items()
            if key not in found
        )
        found.update(run(_MAKE, dict.fromkeys(("key", "code", "name", "department"), "text"), rows))
        if len(found) < len(wanted):
            found |= numbers_of([key for key in wanted if key not in found])
    return [found[key] for key in keys]


def numbers_of(keys: Sequence[str]) -> dict[str, int]:
    """The numbers of those keys that belong to a subject."""
    found = run(_KNOWN, {"place": "bigint", "key": "text"}, list(enumerate(keys)))
    return {keys[place]: pk for place, pk in found}


# The name is looked for under the enterprise of the subject's own code, whoever that is today:
# a merge or a split takes the names along without touching them.
_NEEDY = (
    "SELECT r.subject, s.code, r.name, {kind}, e.id, e.name, e.kind, e.provisional, "
    "EXISTS (SELECT 1 FROM subjects_identitylink AS l"
    " WHERE l.subject_id = s.id AND l.to_seq IS NULL) AS linked, n.id IS NOT NULL "
    "FROM {{rows}} CROSS JOIN subjects_subject AS s "
    "LEFT JOIN subjects_enterprise AS e ON e.code = s.code "
    "LEFT JOIN subjects_enterprisename AS n ON n.enterprise_id = e.id AND n.name = r.name "
    "WHERE s.id = r.subject AND (n.id IS NULL{register})"
)
_OF_REGISTER = (
    " OR (r.name <> '' AND (e.provisional OR e.name <> r.name))"
    " OR (r.kind <> '' AND e.kind <> r.kind)"
)


def link_new(
    names: Mapping[int, str],
    seq: int,
    *,
    register: bool,
    kinds: Mapping[int, str] | None = None,
    days: Mapping[int, date] | None = None,
) -> Linked:
    """Link subjects (number → the name that this batch gives them) as of `seq`.

    `kinds` (number → EnterpriseKind value) is read when a register feed says what they are, and
    `days` when it says since when. Whoever came with a name only, and whoever could be meant by a
    name that is new, is looked at in the background (see `judging`).
    """
    with transaction.atomic():
        coded, unlinked = _needy(names, kinds or {}, register=register)
        made = _create([one for one in coded if one.enterprise is None], register=register)
        known = [one for one in coded if one.enterprise and one.given] if register else []
        _confirm(known, seq, days or {})
        for one in coded:
            one.enterprise = one.enterprise or made[one.code]
        _link(coded, seq, "register" if register else "code")
        learnt = _remember(coded, seq)
        if unlinked or learnt:
            ask()
    return Linked(
        created=len(made) if register else 0,
        provisional=0 if register else len(made),
        confirmed=sum(one.provisional for one in known),
        unlinked=unlinked,
    )


def _needy(
    names: Mapping[int, str], kinds: Mapping[int, str], *, register: bool
) -> tuple[list[_Needy], int]:
    """Those with a code about which something is to be written; how many are linked to nobody.

    A name is remembered when its subject is linked: who has this one needs no second look.
    """
    columns = {"subject": "bigint", "name": "text"}
    given: list[tuple[int | str, ...]]
    if register:
        columns["kind"] = "text"
        given = [(one, names[one][:LONGEST], kinds.get(one, "")) for one in sorted(names)]
    else:
        given = [(one, names[one][:LONGEST]) for one in sorted(names)]
    statement = _NEEDY.format(
        kind="r.kind" if register else "''", register=_OF_REGISTER if register else ""
    )
    coded, unlinked = [], 0
    for row in run(statement, columns, given):
        one = _Needy(*row)
        if one.code:
            one.folded = fold(one.given)[:LONGEST]
            coded.append(one)
        elif not one.linked:
            unlinked += 1
    return coded, unlinked


_CREATE = (
    "INSERT INTO subjects_enterprise (code, name, folded_name, kind, provisional) "
    "SELECT r.code, r.name, r.folded_name, r.kind, {provisional} FROM {{rows}} WHERE true "
    "ON CONFLICT (code) DO NOTHING RETURNING code, id"
)
_BY_CODE = "SELECT e.code, e.id FROM {rows} JOIN subjects_enterprise AS e ON e.code = r.code"


def _create(unknown: Sequence[_Needy], *, register: bool) -> dict[str, int]:
    columns = dict.fromkeys(("code", "name", "folded_name", "kind"), "text")
    rows = sorted(
        (one.code, one.given or one.code, one.folded, one.said or kind_of_code(one.code))
        for one in unknown
    )
    statement = _CREATE.format(provisional="false" if register else "true")
    made: dict[str, int] = dict(run(statement, columns, rows))
    if len(made) < len(rows):
        others = [(code,) for code, *_ in rows if code not in made]
        made |= dict(run(_BY_CODE, {"code": "text"}, others))
    return made


_RENAME = (
    "UPDATE subjects_enterprise SET name = r.name, folded_name = r.folded_name, kind = r.kind, "
    "provisional = false FROM {rows} WHERE subjects_enterprise.id = r.id"
)


def _confirm(said: Sequence[_Needy], seq: int, days: Mapping[int, date]) -> None:
    """What the register says replaces what other feeds guessed; a new name becomes the name."""
    columns = {"id": "bigint", "name": "text", "folded_name": "text", "kind": "text"}
    rows = [(one.enterprise, one.given, one.folded, one.said or one.kind) for one in said]
    do(_RENAME, columns, rows)
    changes = []
    for one in said:
        assert one.enterprise is not None
        day = days.get(one.subject)
        changes += [
            RegisterChange(
                enterprise_id=one.enterprise, seq=seq, what=what, before=was, after=now, day=day
            )
            for what, was, now in (
                ("name", one.name, one.given),
                ("kind", one.kind, one.said or one.kind),
                ("provisional", "yes" if one.provisional else "no", "no"),
            )
            if was != now
        ]
    RegisterChange.objects.bulk_create(changes, batch_size=BATCH)


_LINK = (
    "INSERT INTO subjects_identitylink (subject_id, enterprise_id, from_seq, reason) "
    "SELECT r.subject, r.enterprise, {seq}, '{reason}' FROM {{rows}}"
)


def _link(coded: Sequence[_Needy], seq: int, reason: str) -> None:
    rows = [(one.subject, one.enterprise) for one in coded if not one.linked]
    do(
        _LINK.format(seq=int(seq), reason=reason),
        {"subject": "bigint", "enterprise": "bigint"},
        rows,
    )


_REMEMBER = (
    "INSERT INTO subjects_enterprisename (enterprise_id, name, folded_name, seq) "
    "SELECT r.enterprise, r.name, r.folded_name, {seq} FROM {{rows}} WHERE true "
    "ON CONFLICT (enterprise_id, name) DO NOTHING"
)


def _remember(coded: Sequence[_Needy], seq: int) -> bool:
    """Keep names that are new under their enterprises; whether there were any."""
    columns = {"enterprise": "bigint", "name": "text", "folded_name": "text"}
    new = [one for one in coded if one.given and not one.remembered]
    rows = [(one.enterprise, one.given, one.folded) for one in new]
    do(_REMEMBER.format(seq=int(seq)), columns, rows)
    return bool(rows)


def kind_of_code(code: str) -> str:
    """The kind that a code's first two characters name (GB 32100-2015, table 1)."""
    if code[:2] == "92":
        return EnterpriseKind.SOLE_TRADER
    if code[:2] == "93":
        return EnterpriseKind.COOPERATIVE
    if code[0] in "15":
        return EnterpriseKind.PUBLIC_BODY
    return EnterpriseKind.COMPANY
