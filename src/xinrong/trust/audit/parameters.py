"""How a question was asked: what its audit row keeps, so that the same can be read again.

Ids, codes of the catalogue, days, places in a list and digests; never a value of a record and
never what somebody typed. Rows are kept for ten years and exported to outsiders: free text may
hold the name or the number of a person, so what the catalogue does not know becomes UNKNOWN_CODE,
and the words of a search become a digest that nobody can guess who lacks this platform's secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from hmac import digest

from django.conf import settings

from xinrong.trust.errors import GateFault

Parameter = str | int
Parameters = Mapping[str, Parameter]

#: So many parameters has a question at most; each text has at most 64 characters.
MOST = 12
#: Numbers that every reader of JSON keeps exactly.
LARGEST = 2**53
_NAME = re.compile(r"[a-z][a-z_]{0,31}", re.ASCII)
_TEXT = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}|\?", re.ASCII)


def kept(parameters: Parameters) -> dict[str, Parameter]:
    """The parameters as the row keeps them, sorted by name.

    Raises GateFault for anything that is no small number and no short code: a product that hands
    over more than that is a fault of ours, and no reason to write it down.
    """
    if len(parameters) > MOST:
        raise GateFault(f"a question has {len(parameters)} parameters; {MOST} are kept at most")
    for name, value in parameters.items():
        number = type(value) is int and abs(value) <= LARGEST
        code = isinstance(value, str) and _TEXT.fullmatch(value) is not None
        if not _NAME.fullmatch(name) or not (number or code):
            raise GateFault(f"the parameter {name[:32]!r} is no number and no code")
    return {name: parameters[name] for name in sorted(parameters)}


def words_digest(words: str) -> str:
    """The digest of what somebody searched for: HMAC-SHA-256 under this platform's secret.

    A plain digest of a name or a number could be found by trying all of them. This one tells,
    here, whether it was these words, and whether the same words were searched for again.
    """
    return digest(_secret(), words.encode(), "sha256").hex()


def _secret() -> bytes:
    return sha256(b"xinrong.trust.audit\0" + settings.SECRET_KEY.encode()).digest()
