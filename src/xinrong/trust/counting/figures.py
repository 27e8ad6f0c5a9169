"""From a count to the figure that is shown: none under ten, rounded to tens, one firm drowned.

Rounding alone does not hide one firm: who knows all others sets them so that the one decides
between two tens. So each draft has an amount of its own that is added before rounding, drawn from
a secret of the platform and from the draft's conditions. The same draft always gives the same
figure, so that asking again tells nothing; another draft draws anew, so that the difference of
two figures does not tell whether a firm is in one and not in the other.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from math import exp, floor, log

#: No count under this is shown.
FLOOR = 10
#: Figures are multiples of this.
STEP = 10
#: How wide the amounts scatter: one firm changes the odds of any figure by a factor of at most
#: e^(1/SPREAD), that is 1.28.
SPREAD = 4.0
#: No amount is larger: beyond it lies less than one draw in a thousand.
WIDEST = 30


def figure_of(count: int, draft: bytes, secret: bytes) -> int | None:
    """The figure shown for a count of enterprises; None: fewer than can be shown.

    `draft` is the canonical spelling of its conditions. Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("nothing is counted below zero")
    if count < FLOOR:
        return None
    near = STEP * floor((count + amount_of(draft, secret)) / STEP + 0.5)
    return near if near >= FLOOR else None


def amount_of(draft: bytes, secret: bytes) -> int:
    """What is added to the count of a draft before rounding; of a two-sided geometric law."""
    digest = hmac.new(secret, draft, sha256).digest()
    sign = 1 if digest[0] & 1 else -1
    share = (int.from_bytes(digest[1:9]) + 0.5) / 2**64  # between 0 and 1, neither of them
    ratio = exp(-1 / SPREAD)
    none = (1 - ratio) / (1 + ratio)  # the odds of adding nothing
    if share < none:
        return 0
    left = (1 - share) / (1 - none)  # uniform again: how far out on the side of the sign
    return sign * min(1 + floor(log(left) / log(ratio)), WIDEST)
