"""Which names are compared at all: those that share a key.

The keys are made from the same features on both roads, in Python for a single look-up and in SQL
for a batch; a test holds them equal. Equal folded names are found before and need none.
"""

from __future__ import annotations

from xinrong.subjects.resolution.features import Features
from xinrong.subjects.resolution.levels import LONG_CORE

#: Between the parts of a key: no folded name holds it.
BAR = "|"
#: A trade name of one character says nothing.
LEAST_TRADE = 2


def keys_of(one: Features, *, sent: bool) -> set[str]:
    """The keys of a name: as it was sent (`sent`) or as the register has it.

    - how core and branch sound: region, form and marks may differ, and homophones;
    - trade name, province and branch: the industry may differ;
    - the core with one character left out, when it is long: typing errors;
    - the first two characters of the trade name, when the name as sent is nothing but a trade
      name (贵州茅台): short names.
    """
    branch, province = one.branch_sound, one.region[:2]
    keys = {f"s{BAR}{one.sound}{BAR}{branch}"}
    if len(one.trade) >= LEAST_TRADE:
        keys.add(f"t{BAR}{one.trade}{BAR}{province}{BAR}{branch}")
        if not branch and (not sent or is_bare(one)):
            keys.add(f"b{BAR}{one.trade[:2]}{BAR}{province}")
    if len(one.core) >= LONG_CORE:
        keys.update(f"d{BAR}{text}{BAR}{branch}" for text in shortened(one.core))
    return keys


def is_bare(one: Features) -> bool:
    """Is it nothing but a trade name, with or without its region?"""
    return not (one.form or one.industry or one.branch)


def shortened(core: str) -> set[str]:
    """The core itself, and with each one of its characters left out."""
    return {core} | {core[:place] + core[place + 1 :] for place in range(len(core))}


#: `keys_of` in SQL, over the columns of the features; {sent} is TRUE or FALSE.
KEYS = f"""
list_distinct(list_concat(
    [hash('s{BAR}' || sound || '{BAR}' || branch_sound)],
    CASE WHEN len(trade) >= {LEAST_TRADE}
        THEN [hash('t{BAR}' || trade || '{BAR}' || region[:2] || '{BAR}' || branch_sound)]
        ELSE [] END,
    CASE WHEN len(trade) >= {LEAST_TRADE} AND branch_sound = ''
            AND (NOT {{sent}} OR (form = '' AND industry = '' AND branch = ''))
        THEN [hash('b{BAR}' || trade[:2] || '{BAR}' || region[:2])] ELSE [] END,
    CASE WHEN len(core) >= {LONG_CORE}
        THEN list_transform(range(0, len(core) + 1), lambda place:
            hash('d{BAR}' || core[:place - 1] || core[place + 1:] || '{BAR}' || branch_sound))
        ELSE [] END
))
"""
