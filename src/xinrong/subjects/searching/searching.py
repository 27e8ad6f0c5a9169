"""Looking for enterprises by what somebody types: ranked, and each with why it was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from xinrong.subjects.mapping import links_at
from xinrong.subjects.models import Enterprise, EnterpriseName
from xinrong.subjects.nameindex import open_index
from xinrong.subjects.searching import passes
from xinrong.subjects.searching.passes import Pass, Typed
from xinrong.subjects.searching.types import Hit, Match

#: The best so many are shown, however one turns the pages: whoever needs more adds to the name.
DEEPEST = 500
#: Of what is typed no more is read.
LONGEST = 100
#: Matches of one pass, at least.
LEAST = 60

#: The passes in order, and the number of enterprises at which it is not tried any more. Who typed
#: a whole name or code gets no guesses.
_ALL = DEEPEST
_WHOLE = frozenset({"exact", "code"})
_PASSES: tuple[tuple[Pass, int], ...] = (
    (passes.by_code, _ALL),
    (passes.by_fragment, _ALL),
    (passes.by_words, _ALL),
    (passes.by_short_name, _ALL),
    (passes.by_pinyin, _ALL),
    (passes.by_same_sound, 5),
    (passes.by_slip, 5),
    (passes.by_likeness, 1),
)
#: The rank of each way, for a name that is held today and for another one.
_RANKS = {
    "code": (0, 1),
    "code_part": (1, 1),
    "exact": (2, 3),
    "beginning": (4, 7),
    "fragment": (5, 8),
    "words": (6, 9),
    "short": (10, 11),
    "pinyin": (12, 13),
    "initials": (12, 13),
    "alike": (14, 15),
    "wrong": (16, 17),
    "extra": (16, 17),
    "swapped": (16, 17),
    "near": (18, 19),
}


def search(text: str, limit: int = 20, start: int = 0) -> list[Hit]:
    """Enterprises that may be meant by a text, the likeliest first; `start` are passed over.

    By code (whole, or a fragment of four signs or more), by any fragment of a present or former
    name, by words in any order, by short name, pinyin or initials, by a name that sounds the same,
    with one slip, and by likeness. What belongs to an enterprise that is part of another leads to
    that one: `matched_text` says which code or name was met.
    """
    typed = Typed.of(text[:LONGEST])
    if not typed.folded or limit < 1:
        return []
    need = min(start + limit, DEEPEST)
    index = open_index()
    most = max(LEAST, 2 * need)
    found: list[Match] = []
    for look, enough in _PASSES:
        met = {one.enterprise for one in found}
        whole = any(one.how in _WHOLE for one in found)
        if len(met) >= min(need, 1 if whole and enough < _ALL else enough):
            break
        found += look(index, typed, most)
    return _answered(found)[start:need]


@dataclass(frozen=True)
class _Owner:
    """Who answers today for the enterprise with which a name or code came."""

    row: Enterprise
    own: bool  # it is that enterprise itself


def _answered(found: Iterable[Match]) -> list[Hit]:
    """Matches as hits of the enterprises that answer for them, each once, in order."""
    matches = list(found)
    owners = _owners({one.enterprise for one in matches})
    matches = [one for one in matches if one.enterprise in owners]
    matches = _still_held(matches, owners)
    ranked = sorted(
        ((_rank(one, owners[one.enterprise]), one) for one in matches), key=lambda pair: pair[0]
    )
    hits: dict[int, Hit] = {}
    for _, one in ranked:
        owner = owners[one.enterprise]
        hits.setdefault(owner.row.pk, _hit(one, owner))
    return list(hits.values())


def _owners(enterprises: set[int]) -> dict[int, _Owner]:
    rows = Enterprise.objects.in_bulk(list(enterprises))
    keys = {f"code:{row.code}": pk for pk, row in rows.items()}
    links = links_at(None, "default").filter(subject__key__in=keys)
    moved = links.exclude(subject__code=F("enterprise__code"))
    owners = {pk: _Owner(row, own=True) for pk, row in rows.items()}
    for link in moved.select_related("subject", "enterprise"):
        owners[keys[link.subject.key]] = _Owner(link.enterprise, own=False)
    return owners


def _still_held(matches: list[Match], owners: dict[int, _Owner]) -> list[Match]:
    """Without names that are in the index and not in the register any more: forgotten ones."""
    doubtful = {one.enterprise for one in matches if not one.is_code and not _present(one, owners)}
    held = set(
        EnterpriseName.objects.filter(enterprise__in=doubtful).values_list("enterprise", "name")
    )
    return [
        one
        for one in matches
        if one.enterprise not in doubtful
        or one.is_code
        or _present(one, owners)
        or (one.enterprise, one.text) in held
    ]


def _present(match: Match, owners: dict[int, _Owner]) -> bool:
    owner = owners[match.enterprise]
    return owner.own and owner.row.name == match.text


def _rank(match: Match, owner: _Owner) -> tuple[float, ...]:
    today = owner.own and (match.is_code or owner.row.name == match.text)
    return (_RANKS[match.how][0 if today else 1], owner.row.cancelled, *match.order, owner.row.pk)


def _hit(match: Match, owner: _Owner) -> Hit:
    row = owner.row
    if match.is_code:
        matched = "code" if owner.own else "other_code"
    else:
        matched = "name" if owner.own and row.name == match.text else "former_name"
    return Hit(
        enterprise=row.pk,
        code=row.code,
        name=row.name,
        kind=row.kind,
        provisional=row.provisional,
        matched=matched,
        matched_text=match.text,
        how=match.how,
        marks=match.spans,
        cancelled=row.cancelled,
    )
