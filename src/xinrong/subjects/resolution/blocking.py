"""Which names are compared at all: those that share a key that is not too common.

The keys are made from the same features on both roads, in Python for a single look-up and in SQL
for a batch; a test holds them equal. Equal folded names are found before and need none.
"""

from __future__ import annotations

from hashlib import blake2b

from xinrong.subjects.resolution.features import Features
from xinrong.subjects.resolution.levels import LONG_CORE

#: Between the parts of a key: no folded name holds it.
BAR = "|"
#: A trade name of one character says nothing.
LEAST_TRADE = 2
#: A key that more names of the register have tells nobody apart.
MOST = 60


def keys_of(one: Features, *, sent: bool) -> set[str]:
    """The keys of a name: as it was sent (`sent`) or as the register has it.

    - s: how core and branch sound, in its province: region, form and marks may differ;
    - a: the same anywhere, for a name that was sent without a region;
    - t: trade name and branch, in its province: the industry may differ;
    - d: the core with one character left out, when it is long: typing errors;
    - b: the first two characters of the trade name, when the name as sent is nothing but a trade
      name: short names.
    """
    branch, places = one.branch_sound, provinces(one, sent=sent)
    stems = [f"s{BAR}{one.sound}{BAR}{branch}"]
    if len(one.trade) >= LEAST_TRADE:
        stems.append(f"t{BAR}{one.trade}{BAR}{branch}")
        if not branch and (not sent or is_bare(one)):
            stems.append(f"b{BAR}{one.trade[:2]}{BAR}")
    if len(one.core) >= LONG_CORE:
        stems += [f"d{BAR}{text}{BAR}{branch}" for text in shortened(one.core)]
    keys = {f"{stem}{BAR}{place}" for stem in stems for place in places}
    if not (sent and one.region):
        keys.add(f"a{BAR}{one.sound}{BAR}{branch}")
    return keys


def provinces(one: Features, *, sent: bool) -> set[str]:
    """Where to look: the register's names without a region are looked at from everywhere."""
    if not sent:
        return {one.region[:2]}
    if one.region:
        return {one.region[:2], ""}
    return {"" if one.place else one.home[:2], ""}


def is_bare(one: Features) -> bool:
    """Is it nothing but a trade name, with or without its region?"""
    return not (one.form or one.industry or one.branch)


def shortened(core: str) -> set[str]:
    """The core itself, and with each one of its characters left out."""
    return {core} | {core[:place] + core[place + 1 :] for place in range(len(core))}


def digest(key: str) -> int:
    """A key as a number of 64 bits, always the same."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little")


#: `provinces` in SQL.
_SENT_PLACES = (
    "CASE WHEN region <> '' THEN [region[:2], ''] WHEN place <> '' OR home = '' THEN [''] "
    "ELSE [home[:2], ''] END"
)
_KNOWN_PLACES = "[region[:2]]"


def keys_in_sql(*, sent: bool) -> str:
    """`keys_of` in SQL, over the columns of the features: a list of numbers, some perhaps twice.

    The numbers are DuckDB's own: they mean nothing outside of it.
    """
    bare = "(form = '' AND industry = '' AND branch = '')" if sent else "TRUE"
    anywhere = "region = ''" if sent else "TRUE"
    return f"""
list_concat(
    flatten(list_transform({_SENT_PLACES if sent else _KNOWN_PLACES}, lambda spot:
        list_transform(list_concat(
            ['s{BAR}' || sound || '{BAR}' || branch_sound],
            CASE WHEN len(trade) >= {LEAST_TRADE}
                THEN ['t{BAR}' || trade || '{BAR}' || branch_sound] ELSE [] END,
            CASE WHEN len(trade) >= {LEAST_TRADE} AND branch_sound = '' AND {bare}
                THEN ['b{BAR}' || trade[:2] || '{BAR}'] ELSE [] END,
            CASE WHEN len(core) >= {LONG_CORE}
                THEN list_transform(
                    list_concat([core], list_transform(range(1, len(core) + 1),
                        lambda cut: core[:cut - 1] || core[cut + 1:])),
                    lambda text: 'd{BAR}' || text || '{BAR}' || branch_sound)
                ELSE [] END
        ), lambda stem: hash(stem || '{BAR}' || spot)))),
    CASE WHEN {anywhere} THEN [hash('a{BAR}' || sound || '{BAR}' || branch_sound)] ELSE [] END
)"""
